// What is forbidden at an endpoint, in words, as a form has it, and what a change of it ends. Pure.

import { type ListenerPolicy, opensCluster, type TlsVersion } from '@postern/contract/endpoint-policy'
import type { Endpoint } from '../private-endpoint/filters.ts'
import { limitOf, textOfLimit } from './limit.ts'

export type Policy = Endpoint['policy']

export const tlsWords: Readonly<Record<TlsVersion, string>> = { TLS1_2: 'TLS 1.2', TLS1_3: 'TLS 1.3' }

type User = NonNullable<Policy['databaseUsers']>[number]

/** `app@admin`: the last @ divides, since names may have some of their own. */
export const userText = ({ username, databaseName }: User): string => `${username}@${databaseName}`

const userOf = (text: string): User => {
  const at = text.lastIndexOf('@')
  return { username: text.slice(0, at), databaseName: text.slice(at + 1) }
}

const listed = (names: readonly string[] | null, all: string, none: string): string =>
  names === null ? all : names.length === 0 ? none : names.join(', ')

const certificatesTold = ({ clientCa, clientNames }: Policy): string => {
  if (clientCa === null) return 'None is asked for'
  const authorities = clientCa.split('-----BEGIN CERTIFICATE-----').length - 1
  const signed = authorities === 1 ? 'Of one authority' : `Of ${authorities} authorities`
  // A subject has commas of its own.
  return clientNames === null ? signed : `${signed}, called ${clientNames.join('; ')}`
}

/** A line for each rule. */
export const policyFacts = (policy: Policy): readonly (readonly [name: string, told: string])[] => [
  ['Clusters', listed(policy.clusters, 'Every one of the project', 'None')],
  ['Lowest TLS version', policy.minimumTls === null ? 'None is asked for' : tlsWords[policy.minimumTls]],
  ['Database users', listed(policy.databaseUsers?.map(userText) ?? null, 'Whoever the cluster knows', 'Nobody')],
  ['Client certificates', certificatesTold(policy)],
  ['Operations', policy.readOnly ? 'Reads only' : 'Reads and writes'],
  ['Idle time-out', policy.idleSeconds === null ? 'As each gateway is set' : `${policy.idleSeconds} s`],
  oldestSnapshot(policy),
]

/** Of a standard listener too. */
export const oldestSnapshot = ({ maxSnapshotAgeSeconds }: ListenerPolicy): readonly [name: string, told: string] => [
  'Oldest snapshot',
  maxSnapshotAgeSeconds === null
    ? 'Of any age: gateways serve on while they hear nothing of the control plane'
    : `${maxSnapshotAgeSeconds} s: a gateway that hears nothing for as long lets nobody in`,
]

/** A choice of all or some, and numbers as they are typed: empty is none. */
export interface PolicyFields {
  readonly someClusters: boolean
  readonly clusters: readonly string[]
  /** Empty: none is asked for. */
  readonly minimumTls: string
  readonly someUsers: boolean
  /** Each as `userText` has it. */
  readonly users: readonly string[]
  /** PEM; empty: none is asked for. */
  readonly clientCa: string
  /** One a line; empty: whatever they are called. */
  readonly clientNames: string
  readonly readOnly: boolean
  readonly idleSeconds: string
  readonly maxSnapshotAgeSeconds: string
}

export const fieldsOf = (policy: Policy): PolicyFields => ({
  someClusters: policy.clusters !== null,
  clusters: policy.clusters ?? [],
  minimumTls: policy.minimumTls ?? '',
  someUsers: policy.databaseUsers !== null,
  users: policy.databaseUsers?.map(userText) ?? [],
  clientCa: policy.clientCa ?? '',
  clientNames: policy.clientNames?.join('\n') ?? '',
  readOnly: policy.readOnly,
  idleSeconds: textOfLimit(policy.idleSeconds),
  maxSnapshotAgeSeconds: textOfLimit(policy.maxSnapshotAgeSeconds),
})

/** Undefined: a number is none. */
export function policyOf(fields: PolicyFields): Policy | undefined {
  const idleSeconds = limitOf(fields.idleSeconds)
  const maxSnapshotAgeSeconds = limitOf(fields.maxSnapshotAgeSeconds)
  const clientNames = fields.clientNames
    .split('\n')
    .map((name) => name.trim())
    .filter((name) => name !== '')
  if (idleSeconds === undefined || maxSnapshotAgeSeconds === undefined) return undefined
  return {
    clusters: fields.someClusters ? [...fields.clusters] : null,
    minimumTls: fields.minimumTls === '' ? null : (fields.minimumTls as TlsVersion),
    idleSeconds,
    databaseUsers: fields.someUsers ? fields.users.map(userOf) : null,
    clientCa: fields.clientCa.trim() === '' ? null : fields.clientCa,
    clientNames: clientNames.length === 0 ? null : clientNames,
    readOnly: fields.readOnly,
    maxSnapshotAgeSeconds,
  }
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** Connections that are there and would not be afterwards, as the gateways have it; `clusters`: all of the project. */
export function whatEnds(before: Policy, after: Policy, clusters: readonly string[]): readonly string[] {
  const closed = clusters.filter((name) => opensCluster(before, name) && !opensCluster(after, name))
  return [
    ...(same(before.databaseUsers, after.databaseUsers) && before.readOnly === after.readOnly
      ? []
      : [
          'Every connection through this endpoint, since each request is judged anew. Drivers connect again by themselves.',
        ]),
    ...(closed.length > 0
      ? [`Connections to ${closed.join(', ')}; the connection strings that lead there through this endpoint go too.`]
      : []),
    ...tlsEnds(before.minimumTls, after.minimumTls),
    ...(after.clientCa !== null && !same([before.clientCa, before.clientNames], [after.clientCa, after.clientNames])
      ? ['Connections whose client did not show a certificate as it is asked for then.']
      : []),
    ...(after.idleSeconds !== null && after.idleSeconds !== before.idleSeconds
      ? [`Connections that have been silent for ${after.idleSeconds} s.`]
      : []),
    ...(after.maxSnapshotAgeSeconds !== null && after.maxSnapshotAgeSeconds !== before.maxSnapshotAgeSeconds
      ? [`Connections at gateways that have heard nothing for ${after.maxSnapshotAgeSeconds} s.`]
      : []),
  ]
}

const tlsEnds = (before: TlsVersion | null, after: TlsVersion | null): readonly string[] => {
  if (before === after || (before === 'TLS1_3' && after === 'TLS1_2')) return []
  if (after === null)
    return [
      'TLS at an endpoint that is told by address: its connection strings change, and connections with TLS end there.',
    ]
  const older = [`Connections with an older version than ${tlsWords[after]}.`]
  return before !== null
    ? older
    : [
        ...older,
        'Connections without TLS, where the endpoint is told by address: its connection strings change, and clients need this server’s CA.',
      ]
}
