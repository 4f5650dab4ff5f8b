// A session that ends under somebody's hands: they sign in over the page, and what they had filled in is still there.

import Modal from '@leafygreen-ui/modal'
import { Body, H3 } from '@leafygreen-ui/typography'
import { useQuery } from '@tanstack/react-query'
import { useConnection } from '../../api/connection.ts'
import { sessionQuery } from '../../api/session.ts'
import { LogInForm } from './form.tsx'

export function SignInAgain() {
  const { signedOut } = useConnection()
  const { data: session } = useQuery(sessionQuery)
  return (
    <Modal open={signedOut} shouldClose={() => false} size="small">
      <H3 as="h2">Log in again</H3>
      <Body>Your session has ended. What you have entered is still here.</Body>
      <LogInForm username={session?.username ?? ''} />
    </Modal>
  )
}
