// Who may sign in to a cluster with a password: the database users of the project of whom that is known here.

import type { ReplyOf } from '@postern/contract/schemas/operations'

export type DatabaseUser = ReplyOf<'listGroupDatabaseUsers'>['results'][number]

/** Those that are let into this cluster, with a password, in the API's order. */
export const usersOf = (clusterName: string, users: readonly DatabaseUser[]): readonly DatabaseUser[] =>
  users.filter(
    ({ databaseName, scopes }) =>
      databaseName === 'admin' &&
      (scopes.length === 0 || scopes.some(({ type, name }) => type === 'CLUSTER' && name === clusterName)),
  )
