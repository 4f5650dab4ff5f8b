// A page's main query: its skeleton, its error in the API's words with a way on, or what it answered. What was read
// before stays while it is read again.

import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ErrorBanner } from './error-banner.tsx'
import { Waiting } from './waiting.tsx'

interface Answer<Data> {
  readonly query: Pick<UseQueryResult<Data>, 'data' | 'error'>
  readonly children: (data: Data) => ReactNode
}

export function Answered<Data>({ query: { data, error }, children }: Answer<Data>) {
  if (data !== undefined) return children(data)
  return error === null ? <Waiting /> : <ErrorBanner error={error} />
}
