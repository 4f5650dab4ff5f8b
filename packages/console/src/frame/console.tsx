// Who is signed in decides what is shown: the log-in page in place of any other, or the frame with its pages.

import { useQuery } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { useState } from 'react'
import { sessionQuery } from '../api/session.ts'
import { LogInByLink } from '../pages/log-in/by-link.tsx'
import { linkOf } from '../pages/log-in/link.ts'
import { LogInPage } from '../pages/log-in/page.tsx'
import { AwayBanner } from './away-banner.tsx'
import { router } from './router.tsx'

export function Console() {
  const { data: session } = useQuery(sessionQuery)
  const [link, setLink] = useState(() => linkOf(window.location))
  if (session === undefined) return <AwayBanner />
  if (link !== null) return <LogInByLink link={link} username={session?.username} onDone={() => setLink(null)} />
  return session === null ? <LogInPage /> : <RouterProvider router={router} />
}
