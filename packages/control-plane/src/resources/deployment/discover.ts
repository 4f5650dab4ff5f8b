// A deployment asked what it is, before anything is stored: its members by their own hello, and whether the credentials
// may manage users. What it cannot be is refused with the reason; what does not answer, too.

import { setTimeout as delay } from 'node:timers/promises'
import { AtlasError } from '@postern/contract/errors'
import type { MongoClient } from 'mongodb'
import { z } from 'zod'
import { refusedHost, splitHostPort } from '../../engines/dial-guard.ts'
import type { Reach, Seen } from '../../engines/engine.ts'
import type { Watch } from '../../engines/watch.ts'
import { refusedDeployment } from './connection-string.ts'

export type Discovered = Extract<Seen, { kind: 'replicaSet' | 'routers' }>

/** How often a set without a primary is looked at again, and the pause between, in milliseconds. */
const patience = { looks: 12, between: 250 } as const

/**
 * What the deployment is. Throws POSTERN_DEPLOYMENT_UNREACHABLE when no member answers or none leads, and
 * POSTERN_DEPLOYMENT_REFUSED for a standalone, another set than named, or a member at an address that is not dialled.
 */
export const discover = async (
  watch: Watch,
  { id, reach, replicaSet }: { readonly id: string; readonly reach: Reach; readonly replicaSet: string | null },
): Promise<Discovered> => {
  let seen = await watch.look(id, reach, { hosts: [] })
  for (let look = 0; look < patience.looks && seen.kind === 'replicaSet' && !seen.hasPrimary; look += 1) {
    await delay(patience.between)
    seen = await watch.look(id, reach, { hosts: [] })
  }
  if (seen.kind === 'unreachable') throw unreachable(seen.reason)
  if (seen.kind === 'standalone') {
    throw refusedDeployment('connectionString', 'it is a standalone mongod; only replica sets and routers have members')
  }
  if (seen.kind === 'replicaSet') {
    if (!seen.hasPrimary) throw unreachable(`the set ${seen.setName} has no primary that can be reached from here`)
    if (replicaSet !== null && replicaSet !== seen.setName) {
      throw refusedDeployment('connectionString', `it is the set ${seen.setName}, not ${replicaSet.slice(0, 100)}`)
    }
  }
  for (const { hostPort } of seen.members) {
    const problem = refusedHost(splitHostPort(hostPort).host)
    if (problem !== null)
      throw refusedDeployment('connectionString', `its member ${hostPort} is not dialled: ${problem}`)
  }
  return seen
}

const unreachable = (problem: string): AtlasError =>
  new AtlasError(
    'POSTERN_DEPLOYMENT_UNREACHABLE',
    { problem },
    { fields: [{ field: 'connectionString', description: problem }] },
  )

const status = z.object({
  authInfo: z.object({
    authenticatedUserPrivileges: z
      .array(z.object({ resource: z.record(z.string(), z.unknown()), actions: z.array(z.string()) }))
      .optional(),
    authenticatedUserRoles: z.array(z.object({ role: z.string(), db: z.string() })),
  }),
})

/** Built-in roles that may make users on `admin`, for a deployment that does not list privileges. */
const userAdministrators: ReadonlySet<string> = new Set(['root', 'userAdminAnyDatabase', 'restore', '__system'])
const onAdmin: ReadonlySet<string> = new Set(['userAdmin', 'dbOwner'])

/**
 * Whether these credentials may manage users. Throws POSTERN_DEPLOYMENT_REFUSED when the deployment does not take them.
 */
export const mayManageUsers = async (watch: Watch, id: string, reach: Reach): Promise<boolean> => {
  const ask = async (client: MongoClient): Promise<boolean> => {
    const answer = await client.db('admin').command({ connectionStatus: 1, showPrivileges: true })
    const { authenticatedUserPrivileges = [], authenticatedUserRoles } = status.parse(answer).authInfo
    const byPrivilege = authenticatedUserPrivileges.some(
      ({ resource, actions }) =>
        (resource.anyResource === true || resource.db === '' || resource.db === 'admin') &&
        actions.includes('createUser'),
    )
    const byRole = authenticatedUserRoles.some(
      ({ role, db }) => db === 'admin' && (userAdministrators.has(role) || onAdmin.has(role)),
    )
    return byPrivilege || byRole
  }
  try {
    return await watch.asAdmin(id, reach, ask)
  } catch (error) {
    throw refusedDeployment(
      'password',
      `its credentials are not taken: ${error instanceof Error ? error.message : 'unknown'}`,
    )
  }
}
