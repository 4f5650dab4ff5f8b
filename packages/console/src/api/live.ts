// One stream of events for the project or the organization that is looked at. Whatever it tells makes what is shown of it
// old, so that it is read again.

import { routes } from '@postern/contract/routes'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { client } from './client.ts'
import { connectionNow } from './connection.ts'
import { followStream } from './follow-stream.ts'

/** Many things change at once where one wish is fulfilled. */
const gatherMs = 150

let streaming = false
export const isStreaming = (): boolean => streaming

/** At most one of the two is named; the other is the empty string. */
export interface LivePlace {
  readonly groupId: string
  readonly orgId: string
}

export function useLive({ groupId, orgId }: LivePlace): void {
  const queries = useQueryClient()
  useEffect(() => {
    if (groupId === '' && orgId === '') return
    let gathering: number | undefined
    const refresh = (): void => {
      gathering ??= window.setTimeout(() => {
        gathering = undefined
        void queries.invalidateQueries({ predicate: ({ queryKey }) => isOf(queryKey[1], { groupId, orgId }) })
      }, gatherMs)
    }
    const stop = followStream({
      open: () => new EventSource(streamOf({ groupId, orgId })),
      mayOpen: () => !connectionNow().signedOut,
      onOpen: () => {
        // What happened while there was no stream is unknown.
        if (!streaming) refresh()
        streaming = true
      },
      onCut: () => {
        streaming = false
        // A stream is cut for many reasons; asking tells whether there is anybody at all.
        client.call('getSession').catch(() => {})
      },
      onTold: refresh,
    })
    return () => {
      streaming = false
      stop()
      window.clearTimeout(gathering)
    }
  }, [groupId, orgId, queries])
}

const streamOf = ({ groupId, orgId }: LivePlace): string =>
  groupId === ''
    ? routes.streamOrgEvents.path.replace('{orgId}', encodeURIComponent(orgId))
    : routes.streamGroupEvents.path.replace('{groupId}', encodeURIComponent(groupId))

const isOf = (request: unknown, { groupId, orgId }: LivePlace): boolean => {
  const params = (request as { readonly params?: Partial<LivePlace> } | undefined)?.params
  return groupId === '' ? params?.orgId === orgId : params?.groupId === groupId
}
