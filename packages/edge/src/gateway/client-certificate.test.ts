// Certificates of clients: which are let in, by a table; and with real handshakes what a client without one sees, that its
// member is never dialled, and what becomes of who is there when the authorities change.

import { connect as connectTls, createSecureContext } from 'node:tls'
import type { GatewayPolicy } from '@postern/contract/snapshot'
import { beforeAll, describe, expect, test } from 'vitest'
import { contextsOf } from '../certificates/contexts.ts'
import { eventually } from '../testing/eventually.ts'
import { admit, indexSnapshot } from './admit.ts'
import { againstClient, type ClientCertificate } from './client-certificate.ts'
import { closing, createBench, hello, lineOf, port } from './testing/bench.ts'
import { type Authority, createAuthority } from './testing/certificates.ts'
import { awsHeader, type Doors, linkId } from './testing/doors.ts'

const { start, dial } = createBench()
type Pair = Awaited<ReturnType<Authority['client']>>

let theirs: Authority
let below: Authority
let deep: Authority
let others: Authority
let server: Pair
const clients: Record<string, Pair | undefined> = {}

beforeAll(async () => {
  ;[theirs, others] = await Promise.all([createAuthority(), createAuthority()])
  below = await theirs.below('CN=an authority below')
  deep = await below.below('CN=one further below')
  server = await others.issue(['pl-0.test.internal', '127.0.0.1'])
  const app = { subject: 'O=Example,OU=shop,CN=app', dnsNames: ['app.Example.test'] }
  Object.assign(clients, {
    app: await theirs.client(app),
    other: await theirs.client({ subject: 'CN=other' }),
    below: await below.client(app),
    deep: await deep.client(app),
    stranger: await others.client(app),
    late: await theirs.client({ ...app, until: new Date('2021-01-01') }),
    tricky: await theirs.client({ subject: 'CN=x', dnsNames: ['a, DNS:app.example.test, DNS:b'] }),
  })
})

describe('which certificate is let in', () => {
  const shown = (more: Partial<ClientCertificate> = {}): ClientCertificate => ({
    subject: 'CN=app,O=Shop',
    dnsNames: ['app.test'],
    signedBy: [fingerprint(theirs)],
    ...more,
  })
  const fingerprint = ({ ca }: Authority): string => signers.get(ca) ?? ''
  const signers = new Map<string, string>()
  beforeAll(async () => {
    const { X509Certificate } = await import('node:crypto')
    for (const { ca } of [theirs, others]) signers.set(ca, new X509Certificate(ca).fingerprint256)
  })

  test.each<{ says: string; asked: () => GatewayPolicy; shows: () => ClientCertificate | null; code: string | null }>([
    { says: 'nothing is asked', asked: () => ({}), shows: () => null, code: null },
    { says: 'none', asked: () => ({ clientCa: theirs.ca }), shows: () => null, code: 'NO_CLIENT_CERTIFICATE' },
    { says: 'of the authority', asked: () => ({ clientCa: theirs.ca }), shows: () => shown(), code: null },
    {
      says: 'of one of two',
      asked: () => ({ clientCa: `${others.ca}\n${theirs.ca}` }),
      shows: () => shown(),
      code: null,
    },
    { says: 'of another', asked: () => ({ clientCa: others.ca }), shows: () => shown(), code: 'CLIENT_CERTIFICATE' },
    {
      says: 'of nobody known',
      asked: () => ({ clientCa: theirs.ca }),
      shows: () => shown({ signedBy: [] }),
      code: 'CLIENT_CERTIFICATE',
    },
    {
      says: 'an authority that cannot be read',
      asked: () => ({ clientCa: 'x' }),
      shows: () => shown(),
      code: 'CLIENT_CERTIFICATE',
    },
    {
      says: 'its subject',
      asked: () => ({ clientCa: theirs.ca, clientNames: ['CN=app,O=Shop'] }),
      shows: () => shown(),
      code: null,
    },
    {
      says: 'a DNS name of it',
      asked: () => ({ clientCa: theirs.ca, clientNames: ['x', 'APP.test'] }),
      shows: () => shown(),
      code: null,
    },
    {
      says: 'a part of its subject',
      asked: () => ({ clientCa: theirs.ca, clientNames: ['CN=app'] }),
      shows: () => shown(),
      code: 'CLIENT_NAME',
    },
    {
      says: 'nobody at all',
      asked: () => ({ clientCa: theirs.ca, clientNames: [] }),
      shows: () => shown(),
      code: 'CLIENT_NAME',
    },
  ])('$says: $code', ({ asked, shows, code }) => {
    expect(againstClient(asked(), shows())?.code ?? null).toBe(code)
  })
})

const names = ['pl-0.test.internal']
const endpoint = (policy: () => GatewayPolicy) => ({
  tls: true,
  names,
  byAddress: true,
  policy: policy(),
  advertised: { 'member-0': { host: names[0] ?? '', port: 1024 } },
})
const parts = () => {
  const contexts = contextsOf(server)
  return { certificateFor: (_name: string | null, _id: string, clientCa: string | null) => contexts(clientCa) }
}

function dialTls(
  doors: Doors,
  {
    pair,
    servername = '',
    version = 'TLSv1.3' as 'TLSv1.2' | 'TLSv1.3',
    session = undefined as Buffer | undefined,
  }: { pair?: Pair | undefined; servername?: string; version?: 'TLSv1.2' | 'TLSv1.3'; session?: Buffer | undefined },
) {
  const raw = dial(port(doors))
  raw.socket.write(awsHeader(linkId))
  raw.socket.removeAllListeners('data')
  const host = servername === '' ? '127.0.0.1' : servername
  const only = { minVersion: version, maxVersion: version }
  const socket = connectTls({ socket: raw.socket, ca: others.ca, host, servername, ...only, ...pair, session })
  // who speaks first does not know yet, in TLS 1.3, that its certificate is missing
  socket.on('secureConnect', () => socket.write(hello))
  return {
    socket,
    closed: closing(socket),
    answered: new Promise<void>((resolve) => socket.once('data', () => resolve())),
  }
}

const ways = (['TLSv1.2', 'TLSv1.3'] as const).flatMap((version) => [
  { version, servername: names[0] ?? '' },
  { version, servername: '' },
])

describe.each(ways)('$version, asked for "$servername"', (way) => {
  test('the right certificate: the member answers', async () => {
    const clientNames = ['CN=app,OU=shop,O=Example']
    const { doors } = await start({ endpoint: endpoint(() => ({ clientCa: theirs.ca, clientNames })), parts: parts() })
    await dialTls(doors, { ...way, pair: clients.app }).answered
  })

  test('none: an alert says so, and the member is not dialled', async () => {
    const { set, doors } = await start({ endpoint: endpoint(() => ({ clientCa: theirs.ca })), parts: parts() })
    const { closed } = dialTls(doors, way)
    const { error, bytes } = await closed
    expect([error, bytes.length]).toEqual([
      way.version === 'TLSv1.3' ? 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' : 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
      0,
    ])
    await eventually(() => expect(lineOf(doors, 'connection refused')).toMatchObject({ code: 'NO_CLIENT_CERTIFICATE' }))
    expect(set.members[0]?.accepted()).toBe(0)
  })

  test.each([
    { who: 'stranger', code: 'CLIENT_CERTIFICATE' },
    { who: 'late', code: 'CLIENT_CERTIFICATE' },
    { who: 'other', code: 'CLIENT_NAME' },
    { who: 'tricky', code: 'CLIENT_NAME' },
  ])('that of $who: $code, and the member is not dialled', async ({ who, code }) => {
    const clientNames = ['CN=app,OU=shop,O=Example', 'app.example.test']
    const { set, doors } = await start({
      endpoint: endpoint(() => ({ clientCa: theirs.ca, clientNames })),
      parts: parts(),
    })
    expect(clients[who]).toBeDefined()
    const { closed } = dialTls(doors, { ...way, pair: clients[who] })
    expect((await closed).bytes).toHaveLength(0)
    await eventually(() => expect(lineOf(doors, 'connection refused')).toMatchObject({ code }))
    expect(doors.gateway.stats().refused).toEqual({ [code]: 1 })
    expect(set.members[0]?.accepted()).toBe(0)
  })
})

test.each([
  {
    says: 'sent along, under the one that is named',
    pair: () => ({ key: clients.below?.key ?? '', cert: `${clients.below?.cert}\n${below.ca}` }),
    ca: () => theirs.ca,
  },
  {
    says: 'two of them',
    pair: () => ({ key: clients.deep?.key ?? '', cert: `${clients.deep?.cert}\n${deep.ca}\n${below.ca}` }),
    ca: () => theirs.ca,
  },
  { says: 'named alone', pair: () => clients.below, ca: () => below.ca },
])('an intermediate authority: $says', async ({ pair, ca }) => {
  const { doors } = await start({ endpoint: endpoint(() => ({ clientCa: ca() })), parts: parts() })
  await dialTls(doors, { pair: pair() }).answered
})

test('an earlier session is not resumed: a client must show its certificate again', async () => {
  const { doors } = await start({ endpoint: endpoint(() => ({ clientCa: theirs.ca })), parts: parts() })
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const first = dialTls(doors, { version, pair: clients.app })
    const sessions: Buffer[] = []
    first.socket.on('session', (session) => sessions.push(session))
    await first.answered
    const session = sessions[0] ?? first.socket.getSession()
    const again = dialTls(doors, { version, session })
    expect((await again.closed).bytes).toHaveLength(0)
  }
  expect(doors.gateway.stats().refused).toEqual({ NO_CLIENT_CERTIFICATE: 2 })
})

test.each<{ says: string; policy: () => GatewayPolicy; code: string | null }>([
  { says: 'another authority beside', policy: () => ({ clientCa: `${others.ca}\n${theirs.ca}` }), code: null },
  { says: 'the rule is taken back', policy: () => ({}), code: null },
  { says: 'another authority instead', policy: () => ({ clientCa: others.ca }), code: 'CLIENT_CERTIFICATE' },
  { says: 'other names', policy: () => ({ clientCa: theirs.ca, clientNames: ['CN=other'] }), code: 'CLIENT_NAME' },
])('who is there, when it changes: $says', async ({ policy, code }) => {
  const { doors } = await start({ endpoint: endpoint(() => ({ clientCa: theirs.ca })), parts: parts() })
  const { answered, closed } = dialTls(doors, { pair: clients.app })
  await answered
  const endpoints = doors.snapshot.endpoints.map((one) => ({ ...one, policy: policy() }))
  await doors.gateway.take({ epoch: 'e', n: 2, body: { ...doors.snapshot, endpoints } })
  if (code === null) expect(doors.gateway.connections()).toHaveLength(1)
  else {
    await closed
    expect(lineOf(doors, 'connection ended')).toMatchObject({ code })
  }
})

test('who came before the rule showed nothing, and is ended', async () => {
  const { doors } = await start({ endpoint: endpoint(() => ({})), parts: parts() })
  const { answered, closed } = dialTls(doors, { pair: clients.app })
  await answered
  const endpoints = doors.snapshot.endpoints.map((one) => ({ ...one, policy: { clientCa: theirs.ca } }))
  await doors.gateway.take({ epoch: 'e', n: 2, body: { ...doors.snapshot, endpoints } })
  await closed
  expect(lineOf(doors, 'connection ended')).toMatchObject({ code: 'NO_CLIENT_CERTIFICATE' })
})

test('an endpoint that speaks no TLS lets nobody in', async () => {
  const { doors } = await start({ endpoint: { policy: { clientCa: theirs.ca } } })
  const link = { provider: 'AWS', linkId } as const
  const arrival = { gatewayPort: port(doors), link, sni: 'unread' } as const
  expect(admit(indexSnapshot(doors.snapshot), arrival)).toMatchObject({ admit: false, code: 'NO_TLS' })
})

test('contexts of one certificate are made once', () => {
  const contexts = contextsOf(server)
  expect(contexts(null)).toBe(contexts(null))
  expect(contexts(theirs.ca)).toBe(contexts(theirs.ca))
  expect(contexts(theirs.ca)).not.toBe(contexts(null))
  expect(Object.getPrototypeOf(contexts(null))).toBe(Object.getPrototypeOf(createSecureContext()))
})
