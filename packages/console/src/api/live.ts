// One stream of events for the project that is looked at. Whatever it tells makes what is shown of that project old, so
// that it is read again; the browser itself comes again where a stream was cut.

import { routes } from '@postern/contract/routes'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { client } from './client.ts'

/** Many things change at once where one wish is fulfilled. */
const gatherMs = 150

let streaming = false
export const isStreaming = (): boolean => streaming

export function useLiveGroup(groupId: string | undefined): void {
  const queries = useQueryClient()
  useEffect(() => {
    if (groupId === undefined) return
    const source = new EventSource(routes.streamGroupEvents.path.replace('{groupId}', encodeURIComponent(groupId)))
    let gathering: number | undefined
    const refresh = (): void => {
      gathering ??= window.setTimeout(() => {
        gathering = undefined
        void queries.invalidateQueries({ predicate: ({ queryKey }) => groupOf(queryKey[1]) === groupId })
      }, gatherMs)
    }
    source.addEventListener('open', () => {
      // What happened while there was no stream is unknown.
      if (!streaming) refresh()
      streaming = true
    })
    source.addEventListener('error', () => {
      streaming = false
      // A stream is cut for many reasons; asking tells whether there is anybody at all.
      client.call('getSession').catch(() => {})
    })
    source.addEventListener('message', refresh)
    source.addEventListener('changed', refresh)
    return () => {
      streaming = false
      source.close()
      window.clearTimeout(gathering)
    }
  }, [groupId, queries])
}

const groupOf = (request: unknown): string | undefined =>
  (request as { readonly params?: { readonly groupId?: string } } | undefined)?.params?.groupId
