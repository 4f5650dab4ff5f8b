// One deployment has one cluster that makes its users, also where several projects register it at the same moment: it is
// read and written in one serializable transaction, and this holds it on either store.

import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createEngines, type Engines } from '../../engines/engines.ts'
import { startSandbox } from '../../engines/sandbox-process.testing.ts'
import { createTestApi, testSettings } from '../../http/testing.ts'
import { createSeal } from '../../seal.ts'
import { createStore, type OpenStore } from '../../store/create-store.ts'
import { type PostgresServer, startPostgres, whyNoPostgres } from '../../store/postgres-server.testing.ts'
import { createTestStore } from '../../store/testing.ts'
import { deploymentHandlers } from './handlers.ts'
import { systemSrvLookup } from './srv.ts'

const missing = await whyNoPostgres()
if (missing !== null) process.stderr.write(`SKIPPED: registrations at once on a PostgreSQL server: ${missing}\n`)

type Opened = Pick<OpenStore, 'store' | 'close'>

let sandbox: Awaited<ReturnType<typeof startSandbox>>
let server: PostgresServer | undefined
beforeAll(async () => {
  ;[sandbox, server] = await Promise.all([startSandbox(), missing === null ? startPostgres() : undefined])
}, 60_000)
afterAll(() => Promise.all([sandbox?.stop(), server?.stop()]))

const admin = { user: 'dba', password: 'an administrator of their own' }

/** `host:port` of the one member of a new deployment. */
const newDeployment = async (): Promise<string> => {
  const made = await fetch(`${sandbox.url}/clusters/${randomBytes(12).toString('hex')}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${sandbox.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'own', setName: 'own-set', members: 1, admin }),
  })
  const { members } = (await made.json()) as { readonly members: readonly { readonly hostPort: string }[] }
  return members[0]?.hostPort ?? ''
}

describe.each<{ on: string; skip: boolean; open: () => Promise<Opened> }>([
  { on: 'the embedded store', skip: false, open: createTestStore },
  {
    on: 'a PostgreSQL server',
    skip: missing !== null,
    open: async () => createStore({ databaseUrl: (await server?.freshDatabase()) ?? '' }),
  },
])('on $on', ({ skip, open }) => {
  test.skipIf(skip)('of those who register a deployment at once with its administrator, one does', async () => {
    const { store, close } = await open()
    const engines: Engines[] = []
    const seal = createSeal(randomBytes(32))
    try {
      const newProject = () =>
        createTestApi(
          store,
          (parts) => {
            const own = createEngines(parts, { fetch })
            engines.push(own)
            return deploymentHandlers(parts, own, systemSrvLookup)
          },
          { settings: { ...testSettings, sandbox }, seal },
        )
      const projects = [await newProject(), await newProject()]
      const connectionString = `mongodb://${await newDeployment()}`
      const answers = await Promise.all(
        projects.flatMap((api) =>
          ['One', 'Other'].map((name) =>
            api.ask({
              method: 'POST',
              path: `/api/postern/v1/groups/${api.groupId}/deployments`,
              body: {
                ...{ name, connectionString, provider: 'AWS', region: 'eu-west-1' },
                ...{ username: admin.user, password: admin.password },
              },
            }),
          ),
        ),
      )
      expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 400, 400, 400])
      expect(await store.read.selectFrom('cluster').select('name').execute()).toHaveLength(1)
      for (const { status, text } of answers) if (status !== 201) expect(text).toContain('POSTERN_DEPLOYMENT_REFUSED')
    } finally {
      await Promise.all(engines.map((each) => each.close()))
      await close()
    }
  })
})
