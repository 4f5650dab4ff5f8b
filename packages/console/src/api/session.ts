// Who is signed in. No session is an answer, not an error: the log-in page is shown in place of the page that was asked
// for, so that one is back where one was by signing in.

import { ApiError } from '@postern/contract/client'
import type { ReplyOf } from '@postern/contract/schemas/operations'
import { type QueryClient, queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import { client } from './client.ts'
import { noteConnection } from './connection.ts'

type Session = ReplyOf<'getSession'>

const key = ['getSession']

export const sessionQuery = queryOptions({
  queryKey: key,
  queryFn: async (): Promise<Session | null> => {
    try {
      return (await client.call('getSession')).body
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return null
      throw error
    }
  },
  staleTime: Number.POSITIVE_INFINITY,
  refetchInterval: false,
})

/** All that was read for whoever was signed in. */
const forget = (queries: QueryClient): void =>
  queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== key[0] })

/** Begins a session; what another person saw before is nobody else's to see. */
const useBegin = <Asked>(begin: (asked: Asked) => Promise<Session>) => {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: begin,
    onSuccess: (session) => {
      const before = queries.getQueryData<Session | null>(key)
      if (before && before.userId !== session.userId) forget(queries)
      queries.setQueryData(key, session)
      noteConnection({ signedOut: false })
      void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== key[0] })
    },
  })
}

export const useSignIn = () =>
  useBegin(
    async (body: { readonly username: string; readonly password: string }) =>
      (await client.call('createSession', { body })).body,
  )

/** By a link that holds once. */
export const useSignInByLink = () =>
  useBegin(async (link: string) => (await client.call('createSessionByLink', { body: { link } })).body)

export const useSignOut = () => {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () => client.call('deleteSession'),
    onSuccess: () => {
      forget(queries)
      noteConnection({ signedOut: false })
      queries.setQueryData(key, null)
    },
  })
}
