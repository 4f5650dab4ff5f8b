// For tests only: users and custom roles with their reconcilers, on clusters of a real sandbox, met with the official
// driver. One sandbox and one store for a file; a project of its own for each test.

import { MongoClient } from 'mongodb'
import { expect } from 'vitest'
import { type DeployedTurn, startDeployed } from '../../engines/deployed.testing.ts'
import type { TurnDriver } from '../../engines/turn-driver.testing.ts'
import type { Answer, TestApi } from '../../http/testing.ts'
import type { Store } from '../../parts.ts'
import type { TurnKind } from '../../reconcile/turns.ts'
import { clusterHandlers } from '../cluster/handlers.ts'
import { clusterReconciler } from '../cluster/reconcile.ts'
import { customDbRoleHandlers } from '../custom-db-role/handlers.ts'
import { customDbRoleReconciler } from '../custom-db-role/reconcile.ts'
import { databaseUserCertHandlers } from '../database-user/cert-handlers.ts'
import { databaseUserHandlers } from '../database-user/handlers.ts'
import { databaseUserReconciler } from '../database-user/reconcile.ts'
import { limitHandlers } from '../limit/handlers.ts'
import { databaseAccessHandlers } from './handlers.ts'
import { databaseAccessReconciler } from './reconcile.ts'

// biome-ignore lint/suspicious/noExplicitAny: a JSON body as it came; the assertions say what it must be.
type Body = any
type Asked = Omit<Answer, 'body'> & { readonly body: Body }

export interface AccessUnderTest {
  readonly store: Store
  readonly api: () => TestApi
  readonly driver: () => TurnDriver
  /** A fresh project, API and turns. */
  readonly begin: () => Promise<void>
  readonly end: () => Promise<void>
  /** Below `/api/atlas/v2/groups/{groupId}` of this test's project. */
  readonly ask: (method: string, path: string, body?: unknown) => Promise<Asked>
  /** Below `/api/postern/v1/groups/{groupId}`. */
  readonly own: (path: string) => Promise<Asked>
  readonly makeCluster: (name: string) => Promise<string>
  /** The cluster's administrator, who can change things behind the control plane's back. */
  readonly asRoot: <Result>(cluster: string, work: (client: MongoClient) => Promise<Result>) => Promise<Result>
  readonly turnOf: (kind: TurnKind, id: string) => Promise<void>
  readonly idOf: (cluster: string) => Promise<string>
  /** Kills or revives the one member of a cluster. */
  readonly member: (cluster: string, act: 'kill' | 'revive') => Promise<void>
}

export const startAccess = async (): Promise<AccessUnderTest> => {
  const on = await startDeployed({
    handlers: (parts) => ({
      ...clusterHandlers(parts),
      ...databaseUserHandlers(parts),
      ...databaseUserCertHandlers(parts),
      ...customDbRoleHandlers(parts),
      ...databaseAccessHandlers(parts),
      ...limitHandlers(parts),
    }),
    reconcilers: (parts, engines) => [
      clusterReconciler(parts, engines),
      customDbRoleReconciler(parts, engines),
      databaseUserReconciler(parts, engines),
      databaseAccessReconciler(parts, engines),
    ],
  })
  let current: DeployedTurn | null = null

  const now = () => {
    if (current === null) throw new Error('begin first')
    return current
  }
  const ask = async (method: string, path: string, body?: unknown): Promise<Asked> =>
    now().api.ask({ method, path: `/api/atlas/v2/groups/${now().api.groupId}${path}`, body })
  const idOf = async (cluster: string): Promise<string> => (await ask('GET', `/clusters/${cluster}`)).body.id

  return {
    store: on.store,
    api: () => now().api,
    driver: () => now().driver,
    begin: async () => {
      current = await on.begin()
    },
    end: on.close,
    ask,
    own: (path) => now().api.ask({ method: 'GET', path: `/api/postern/v1/groups/${now().api.groupId}${path}` }),
    makeCluster: async (name) => {
      const electableSpecs = { instanceSize: 'M10', nodeCount: 1 }
      const regionConfigs = [{ providerName: 'AWS', regionName: 'US_EAST_1', priority: 7, electableSpecs }]
      expect((await ask('POST', '/clusters', { name, replicationSpecs: [{ regionConfigs }] })).status).toBe(201)
      const standard = async () => (await ask('GET', `/clusters/${name}`)).body.connectionStrings.standard
      await expect.poll(standard, { timeout: 20_000 }).toMatch(/^mongodb:/)
      return standard()
    },
    asRoot: async (cluster, work) => {
      const row = await on.store.read
        .selectFrom('cluster')
        .selectAll()
        .where('id', '=', await idOf(cluster))
        .executeTakeFirstOrThrow()
      const { admin } = JSON.parse(now().api.parts.seal.open(row.id, row.access ?? ''))
      const { standard } = (await ask('GET', `/clusters/${cluster}`)).body.connectionStrings
      return asUser(standard, { username: admin.user, password: admin.password }, work)
    },
    turnOf: (kind, id) => on.store.transact((tx) => now().driver.turns.wake(tx, kind, id)),
    idOf,
    member: async (cluster, act) => {
      expect((await on.door('POST', `${await idOf(cluster)}/members/0/${act}`)).status).toBe(200)
    },
  }
}

export interface Login {
  readonly username: string
  readonly password: string
}

/** Runs `work` with a client of its own. */
export const asUser = async <Result>(
  uri: string,
  auth: Login,
  work: (client: MongoClient) => Promise<Result>,
): Promise<Result> => {
  const client = new MongoClient(uri, { auth, authSource: 'admin', serverSelectionTimeoutMS: 3000 })
  try {
    return await work(client)
  } finally {
    await client.close()
  }
}

/** `ok`, or what the server said against it. */
export const told = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
