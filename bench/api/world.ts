// One store with rows in it, the real server process in front of it, and an edge where one is wanted.

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTestParts } from '../../packages/control-plane/src/http/testing.ts'
import { seedIdentities } from '../../packages/control-plane/src/identity/seed.ts'
import type { Store } from '../../packages/control-plane/src/parts.ts'
import { createGroup } from '../../packages/control-plane/src/resources/group/create.ts'
import { createSeal } from '../../packages/control-plane/src/seal.ts'
import { createStore, type StoreOptions } from '../../packages/control-plane/src/store/create-store.ts'
import { type ProgramProcess, startProgram } from '../../packages/postern/journeys/program-process.ts'

export interface World {
  readonly url: string
  readonly groupId: string
  /** An empty project. */
  readonly otherGroupId: string
  readonly keys: { readonly publicKey: string; readonly privateKey: string }
  readonly authorization: string
  /** What an edge shows. */
  readonly edgeAuthorization: string
  readonly close: () => Promise<void>
}

export interface WorldOptions {
  /** A bundle's bin.js. */
  readonly bin: string
  /** Null: embedded. */
  readonly databaseUrl: string | null
  readonly template: string
  /** Puts the rows of a measurement into the store, before the server opens it. */
  readonly fill: (store: Store, groups: { readonly groupId: string }) => Promise<void>
  readonly withEdge: boolean
}

const secrets = {
  orgId: randomBytes(12).toString('hex'),
  orgName: 'Bench',
  groupId: randomBytes(12).toString('hex'),
  groupName: 'Project0',
  ownerEmail: 'owner@example.com',
  ownerPassword: 'the password of this measurement',
  publicKey: 'abcdefgh',
  privateKey: '5f9e1c1a-2b5c-4f7e-9f0e-0c8f6d3b2a10',
  clientId: 'mdb_sa_id_0123456789abcdef01234567',
  clientSecret: 'mdb_sa_sk_of-this-measurement',
}

export async function startWorld({ bin, databaseUrl, template, fill, withEdge }: WorldOptions): Promise<World> {
  const home = await mkdtemp(join(tmpdir(), 'postern-bench-'))
  const sealKey = randomBytes(32)
  const store: StoreOptions = databaseUrl === null ? { dataDir: join(home, 'store'), template } : { databaseUrl }
  const groups = await prepareStore(store, { sealKey, fill })
  const edgeToken = randomBytes(24).toString('hex')
  const server: ProgramProcess<{ readonly url: string }> = await startProgram({
    word: 'server',
    bin,
    env: {
      POSTERN_HOME: home,
      POSTERN_PORT: '0',
      POSTERN_EDGE_TOKEN: edgeToken,
      POSTERN_SEAL_KEY: sealKey.toString('hex'),
      POSTERN_LOCAL_PROVISION_MS: '0',
      POSTERN_LOG_LEVEL: 'warn',
      ...(databaseUrl !== null && { POSTERN_DATABASE_URL: databaseUrl }),
    },
  })
  const { url } = server.ready
  const edge = !withEdge
    ? null
    : await startProgram({
        word: 'edge',
        bin,
        env: {
          POSTERN_URL: url,
          POSTERN_EDGE: 'bench',
          POSTERN_EDGE_TOKEN: edgeToken,
          POSTERN_EDGE_DIR: join(home, 'edge'),
          POSTERN_FORWARDER_KEY: randomBytes(32).toString('hex'),
          POSTERN_LOG_LEVEL: 'warn',
        },
      })
  return {
    url,
    ...groups,
    keys: secrets,
    authorization: `Bearer ${await tokenOf(url)}`,
    edgeAuthorization: `Bearer ${edgeToken}`,
    close: async () => {
      await edge?.stop()
      await server.stop()
      await rm(home, { recursive: true, force: true })
    },
  }
}

const prepareStore = async (
  options: StoreOptions,
  { sealKey, fill }: { readonly sealKey: Buffer; readonly fill: WorldOptions['fill'] },
) => {
  const { store, close } = await createStore(options)
  try {
    const parts = createTestParts(store, { seal: createSeal(sealKey) })
    await seedIdentities(parts, secrets)
    const { orgId, groupId } = secrets
    const otherGroupId = await store.transact((tx) =>
      createGroup(tx, parts, {
        orgId,
        name: 'Project1',
        tags: [],
        withDefaultAlertsSettings: true,
        owners: [],
        actor: null,
        sourceAddress: null,
      }),
    )
    await fill(store, { groupId })
    return { groupId, otherGroupId }
  } finally {
    await close()
  }
}

const tokenOf = async (url: string): Promise<string> => {
  const response = await fetch(`${url}/api/oauth/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${secrets.clientId}:${secrets.clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  })
  const { access_token } = (await response.json()) as { readonly access_token: string }
  return access_token
}
