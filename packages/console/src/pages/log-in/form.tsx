// E-mail and password, on the log-in page and in the dialog over a page whose session ended.

import { Banner, Variant } from '@leafygreen-ui/banner'
import Button from '@leafygreen-ui/button'
import { TextInput } from '@leafygreen-ui/text-input'
import { useForm } from 'react-hook-form'
import { sentenceOf } from '../../api/sentence.ts'
import { useSignIn } from '../../api/session.ts'
import styles from './log-in.module.css'

interface Fields {
  readonly username: string
  readonly password: string
}

export function LogInForm({ username = '' }: { readonly username?: string }) {
  const { register, handleSubmit } = useForm<Fields>({ defaultValues: { username, password: '' } })
  const signIn = useSignIn()
  return (
    <form className={styles.form} onSubmit={handleSubmit((fields) => signIn.mutate(fields))}>
      {signIn.error !== null && <Banner variant={Variant.Danger}>{sentenceOf(signIn.error)}</Banner>}
      <TextInput id="username" label="Email Address" type="email" autoComplete="username" {...register('username')} />
      <TextInput
        id="password"
        label="Password"
        type="password"
        autoComplete="current-password"
        {...register('password')}
      />
      <Button type="submit" variant="primary" isLoading={signIn.isPending}>
        Log In
      </Button>
    </form>
  )
}
