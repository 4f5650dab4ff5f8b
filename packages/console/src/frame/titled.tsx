// A page under its title, `page | project | Postern`, with a skeleton while its code or its first answer is on its way.

import { type ReactNode, Suspense, useEffect } from 'react'
import { useGroup } from './place.ts'
import { Waiting } from './waiting.tsx'

export function Titled({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const name = useGroup()?.name
  useEffect(() => {
    document.title = [title, name, 'Postern'].filter(Boolean).join(' | ')
  }, [title, name])
  return <Suspense fallback={<Waiting />}>{children}</Suspense>
}
