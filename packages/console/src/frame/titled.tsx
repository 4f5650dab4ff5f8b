// A page under its title, `page | project or organization | Postern`, with a skeleton while its code or its first answer
// is on its way.

import { useParams } from '@tanstack/react-router'
import { type ReactNode, Suspense, useEffect } from 'react'
import { useGroup, useOrg } from './place.ts'
import { Waiting } from './waiting.tsx'

/** `$name` in a title is a parameter of the path. */
export function Titled({ title: pattern, children }: { readonly title: string; readonly children: ReactNode }) {
  const params = useParams({ strict: false }) as Readonly<Record<string, string>>
  const title = pattern.replace(/\$(\w+)/g, (_, parameter: string) => params[parameter] ?? '')
  const group = useGroup()
  const org = useOrg()
  const name = group?.name ?? org?.name
  useEffect(() => {
    document.title = [title, name, 'Postern'].filter(Boolean).join(' | ')
  }, [title, name])
  return <Suspense fallback={<Waiting />}>{children}</Suspense>
}
