// How an edge comes by its identity, from a real server and a real folder.

import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { eventually } from '../testing/eventually.ts'
import { createKeptLog, type KeptLog } from '../testing/kept-log.ts'
import { EnrolmentRefused, type IdentityParts, takeIdentity } from './identity.ts'

const token = 'pet_a-token-that-must-not-be-logged'

let server: Server
let directory: string
let kept: KeptLog
let asked: { readonly path: string; readonly body: Readonly<Record<string, string>> }[]
let answer: { status: number; body: object }

beforeEach(async () => {
  asked = []
  answer = { status: 201, body: { edge: 'gateway-1', proof: 'CREDENTIAL', chain: null } }
  kept = createKeptLog()
  directory = await mkdtemp(join(tmpdir(), 'postern-identity-'))
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    asked.push({ path: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString()) })
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(directory, { recursive: true })
})

const take = (over: Partial<IdentityParts> = {}, stopped = new AbortController().signal) =>
  takeIdentity(
    {
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      edge: 'gateway-1',
      directory,
      enrolment: token,
      sharedToken: null,
      fetch,
      clock: systemClock,
      randomBytes,
      log: kept.log,
      ...over,
    },
    stopped,
  )

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

test('the token is exchanged for an identity of a key and a secret that were made here; only the hash is sent', async () => {
  const identity = await take()
  expect(asked.map(({ path }) => path)).toEqual(['/api/postern/v1/edges/gateway-1/identity'])
  const [{ body } = { body: {} as Readonly<Record<string, string>> }] = asked
  expect(body.csr).toContain('BEGIN CERTIFICATE REQUEST')
  expect(identity.token).toMatch(/^[0-9a-f]{64}$/)
  expect(body).toEqual({ token, csr: body.csr, credentialHash: sha256(identity.token ?? '') })
  expect(kept.text()).not.toContain(token)
  expect(kept.text()).not.toContain(identity.token)
})

test('what it is made of lies in the folder, for its owner alone, and the token is not there', async () => {
  await take()
  const folder = join(directory, 'identity')
  const names = await readdir(folder)
  expect(names.toSorted()).toEqual(['enrolled.json', 'key.pem', 'secret'])
  for (const name of names) {
    expect((await stat(join(folder, name))).mode & 0o077).toBe(0)
    expect(await readFile(join(folder, name), 'utf8')).not.toContain(token)
  }
})

test('the next start asks nobody, with the token or without it', async () => {
  const first = await take()
  server.closeAllConnections()
  expect((await take()).token).toBe(first.token)
  expect((await take({ enrolment: null })).token).toBe(first.token)
  expect(asked).toHaveLength(1)
})

test('another token enrols anew, and what was kept to serve before goes', async () => {
  await take()
  await writeFile(join(directory, 'gateway.json'), '{}')
  await take({ enrolment: 'pet_another-token-of-the-owner' })
  expect(asked).toHaveLength(2)
  expect(await readdir(directory)).toEqual(['identity'])
})

test('an identity on disk is taken before the token that edges share', async () => {
  const own = await take()
  expect((await take({ enrolment: null, sharedToken: 'shared' })).token).toBe(own.token)
})

test('without any, the token that edges share is shown; and without that, it is said what to do', async () => {
  expect((await take({ enrolment: null, sharedToken: 'shared' })).token).toBe('shared')
  await expect(take({ enrolment: null })).rejects.toThrow('postern edges enrol gateway-1')
})

test('a refusal ends it, in the words of the control plane', async () => {
  answer = { status: 403, body: { detail: 'The enrolment token for edge gateway-1 expired.' } }
  await expect(take()).rejects.toThrow(new EnrolmentRefused('The enrolment token for edge gateway-1 expired.'))
  expect(await readdir(join(directory, 'identity'))).not.toContain('enrolled.json')
})

test('the folder of another edge is refused', async () => {
  await take()
  await expect(take({ edge: 'gateway-2' })).rejects.toThrow('is of edge gateway-1')
})

test('a control plane that is away is waited for; the same key comes again', async () => {
  answer = { status: 503, body: {} }
  const taking = take()
  await eventually(() => expect(asked.length).toBeGreaterThan(0))
  answer = { status: 201, body: { chain: null } }
  await taking
  expect(new Set(asked.map(({ body }) => body.credentialHash)).size).toBe(1)
})

test('who is told to stop meanwhile stops', async () => {
  answer = { status: 503, body: {} }
  const stop = new AbortController()
  const taking = take({}, stop.signal)
  await eventually(() => expect(kept.text()).toContain('not enrolled yet'))
  stop.abort()
  await expect(taking).rejects.toThrow()
})
