// Who is signed in decides what is shown: the log-in page in place of any other, or the frame with its pages.

import { useQuery } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { sessionQuery } from '../api/session.ts'
import { LogInPage } from '../pages/log-in/page.tsx'
import { AwayBanner } from './away-banner.tsx'
import { router } from './router.tsx'

export function Console() {
  const { data: session } = useQuery(sessionQuery)
  if (session === undefined) return <AwayBanner />
  return session === null ? <LogInPage /> : <RouterProvider router={router} />
}
