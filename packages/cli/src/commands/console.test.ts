import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keys, type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { orgId, runTrial } from '../trial/run-trial.ts'

const userId = 'c00000000000000000000001'
const url = 'http://127.0.0.1:8080/login#link=abc'
const asked = (username: string) => `GET /api/atlas/v2/orgs/${orgId}/users?username=${encodeURIComponent(username)}`

let server: RecordingServer
let folder: string
beforeAll(async () => {
  server = await startRecordingServer()
  server.answers = {
    [asked('owner@postern.internal')]: { body: { results: [{ id: userId }], totalCount: 1 } },
    [asked('nobody@example.com')]: { body: { results: [], totalCount: 0 } },
    [`POST /api/postern/v1/orgs/${orgId}/users/${userId}/sessionLink`]: {
      status: 201,
      body: { expiresAt: '2026-08-10T00:10:00Z', link: 'abc', url, username: 'owner@postern.internal' },
    },
  }
  folder = await mkdtemp(join(tmpdir(), 'postern-console-'))
  await mkdir(join(folder, 'postern'))
  const { publicKey, privateKey } = keys
  const home = { apiUrl: server.url, publicKey, privateKey, orgId, ownerEmail: 'owner@postern.internal' }
  await writeFile(join(folder, 'postern/bootstrap.json'), JSON.stringify(home))
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

const here = () => ({ env: { XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder } })

test('prints a link for the owner of the home that runs here', async () => {
  expect(await runTrial(['console'], here())).toMatchObject({ code: 0, stdout: `${url}\n` })
})
test('and for whom it is told', async () => {
  expect(await runTrial(['console', 'owner@postern.internal', '-o', 'json-path=$.link'], here())).toMatchObject({
    code: 0,
    stdout: '"abc"\n',
  })
})
test('says who is unknown', async () => {
  const { code, stderr } = await runTrial(['console', 'nobody@example.com'], here())
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('is called nobody@example.com') })
})
test('asks for a name where another server is meant', async () => {
  const { code, stderr } = await runTrial(['console', '--orgId', orgId], { url: server.url })
  expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('say who is to be logged in') })
})
