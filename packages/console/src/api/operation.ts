// Every page reads and changes through these: `useOperation('listGroupClusters', { params })` and
// `useChange('deleteGroupCluster')`, typed by the contract. A query's key is the operation's id and what it is asked with.

import { type CallableId, type Requests, UnreachableError } from '@postern/contract/client'
import type { ReplyOf } from '@postern/contract/schemas/operations'
import {
  MutationCache,
  QueryCache,
  QueryClient,
  type QueryKey,
  queryOptions,
  useMutation,
  useQuery,
} from '@tanstack/react-query'
import { client } from './client.ts'
import { connectionNow, noteConnection } from './connection.ts'
import { isStreaming } from './live.ts'
import { isStatus } from './sentence.ts'

const pollMs = 5_000
const maxRetryMs = 5_000

const noteEnd = (error: unknown): void => {
  if (isStatus(error, 401)) noteConnection({ signedOut: true })
}

/** Worth asking again: nothing was decided, and nothing is lost by it. */
const isAway = (error: unknown): boolean =>
  error instanceof UnreachableError || isStatus(error, 502) || isStatus(error, 503)

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: noteEnd }),
  mutationCache: new MutationCache({ onError: noteEnd }),
  defaultOptions: {
    queries: {
      networkMode: 'always',
      retry: (_, error) => isAway(error),
      retryDelay: (attempt) => Math.min(500 * 2 ** attempt, maxRetryMs),
      staleTime: 2_000,
      // Events tell what is old; without their stream somebody has to ask.
      refetchInterval: () => (isStreaming() || connectionNow().signedOut ? false : pollMs),
    },
    mutations: { networkMode: 'always', retry: false },
  },
})

/** For `useQuery`, where a page adds options of its own (`enabled`, `select`). */
export const operation = <Op extends CallableId>(id: Op, ...request: Requests<Op>) =>
  queryOptions({
    queryKey: [id, request[0] ?? {}] as QueryKey,
    queryFn: (): Promise<ReplyOf<Op>> => call(id, ...request),
  })

/** The answer alone, for changes that ask one of several operations, or several in a row. */
export const call = async <Op extends CallableId>(id: Op, ...request: Requests<Op>): Promise<ReplyOf<Op>> =>
  (await client.call(id, ...request)).body

export const useOperation = <Op extends CallableId>(id: Op, ...request: Requests<Op>) =>
  useQuery(operation(id, ...request))

/** `mutateAsync(input)`; whatever is shown is read again when it is done. */
export const useWork = <Input, Result>(work: (input: Input) => Promise<Result>) =>
  useMutation({ mutationFn: work, onSuccess: () => queryClient.invalidateQueries() })

/** The same for one operation: `mutateAsync(request)`. */
export const useChange = <Op extends CallableId>(id: Op) =>
  useWork((request: Requests<Op>[0]): Promise<ReplyOf<Op>> => call(id, ...([request] as unknown as Requests<Op>)))
