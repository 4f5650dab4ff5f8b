// For tests only: three members of a sandbox that the control plane knows nothing of, which a test registers as a deployment
// of the user's own; an organization and a project of its own for each test.

import { randomBytes } from 'node:crypto'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, beforeEach, expect, vi } from 'vitest'
import { type Deployed, type DeployedTurn, startDeployed } from '../../engines/deployed.testing.ts'
import type { TestApi } from '../../http/testing.ts'
import { clusterHandlers } from '../cluster/handlers.ts'
import { clusterReconciler } from '../cluster/reconcile.ts'
import { customDbRoleHandlers } from '../custom-db-role/handlers.ts'
import { customDbRoleReconciler } from '../custom-db-role/reconcile.ts'
import { databaseUserHandlers } from '../database-user/handlers.ts'
import { databaseUserReconciler } from '../database-user/reconcile.ts'
import { deploymentHandlers } from './handlers.ts'
import { systemSrvLookup } from './srv.ts'

export interface Members {
  /** By which the sandbox's own door knows them. */
  readonly id: string
  /** As `host:port`. */
  readonly hosts: readonly string[]
}
export type Body = Readonly<Record<string, unknown>>

export const dba = { user: 'dba', password: 'an administrator of their own' }

export let on: Deployed
export let api: TestApi
/** The deployment that is registered. */
export let own: Members

export const door = async (method: string, path: string, body?: Body): Promise<unknown> => {
  const response = await on.door(method, path, body)
  expect(response.ok).toBe(true)
  return response.status === 204 ? undefined : response.json()
}

export const makeOwn = async (members: number, more: Body = {}): Promise<Members> => {
  const id = randomBytes(12).toString('hex')
  const wish = { name: 'own', setName: 'own-set', members, admin: dba, ...more }
  const made = (await door('PUT', id, wish)) as { members: { hostPort: string }[] }
  return { id, hosts: made.members.map(({ hostPort }) => hostPort) }
}

beforeAll(async () => {
  on = await startDeployed({
    handlers: (parts, engines) => ({
      ...clusterHandlers(parts),
      ...databaseUserHandlers(parts),
      ...customDbRoleHandlers(parts),
      ...deploymentHandlers(parts, engines, systemSrvLookup),
    }),
    reconcilers: (parts, engines) => [
      clusterReconciler(parts, engines),
      customDbRoleReconciler(parts, engines),
      databaseUserReconciler(parts, engines),
    ],
  })
  own = await makeOwn(3)
  await vi.waitFor(async () => expect(await hello(own.hosts[0] ?? '')).toHaveProperty('primary'), { timeout: 15_000 })
})
afterAll(() => on?.close())

export const hello = async (host: string): Promise<unknown> => {
  const client = new MongoClient(`mongodb://${host}/?directConnection=true`)
  try {
    return await client.db('admin').command({ hello: 1 })
  } finally {
    await client.close()
  }
}

/** Ends what ran before, and begins anew. */
export const begin = async (): Promise<DeployedTurn> => {
  const begun = await on.begin()
  api = begun.api
  return begun
}

beforeEach(async () => {
  await begin()
  // One deployment for all tests: what those before left would be whose users are made there.
  await on.store.transact((tx) => tx.deleteFrom('cluster').execute())
})

export const base = () => `/api/postern/v1/groups/${api.groupId}/deployments`
export const register = (more: Body = {}) =>
  api.ask({
    method: 'POST',
    path: base(),
    body: {
      name: 'Mine',
      connectionString: `mongodb://${own.hosts[0]}`,
      provider: 'AWS',
      region: 'eu-west-1',
      ...more,
    },
  })
export const cluster = (name = 'Mine') =>
  api.ask({ method: 'GET', path: `/api/atlas/v2/groups/${api.groupId}/clusters/${name}`, version: '2024-08-05' })
export const admin = { username: dba.user, password: dba.password }
