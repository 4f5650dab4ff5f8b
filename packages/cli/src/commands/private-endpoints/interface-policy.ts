// The flags of `interfaces update` that say what is forbidden at an endpoint. A word takes each rule back.

import { tlsVersions } from '@postern/contract/endpoint-policy'
import type { BodyInputOf } from '@postern/contract/schemas/operations'
import type { Flag } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'
import { readTextFile } from '../json-file.ts'

type Policy = NonNullable<BodyInputOf<'updateGroupPrivateEndpoint'>['policy']>

/** A standard listener has it too. */
export const maxSnapshotAge: Flag = {
  name: 'maxSnapshotAge',
  kind: 'text',
  usage: 'Seconds without word from the control plane after which a gateway lets nobody in, or "default": never.',
}

export const policyFlags: readonly Flag[] = [
  { name: 'allowedCluster', kind: 'list', usage: 'Clusters that it opens, no other; or "all".' },
  {
    name: 'minimumTls',
    kind: 'text',
    usage: `Clients must speak TLS, at least ${tlsVersions.join(' or ')}; or "default".`,
  },
  {
    name: 'idleTimeout',
    kind: 'text',
    usage: 'Seconds without a byte after which a connection is ended, or "default".',
  },
  {
    name: 'allowedDatabaseUser',
    kind: 'list',
    usage: 'Database users that it lets in, no other: name or name@authSource (admin where left out); or "all".',
  },
  {
    name: 'readOnly',
    kind: 'text',
    usage: 'Only reads go through: "true" or "false". No substitute for the roles of database users.',
  },
  maxSnapshotAge,
  {
    name: 'clientCaFile',
    kind: 'text',
    usage:
      'File with CA certificates in PEM: clients must show a certificate that one of them signed; or "none". Only with TLS.',
  },
  {
    name: 'allowedClient',
    kind: 'list',
    withCommas: true,
    usage:
      'What that certificate is called, nothing else: a subject (CN=app,O=Shop) or a DNS name in it, given again for another; or "all".',
  },
]

/** Throws UsageError. */
export async function policyOf(context: Context): Promise<{ readonly policy?: Policy }> {
  const clusters = context.list('allowedCluster')
  const minimumTls = context.optional('minimumTls')
  const idle = context.optional('idleTimeout')
  const users = context.list('allowedDatabaseUser')
  const readOnly = context.optional('readOnly')
  const clients = context.list('allowedClient')
  for (const [flag, given] of Object.entries({
    allowedCluster: clusters,
    allowedDatabaseUser: users,
    allowedClient: clients,
  }))
    if (context.isSet(flag) && (given.length === 0 || given.includes('')))
      throw new UsageError(`invalid value "" for --${flag}: give a name, or "all"`)
  const policy: Policy = {
    ...(clusters.length > 0 && { clusters: saysAll(clusters) ? null : [...clusters] }),
    ...(minimumTls !== undefined && { minimumTls: tlsOf(minimumTls) }),
    ...(idle !== undefined && { idleSeconds: secondsOf('idleTimeout', idle) }),
    ...(users.length > 0 && { databaseUsers: saysAll(users) ? null : users.map(userOf) }),
    ...(readOnly !== undefined && { readOnly: truthOf(readOnly) }),
    ...maxSnapshotAgeOf(context),
    ...(await clientCaOf(context)),
    ...(clients.length > 0 && { clientNames: saysAll(clients) ? null : [...clients] }),
  }
  return Object.keys(policy).length === 0 ? {} : { policy }
}

/** Throws UsageError. */
export function maxSnapshotAgeOf(context: Context): Pick<Policy, 'maxSnapshotAgeSeconds'> {
  const age = context.optional('maxSnapshotAge')
  return age === undefined ? {} : { maxSnapshotAgeSeconds: secondsOf('maxSnapshotAge', age) }
}

/** Names are asked of certificates: without an authority there are none. */
async function clientCaOf(context: Context): Promise<Pick<Policy, 'clientCa' | 'clientNames'>> {
  const file = context.optional('clientCaFile')
  if (file === undefined) return {}
  return file === 'none' ? { clientCa: null, clientNames: null } : { clientCa: await readTextFile(file) }
}

const saysAll = (names: readonly string[]): boolean => names.length === 1 && names[0] === 'all'

function tlsOf(text: string): Policy['minimumTls'] {
  if (text === 'default') return null
  const version = tlsVersions.find((each) => each === text)
  if (version !== undefined) return version
  throw new UsageError(`invalid value "${text}" for --minimumTls: neither ${tlsVersions.join(', ')} nor "default"`)
}

function secondsOf(flag: string, text: string): number | null {
  if (text === 'default') return null
  if (/^\d{1,7}$/.test(text)) return Number(text)
  throw new UsageError(
    `invalid value "${text}" for --${flag}: neither a whole number of at most 7 digits nor "default"`,
  )
}

/** The last @ divides: names may have some of their own. */
function userOf(text: string): { readonly username: string; readonly databaseName: string } {
  const at = text.lastIndexOf('@')
  return at < 0
    ? { username: text, databaseName: 'admin' }
    : { username: text.slice(0, at), databaseName: text.slice(at + 1) }
}

function truthOf(text: string): boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  throw new UsageError(`invalid value "${text}" for --readOnly: neither "true" nor "false"`)
}
