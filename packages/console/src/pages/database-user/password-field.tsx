// A password that is typed, or made. What was made is shown, to be copied: it never comes back from the server.

import Button from '@leafygreen-ui/button'
import { TextInput } from '@leafygreen-ui/text-input'
import { useState } from 'react'
import { Copied } from '../../frame/copied.tsx'
import { randomBytes, securePassword } from '../connect/password.ts'
import styles from './database-user.module.css'

interface FieldProps {
  readonly isNew: boolean
  readonly value: string
  readonly onChange: (password: string) => void
  readonly state: 'none' | 'error'
  readonly errorMessage: string | undefined
}

export function PasswordField({ isNew, value, onChange, state, errorMessage }: FieldProps) {
  const [made, setMade] = useState('')
  const make = (): void => {
    const password = securePassword(randomBytes)
    setMade(password)
    onChange(password)
  }
  return (
    <>
      <TextInput
        id="db-password"
        label="Password"
        type="password"
        autoComplete="new-password"
        description={isNew ? 'At least 8 characters' : 'Leave it empty to keep the password that it has'}
        value={value}
        onChange={({ target }) => onChange(target.value)}
        state={state}
        errorMessage={errorMessage}
      />
      <div>
        <Button type="button" size="small" onClick={make}>
          Autogenerate Secure Password
        </Button>
      </div>
      {made !== '' && made === value && (
        <div role="status">
          <Copied text={made} what="password" />
          <div className={styles.quiet}>Copy it now: it is not shown again.</div>
        </div>
      )}
    </>
  )
}
