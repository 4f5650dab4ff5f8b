// TLS on both sides of the gateway: whose name opens a door, what a refused client is told, and which members are
// believed.

import type { AddressInfo } from 'node:net'
import {
  type ConnectionOptions,
  connect as connectTls,
  createSecureContext,
  createServer as createTlsServer,
} from 'node:tls'
import { BSON } from 'bson'
import { beforeAll, describe, expect, test } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { closing, createBench, hello, lineOf, type Peer, port } from './testing/bench.ts'
import { type Authority, createAuthority } from './testing/certificates.ts'
import { awsHeader, type Doors, linkId, openDoors } from './testing/doors.ts'
import { opMsg, startFakeSet } from './testing/fake-set.ts'
import { memberDialler } from './upstream.ts'

const { start, dial, keep } = createBench()

const names = ['pl-0.test.internal', 'old-pl-0.test.internal']
let authority: Authority
let context: ReturnType<typeof createSecureContext>
beforeAll(async () => {
  authority = await createAuthority()
  context = createSecureContext(await authority.issue([...names, '127.0.0.1']))
})

const named = { tls: true, names, byAddress: false, advertised: { 'member-0': { host: names[0] ?? '', port: 1024 } } }
const certificateFor = () => context

function dialTls(doors: Doors, options: ConnectionOptions): Peer & { readonly secured: Promise<void> } {
  const raw = dial(port(doors))
  raw.socket.write(awsHeader(linkId))
  raw.socket.removeAllListeners('data')
  const socket = connectTls({ socket: raw.socket, ca: authority.ca, host: names[0] ?? '', ...options })
  return { socket, closed: closing(socket), secured: new Promise((resolve) => socket.on('secureConnect', resolve)) }
}

test.each([
  { says: 'its name', servername: names[0] ?? '' },
  { says: 'an alias: the answer has the name that the client used', servername: names[1] ?? '' },
])('asked for by $says', async ({ servername }) => {
  const { doors } = await start({ endpoint: named, parts: { certificateFor } })
  const { socket, secured } = dialTls(doors, { servername })
  await secured
  socket.write(hello)
  const reply = await new Promise<Buffer>((resolve) => socket.once('data', resolve))
  expect(BSON.deserialize(reply.subarray(21))).toMatchObject({ hosts: [`${servername}:1024`] })
})

test.each(['pl-9.test.internal', '127.0.0.1'])(
  'asked for by another name (%s): the client gets the alert unrecognized_name, the member nothing',
  async (servername) => {
    const { set, doors } = await start({ endpoint: named, parts: { certificateFor } })
    const { closed } = dialTls(doors, { servername })
    expect((await closed).error).toBe('ERR_SSL_TLSV1_UNRECOGNIZED_NAME')
    await eventually(() => expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'WRONG_NAME' }))
    expect(set.members[0]?.accepted()).toBe(0)
  },
)

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'without a name: refused where the endpoint has names (%s)',
  async (version) => {
    const { set, doors } = await start({ endpoint: named, parts: { certificateFor } })
    const only = { minVersion: version, maxVersion: version }
    const { closed } = dialTls(doors, { servername: '', host: '127.0.0.1', ...only })
    expect((await closed).error).not.toBeNull()
    await eventually(() => expect(doors.gateway.stats().refused).toEqual({ NO_NAME: 1 }))
    expect(set.members[0]?.accepted()).toBe(0)
  },
)

test('too old a TLS for the policy: the client gets the alert, the log the reason, the member nothing', async () => {
  const policy = { minimumTls: 'TLS1_3' } as const
  const { set, doors } = await start({ endpoint: { ...named, policy }, parts: { certificateFor } })
  const { closed } = dialTls(doors, { servername: names[0] ?? '', maxVersion: 'TLSv1.2' })
  expect((await closed).error).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION')
  await eventually(() => expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'TLS_VERSION' }))
  expect(set.members[0]?.accepted()).toBe(0)
  await dialTls(doors, { servername: names[0] ?? '' }).secured
})

test('the same where it is addressed by IP: it is ended after the handshake, before anything else', async () => {
  const endpoint = { tls: true, byAddress: true, policy: { minimumTls: 'TLS1_3' } } as const
  const { set, doors } = await start({ endpoint, parts: { certificateFor } })
  const { socket, closed } = dialTls(doors, { servername: '', host: '127.0.0.1', maxVersion: 'TLSv1.2' })
  socket.on('secureConnect', () => (socket as import('node:net').Socket).write(hello))
  expect((await closed).bytes).toHaveLength(0)
  await eventually(() => expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'TLS_VERSION' }))
  expect(set.members[0]?.accepted()).toBe(0)
})

test('an endpoint that speaks TLS from now on: who came without is ended', async () => {
  const { doors } = await start({ parts: { certificateFor } })
  const { socket, closed } = dial(port(doors))
  socket.write(Buffer.concat([awsHeader(linkId), hello]))
  await eventually(() => expect(doors.gateway.connections()).toHaveLength(1))
  const endpoints = doors.snapshot.endpoints.map((one) => ({ ...one, tls: true }))
  await doors.gateway.take({ epoch: 'e', n: 2, body: { ...doors.snapshot, endpoints } })
  await closed
  expect(lineOf(doors, 'connection ended')).toMatchObject({ code: 'TLS_CHANGED' })
})

test.each([
  { says: 'without a name', servername: '' },
  { says: 'with an address for a name, as Java’s driver does', servername: '127.0.0.1' },
])('$says: right where the endpoint is addressed by IP', async ({ servername }) => {
  const { doors } = await start({ endpoint: { tls: true, byAddress: true }, parts: { certificateFor } })
  const { socket, secured } = dialTls(doors, { servername, host: '127.0.0.1' })
  await secured
  socket.write(hello)
  const reply = await new Promise<Buffer>((resolve) => socket.once('data', resolve))
  expect(BSON.deserialize(reply.subarray(21))).toMatchObject({ hosts: [doors.seeds] })
})

test('an endpoint that is not AVAILABLE: the client gets an alert', async () => {
  const { doors } = await start({ endpoint: { ...named, status: 'DELETING' }, parts: { certificateFor } })
  const { closed } = dialTls(doors, { servername: names[0] ?? '' })
  expect((await closed).error).toBe('ERR_SSL_TLSV1_ALERT_ACCESS_DENIED')
  expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'NOT_AVAILABLE' })
})

test('a certificate that cannot be had: refused, and the next client is served', async () => {
  let broken = true
  const sometimes = () => {
    if (broken) throw new Error('the key is gone')
    return context
  }
  const { doors } = await start({ endpoint: named, parts: { certificateFor: sometimes } })
  const first = dialTls(doors, { servername: names[0] ?? '' })
  expect((await first.closed).error).not.toBeNull()
  await eventually(() => expect(doors.gateway.stats().refused).toEqual({ NO_CERTIFICATE: 1 }))
  broken = false
  await dialTls(doors, { servername: names[0] ?? '' }).secured
})

test('a client that speaks plain MongoDB to it', async () => {
  const { doors } = await start({ endpoint: named, parts: { certificateFor } })
  const { socket, closed } = dial(port(doors))
  socket.write(Buffer.concat([awsHeader(linkId), hello]))
  await closed
  const reason = 'the client speaks no TLS, and the endpoint does'
  expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'TLS_FAILED', reason })
})

describe('to the members', () => {
  test('a large answer comes whole through TLS on both sides', async () => {
    const large = opMsg(9, 7, false, { ok: 1, text: Array.from({ length: 400_000 }, (_, i) => i).join(' ') })
    const member = createTlsServer(await authority.issue(['localhost']), (socket) => {
      socket.on('error', () => {}).once('data', () => socket.write(large))
    })
    await new Promise<void>((resolve) => member.listen(0, '127.0.0.1', resolve))
    keep({ close: () => member.close() })
    const hostPort = `localhost:${(member.address() as AddressInfo).port}`
    const clusterTls = { ca: authority.ca, allowInvalidHostnames: false }
    const doors = await openDoors(
      { members: [{ hostPort }] },
      { endpoint: named, parts: { certificateFor }, clusterTls },
    )
    keep(doors)
    const { socket, secured } = dialTls(doors, { servername: names[0] ?? '' })
    await secured
    socket.write(opMsg(7, 0, false, { find: 'a', $db: 'a' }))
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    await eventually(() => expect(chunks.reduce((sum, { length }) => sum + length, 0)).toBe(large.length))
    expect(Buffer.concat(chunks).equals(large)).toBe(true)
  })

  test.each([
    {
      says: 'its authority is trusted',
      trust: true,
      allowInvalidHostnames: false,
      hosts: ['localhost'],
      admitted: true,
    },
    {
      says: 'its authority is not',
      trust: false,
      allowInvalidHostnames: false,
      hosts: ['localhost'],
      admitted: false,
    },
    { says: 'its name is wrong', trust: true, allowInvalidHostnames: false, hosts: ['other'], admitted: false },
    { says: 'its name may be wrong', trust: true, allowInvalidHostnames: true, hosts: ['other'], admitted: true },
  ])('verified: $says', async ({ trust, allowInvalidHostnames, hosts, admitted }) => {
    const set = await startFakeSet({ members: 1, tls: await authority.issue(hosts) })
    const ca = trust ? authority.ca : (await createAuthority()).ca
    const { doors } = await start({ clusterTls: { ca, allowInvalidHostnames } }, set)
    await expectAdmitted(doors, admitted)
  })

  test.each([
    { says: 'who shows one of its authority is let in', shows: true, admitted: true },
    { says: 'who shows none is not', shows: false, admitted: false },
  ])('that ask for a certificate: $says', async ({ shows, admitted }) => {
    const asks = { requestCert: true, rejectUnauthorized: true, ca: authority.ca, maxVersion: 'TLSv1.2' as const }
    const set = await startFakeSet({ members: 1, tls: { ...(await authority.issue(['localhost'])), ...asks } })
    const shown = shows ? await authority.issue(['the-gateway']) : null
    const clusterTls = { ca: authority.ca, allowInvalidHostnames: false }
    const { doors } = await start({ clusterTls, parts: { dial: memberDialler(() => shown) } }, set)
    await expectAdmitted(doors, admitted)
  })

  const expectAdmitted = async (doors: Doors, admitted: boolean): Promise<void> => {
    const { socket, closed } = dial(port(doors))
    socket.write(Buffer.concat([awsHeader(linkId), hello]))
    if (admitted) {
      const reply = await new Promise<Buffer>((resolve) => socket.once('data', resolve))
      expect(BSON.deserialize(reply.subarray(21))).toMatchObject({ hosts: [doors.seeds] })
      return
    }
    await closed
    expect(lineOf(doors, 'connection refused')).toMatchObject({ side: 'member' })
  }
})
