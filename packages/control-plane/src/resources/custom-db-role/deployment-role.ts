// A custom role on a deployment, by the official driver and the deployment's own commands; it lives on `admin`, as
// Atlas's do. Each may run twice: what is there already is brought up to date, what is gone already is gone.

import { privilegeActions } from '@postern/contract/database-privilege'
import type { MongoClient } from 'mongodb'
import { z } from 'zod'
import { hasCode } from '../database-user/deployment-user.ts'
import { type MongoRole, mongoRoles } from '../database-user/roles.ts'
import type { RoleResource, RoleSpec } from './role.ts'

type MongoResource = { readonly cluster: true } | { readonly db: string; readonly collection: string }

/** A role as a deployment shows it. */
export interface SeenRole {
  readonly privileges: readonly {
    readonly resource: Readonly<Record<string, unknown>>
    readonly actions: readonly string[]
  }[]
  readonly roles: readonly MongoRole[]
}

export interface DeploymentRole extends SeenRole {
  readonly name: string
  readonly privileges: readonly { readonly resource: MongoResource; readonly actions: readonly string[] }[]
  readonly roles: readonly MongoRole[]
}

const roleNotFound = 31
const roleAlreadyExists = 51002

/** What a role is on a deployment: MongoDB lists actions by resource, Atlas resources by action. */
export const deploymentRole = (name: string, { actions, inheritedRoles }: RoleSpec): DeploymentRole => {
  const byResource = new Map<string, { readonly resource: MongoResource; readonly actions: string[] }>()
  for (const { action, resources } of actions) {
    const { mongo } = privilegeActions[action]
    if (mongo === null) continue
    for (const resource of resources.map(mongoResource)) {
      const key = JSON.stringify(resource)
      const privilege = byResource.get(key) ?? { resource, actions: [] }
      privilege.actions.push(mongo)
      byResource.set(key, privilege)
    }
  }
  const inherited = inheritedRoles.map(({ role, db }) => ({ roleName: role, databaseName: db }))
  return { name, privileges: [...byResource.values()], roles: mongoRoles(inherited) }
}

const mongoResource = (resource: RoleResource): MongoResource =>
  'cluster' in resource ? { cluster: true } : { db: resource.db, collection: resource.collection ?? '' }

/** Makes the role, or gives the one of that name exactly these privileges and roles. */
export const putRole = async (client: MongoClient, { name, privileges, roles }: DeploymentRole): Promise<void> => {
  const admin = client.db('admin')
  const rest = { privileges, roles }
  try {
    await admin.command({ updateRole: name, ...rest })
  } catch (error) {
    if (!hasCode(error, roleNotFound)) throw error
    await admin.command({ createRole: name, ...rest }).catch(async (second: unknown) => {
      if (!hasCode(second, roleAlreadyExists)) throw second
      await admin.command({ updateRole: name, ...rest })
    })
  }
}

const rolesInfoSchema = z.object({
  roles: z.array(
    z.object({
      role: z.string(),
      privileges: z.array(
        z.object({
          /** Whatever somebody gave it there: `{ anyResource: true }`, too. */
          resource: z.record(z.string(), z.unknown()),
          actions: z.array(z.string()),
        }),
      ),
      roles: z.array(z.object({ role: z.string(), db: z.string() })),
    }),
  ),
})

/** Those of these roles of `admin` that the deployment has. */
export const seenRoles = async (
  client: MongoClient,
  names: readonly string[],
): Promise<ReadonlyMap<string, SeenRole>> => {
  // An empty list is no question to a deployment.
  if (names.length === 0) return new Map()
  const rolesInfo = names.map((role) => ({ role, db: 'admin' }))
  const answer = await client.db('admin').command({ rolesInfo, showPrivileges: true })
  return new Map(
    rolesInfoSchema.parse(answer).roles.map(({ role, privileges, roles }) => [role, { privileges, roles }]),
  )
}

/** Ends the role, where there is one; the deployment takes it from whoever holds it. */
export const dropRole = async (client: MongoClient, name: string): Promise<void> => {
  await client
    .db('admin')
    .command({ dropRole: name })
    .catch((error: unknown) => {
      if (!hasCode(error, roleNotFound)) throw error
    })
}
