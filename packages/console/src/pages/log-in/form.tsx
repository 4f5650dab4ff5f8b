// E-mail and password, on the log-in page and in the dialog over a page whose session ended.

import Button from '@leafygreen-ui/button'
import { TextInput } from '@leafygreen-ui/text-input'
import { useState } from 'react'
import { useSignIn } from '../../api/session.ts'
import { ErrorBanner } from '../../frame/error-banner.tsx'
import { working } from '../../frame/working.tsx'
import styles from './log-in.module.css'

/** Loaded before anything else, so that its two fields do without a library for forms. */
export function LogInForm({ username: known = '' }: { readonly username?: string }) {
  const [username, setUsername] = useState(known)
  const [password, setPassword] = useState('')
  const signIn = useSignIn()
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        signIn.mutate({ username, password })
      }}
    >
      {signIn.error !== null && <ErrorBanner error={signIn.error} />}
      <TextInput
        id="username"
        label="Email Address"
        type="email"
        autoComplete="username"
        value={username}
        onChange={({ target }) => setUsername(target.value)}
      />
      <TextInput
        id="password"
        label="Password"
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={({ target }) => setPassword(target.value)}
      />
      <Button type="submit" variant="primary" {...working(signIn.isPending, 'Log In')}>
        Log In
      </Button>
    </form>
  )
}
