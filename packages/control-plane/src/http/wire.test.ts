// Over a real port: what only the wire can show.

import { connect } from 'node:net'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newPrivateKey, newPublicKey } from '../identity/keys.ts'
import { seedIdentities } from '../identity/seed.ts'
import { listen } from '../listen.ts'
import { apiKeyHandlers } from '../resources/api-key/handlers.ts'
import { groupHandlers } from '../resources/group/handlers.ts'
import { organizationHandlers } from '../resources/organization/handlers.ts'
import { serverHandlers } from '../resources/server/handlers.ts'
import { tokenHandlers } from '../resources/token/handlers.ts'
import { createTestStore, type TestStore } from '../store/testing.ts'
import { digestHa1, digestResponse } from './digest.ts'
import { createHttp, type Http } from './http.ts'
import { createTestParts, testHttpParts } from './testing.ts'

let store: TestStore
let port = 0
let orgId = ''
let keys = { publicKey: '', privateKey: '' }
/** Requests that have reached the engine, and what it logged. */
let begun = 0
const logged: { readonly level: number; readonly msg: string; readonly status?: number }[] = []
let stop: () => Promise<void> = async () => {}

beforeAll(async () => {
  store = await createTestStore()
  const log = pino({ level: 'debug' }, { write: (line) => void logged.push(JSON.parse(line)) })
  const parts = {
    ...createTestParts(store.store, { log }),
    ...testHttpParts,
    publicUrl: null,
  }
  keys = { publicKey: newPublicKey(parts.ids), privateKey: newPrivateKey(parts.ids) }
  orgId = parts.ids.objectId()
  await seedIdentities(parts, {
    ...keys,
    orgId,
    orgName: 'Org',
    groupId: parts.ids.objectId(),
    groupName: 'Project 0',
    ownerEmail: 'owner@postern.internal',
    ownerPassword: 'x',
    clientId: `mdb_sa_id_${'a'.repeat(24)}`,
    clientSecret: `mdb_sa_sk_${'b'.repeat(40)}`,
  })
  const http = createHttp(parts, {
    ...groupHandlers(parts),
    ...organizationHandlers(parts),
    ...apiKeyHandlers(parts),
    ...serverHandlers(parts),
    ...tokenHandlers(parts, { secret: testHttpParts.httpSecret }),
  })
  const fetch: Http['fetch'] = (request, info) => {
    begun += 1
    return http.fetch(request, info)
  }
  const listening = await listen(fetch, { host: '127.0.0.1', port: 0, tls: null })
  port = Number(new URL(listening.url).port)
  stop = () => listening.close(0)
})
afterAll(async () => {
  await stop()
  await store.close()
})

/** Writes raw requests on one connection, one after the other, and answers the raw responses. */
const speak = async (...requests: readonly string[]): Promise<readonly string[]> => {
  const socket = connect(port, '127.0.0.1')
  const answers: string[] = []
  let text = ''
  let next = () => {}
  socket.on('data', (bytes) => {
    text += bytes.toString()
    next()
  })
  socket.on('close', () => next())
  for (const request of requests) {
    text = ''
    socket.write(request)
    await new Promise<void>((done) => {
      next = () => {
        const length = /content-length: (\d+)/i.exec(text)?.[1]
        const body = text.split('\r\n\r\n', 2)[1]
        if (socket.closed || (length !== undefined && body !== undefined && Buffer.byteLength(body) >= Number(length)))
          done()
      }
    })
    answers.push(text)
  }
  socket.destroy()
  return answers
}
const head = (line: string, ...headers: readonly string[]) =>
  [`${line} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...headers, '', ''].join('\r\n')

describe('on one connection', () => {
  test("digest's two legs follow each other, both with the body", async () => {
    const body = JSON.stringify({ name: 'Over the wire', orgId })
    const target = '/api/atlas/v2/groups?pretty=false&envelope=false'
    const post = (...more: readonly string[]) =>
      head(`POST ${target}`, 'Content-Type: application/json', `Content-Length: ${body.length}`, ...more) + body
    const [first = ''] = await speak(post())
    const nonce = /nonce="([^"]*)"/.exec(first)?.[1] ?? ''
    const ha1 = digestHa1(keys.publicKey, keys.privateKey)
    const response = digestResponse({ ha1, method: 'POST', uri: target, nonce, nc: '00000001', cnonce: 'c' })
    const authorization = `Authorization: Digest username="${keys.publicKey}", realm="MMS Public API", nonce="${nonce}", uri="${target}", response="${response}", algorithm="MD5", qop=auth, nc=00000001, cnonce="c"`
    const [again, admitted] = await speak(post(), post(authorization))
    expect(again).toMatch(/^HTTP\/1\.1 401 /)
    expect(admitted).toMatch(/^HTTP\/1\.1 201 /)
  })

  test('a body that is refused is read to its end, so that the next request is understood', async () => {
    const body = 'x'.repeat(200_000)
    const refused = head('POST /api/atlas/v2/nothing', `Content-Length: ${body.length}`) + body
    const [first, second] = await speak(refused, head('GET /healthz'))
    expect(first).toMatch(/^HTTP\/1\.1 404 /)
    expect(second).toMatch(/^HTTP\/1\.1 200 /)
  })

  test('a body beyond the limit ends the connection', async () => {
    const [answer] = await speak(head('POST /api/atlas/v2/groups', 'Content-Length: 2000000'))
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(answer).toMatch(/connection: close/i)
  })
})

test('a caller who hangs up in the middle of a body is no fault of ours', async () => {
  logged.length = 0
  const before = begun
  const socket = connect(port, '127.0.0.1')
  socket.write(
    `${head('POST /api/oauth/token', 'Content-Type: application/x-www-form-urlencoded', 'Content-Length: 100')}grant`,
  )
  await expect.poll(() => begun).toBe(before + 1)
  socket.resetAndDestroy()
  await expect
    .poll(() => logged.map(({ msg, status }) => ({ msg, status })))
    .toEqual([{ msg: 'answered', status: 400 }])
})

describe('a request on the wire', () => {
  test.each([
    { says: 'a foreign host', text: 'GET /healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n', status: 421 },
    {
      says: 'a proxy that names another host',
      text: 'GET http://evil.example/healthz HTTP/1.1\r\nHost: evil.example\r\n\r\n',
      status: 421,
    },
    {
      says: 'a target that names another host than the header',
      text: head('GET http://evil.example/healthz'),
      status: 421,
    },
    {
      says: 'a target that names this host and hides another',
      text: head('GET http://127.0.0.1:0@evil.example/healthz'),
      status: 421,
    },
    { says: 'a broken escape in an unknown path', text: head('GET /%zz'), status: 404 },
    { says: 'dots that would climb', text: head('GET /api/atlas/v2/../../healthz'), status: 404 },
    { says: 'no host at all', text: 'GET /healthz HTTP/1.1\r\n\r\n', status: 400 },
    { says: 'a host that is none', text: 'GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n', status: 400 },
    { says: 'a target that is none', text: head('OPTIONS *'), status: 400 },
    { says: 'a method that is none', text: head('SING /healthz'), status: 400 },
    { says: 'no HTTP at all', text: 'hello\r\n\r\n', status: 400 },
    { says: 'headers without end', text: head('GET /healthz', `X-Long: ${'x'.repeat(20_000)}`), status: 431 },
  ])('is refused: $says', async ({ text, status }) => {
    const [answer] = await speak(text.replaceAll('127.0.0.1:0', `127.0.0.1:${port}`))
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(JSON.parse(answer?.split('\r\n\r\n', 2)[1] ?? '')).toMatchObject({
      error: status,
      errorCode: expect.stringMatching(/^[A-Z_]+$/),
      detail: expect.stringMatching(/./),
    })
    expect(answer).not.toMatch(/at .*\.ts|node_modules/)
  })
  test('may name this host in its target, as a proxy does', async () => {
    const [answer] = await speak(head(`GET http://127.0.0.1:${port}/healthz`))
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  })

  test('may double its first slash, as clients with a slash at the end of their base URL do', async () => {
    const [answer] = await speak(head('GET //healthz'))
    expect(answer).toMatch(/^HTTP\/1\.1 200 /)
  })
})
