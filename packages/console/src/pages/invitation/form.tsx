// What accepting an invitation takes: of a new account a name and a password, of an old one its password.

import { Banner, Variant } from '@leafygreen-ui/banner'
import Button from '@leafygreen-ui/button'
import { TextInput } from '@leafygreen-ui/text-input'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { call } from '../../api/operation.ts'
import { fieldProblem, sentenceOf } from '../../api/sentence.ts'
import { useSignIn } from '../../api/session.ts'
import { useTold } from '../../api/told.ts'
import { working } from '../../frame/working.tsx'
import styles from '../log-in/log-in.module.css'
import type { Invitation } from './told.ts'

interface FormProps {
  readonly token: string
  readonly invitation: Invitation
  readonly onAccepted: () => void
  /** Accepted, and logged in. */
  readonly onDone: () => void
}

export function AcceptForm({ token, invitation: { username, hasAccount }, onAccepted, onDone }: FormProps) {
  const [fields, setFields] = useState({ firstName: '', lastName: '', password: '' })
  const accept = useMutation({
    mutationFn: (wish: typeof fields) =>
      call('acceptInvitation', {
        body: { invitationToken: token, ...(hasAccount ? { password: wish.password } : wish) },
      }),
  })
  const signIn = useSignIn()
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    // What was accepted stays so, also where logging in is asked for once more.
    if (!accept.isSuccess) await accept.mutateAsync(fields)
    onAccepted()
    await signIn.mutateAsync({ username, password: fields.password })
    onDone()
  }
  const refusal = useTold(accept, fields)
  const error = refusal ?? signIn.error
  const isAtField = Object.keys(fields).some((name) => fieldProblem(refusal, name) !== undefined)
  const field = (name: keyof typeof fields) => {
    const problem = fieldProblem(refusal, name)
    return {
      id: `accept-${name}`,
      value: fields[name],
      onChange: ({ target }: { readonly target: { readonly value: string } }) =>
        setFields({ ...fields, [name]: target.value }),
      state: problem === undefined ? 'none' : 'error',
      errorMessage: problem,
    } as const
  }
  return (
    <form className={styles.form} onSubmit={(event) => void send(event).catch(() => {})} noValidate>
      {error !== null && !isAtField && (
        <Banner variant={Variant.Danger} role="alert">
          {sentenceOf(error)}
        </Banner>
      )}
      <TextInput id="accept-username" label="Email Address" autoComplete="username" readOnly value={username} />
      {!hasAccount && (
        <>
          <TextInput label="First Name" autoComplete="given-name" {...field('firstName')} />
          <TextInput label="Last Name" autoComplete="family-name" {...field('lastName')} />
        </>
      )}
      <TextInput
        label="Password"
        type="password"
        autoComplete={hasAccount ? 'current-password' : 'new-password'}
        description={
          hasAccount ? 'The one that your account has' : 'At least 8 characters; you log in with it from now on'
        }
        {...field('password')}
      />
      <Button type="submit" variant="primary" {...working(accept.isPending || signIn.isPending, 'Accept Invitation')}>
        Accept Invitation
      </Button>
    </form>
  )
}
