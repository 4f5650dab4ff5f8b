// What there is to say of how a user or a role stands on the deployments. Pure.

import type { ReplyOf } from '@postern/contract/schemas/operations'

export type Standing = ReplyOf<'listGroupDatabaseAccess'>['results'][number]

export const standingTold = ({ state, errorMessage, clusters, drift }: Standing): readonly string[] => [
  state === 'NOT_MANAGED'
    ? 'This user proves itself by something else than a password: it is remembered here, and not made on a cluster.'
    : clusters.length === 0
      ? 'It is on no cluster yet.'
      : `It is on ${clusters.join(', ')}.`,
  ...(errorMessage === null ? [] : [errorMessage]),
  ...(drift === null
    ? []
    : [`On ${drift.clusterName} something else was found at ${drift.noticedAt}, and put right: ${drift.difference}.`]),
]
