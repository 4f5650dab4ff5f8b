// Who is signed in decides what is shown: the log-in page in place of any other, or the frame with its pages. An invitation
// is accepted before one is anybody.

import { useQuery } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { sessionQuery } from '../api/session.ts'
import { invitationOf } from '../pages/invitation/token.ts'
import { LogInByLink } from '../pages/log-in/by-link.tsx'
import { linkOf } from '../pages/log-in/link.ts'
import { LogInPage } from '../pages/log-in/page.tsx'
import { AwayBanner } from './away-banner.tsx'
import { router } from './router.tsx'

/** Once in a person's life. */
const AcceptInvitation = lazy(async () => ({
  default: (await import('../pages/invitation/accept.tsx')).AcceptInvitation,
}))

export function Console() {
  const { data: session } = useQuery(sessionQuery)
  const [link, setLink] = useState(() => linkOf(window.location))
  const [invitation, setInvitation] = useState(() => invitationOf(window.location))
  if (session === undefined) return <AwayBanner />
  if (link !== null) return <LogInByLink link={link} username={session?.username} onDone={() => setLink(null)} />
  if (invitation !== null)
    return (
      <Suspense>
        <AcceptInvitation token={invitation} loggedIn={session?.username} onDone={() => setInvitation(null)} />
      </Suspense>
    )
  return session === null ? <LogInPage /> : <RouterProvider router={router} />
}
