// Where members are shown the gateway's certificate, nobody signs in by certificate: the member would take the client for the
// gateway. In whatever form it is asked; what cannot sign anybody in passes unjudged.

import { BSON, type Document } from 'bson'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../testing/eventually.ts'
import { createBench, lineOf, port } from '../testing/bench.ts'
import { createAuthority } from '../testing/certificates.ts'
import { awsHeader, linkId } from '../testing/doors.ts'
import { startFakeSet } from '../testing/fake-set.ts'
import {
  body,
  compressed,
  endpoint,
  judged,
  message,
  msg,
  query,
  sections,
  sequence,
} from '../testing/guarded-requests.ts'
import { memberDialler } from '../upstream.ts'
import { createGuard } from './guard.ts'

const payload = new BSON.Binary(Buffer.from('n,,n=app,r=x'))
const x509 = { authenticate: 1, mechanism: 'MONGODB-X509', $db: '$external' }
const sasl = (mechanism: unknown): Document => ({ saslStart: 1, mechanism, payload, $db: '$external' })
const as = (command: Document): Buffer => sections(0, body(command))
const speculating = (inner: unknown, name = 'hello'): Document => ({
  [name]: 1,
  speculativeAuthenticate: inner,
  $db: 'admin',
})
const padding = { $comment: 'x'.repeat(1000) }

/** Every way to ask for it that a member might take. */
const forms: readonly { readonly says: string; readonly request: Buffer }[] = [
  { says: 'authenticate', request: as(x509) },
  { says: 'authenticate with its user', request: as({ ...x509, user: 'CN=the-gateway' }) },
  { says: 'authenticate without a mechanism', request: as({ authenticate: 1, $db: '$external' }) },
  { says: 'saslStart', request: as(sasl('MONGODB-X509')) },
  { says: 'saslStart by a mechanism that nobody knows', request: as(sasl('MONGODB-X510')) },
  { says: 'saslStart by no text', request: as(sasl(7)) },
  { says: 'hello with authenticate', request: as(speculating({ ...x509, db: '$external' })) },
  { says: 'isMaster with saslStart', request: as(speculating(sasl('MONGODB-X509'), 'isMaster')) },
  { says: 'hello with what is no document', request: as(speculating('authenticate')) },
  {
    says: 'hello with a sequence',
    request: sections(0, body({ hello: 1 }), sequence('speculativeAuthenticate', [x509])),
  },
  { says: 'saslStart that says two mechanisms', request: twice(sasl('SCRAM-SHA-256'), sasl('MONGODB-X509')) },
  { says: 'authenticate behind a sequence', request: sections(0, sequence('a', [{ b: 1 }]), body(x509)) },
  {
    says: 'authenticate behind a long sequence',
    request: sections(
      0,
      sequence(
        'a',
        Array.from({ length: 40 }, () => padding),
      ),
      body(x509),
    ),
  },
  { says: 'authenticate behind a section of another kind', request: sections(0, other(), body(x509)) },
  { says: 'authenticate as OP_QUERY', request: query('$external.$cmd', x509) },
  { says: 'authenticate wrapped in OP_QUERY', request: query('$external.$cmd', { $query: x509 }) },
  { says: 'isMaster as OP_QUERY', request: query('admin.$cmd', speculating({ ...x509, db: '$external' }, 'isMaster')) },
]

function twice(one: Document, other: Document): Buffer {
  const [first, second] = [one, other].map((each) => Buffer.from(BSON.serialize(each)))
  const both = Buffer.concat([first?.subarray(4, -1) ?? '', second?.subarray(4) ?? ''] as Buffer[])
  const size = Buffer.alloc(4)
  size.writeInt32LE(both.length + 4)
  return sections(0, Buffer.concat([Buffer.from([0]), size, both]))
}

function other(): Buffer {
  return Buffer.from([2, 8, 0, 0, 0, 1, 2, 3, 4])
}

const guard = () => createGuard(null, endpoint, true)
/** As a gateway does: what does not concern the guard passes. */
const seen = (request: Buffer): string =>
  guard().concerns(request, 0, request.length) === true ? judged(guard(), request) : 'unjudged'

describe('is refused', () => {
  test.each(forms.flatMap((form) => [form, { says: `${form.says}, compressed`, request: compressed(form.request) }]))(
    '$says',
    ({ request }) => {
      expect(seen(request)).toMatch(/^(MEMBER_CERTIFICATE|UNREADABLE_REQUEST|OP_QUERY)$/)
      const verdict = guard().judge(request)
      if (verdict.message !== null) expect(verdict.message.includes('MONGODB-X509')).toBe(false)
    },
  )

  test('also where an endpoint lets that user in', () => {
    const rules = { readOnly: false, databaseUsers: [{ username: 'CN=app', databaseName: '$external' }] }
    const request = as({ ...x509, user: 'CN=app' })
    expect(judged(createGuard(rules, endpoint), request)).toBe('passes')
    expect(judged(createGuard(rules, endpoint, true), request)).toBe('MEMBER_CERTIFICATE')
  })
})

describe('is not', () => {
  test.each(['SCRAM-SHA-1', 'SCRAM-SHA-256', 'PLAIN', 'GSSAPI', 'MONGODB-AWS', 'MONGODB-OIDC'])('%s', (mechanism) => {
    expect(seen(as(sasl(mechanism)))).toBe('passes')
    expect(seen(as(speculating({ ...sasl(mechanism), db: 'admin' })))).toBe('passes')
  })

  test.each<{ says: string; request: Buffer }>([
    { says: 'a find', request: msg({ find: 'c' }) },
    { says: 'an aggregation', request: msg({ aggregate: 'c', pipeline: [] }) },
    { says: 'saslContinue', request: msg({ saslContinue: 1, conversationId: 1, payload }) },
    { says: 'an insert with its documents', request: sections(0, body({ insert: 'c' }), sequence('documents', [{}])) },
    { says: 'a compressed one', request: compressed(msg({ insert: 'c', documents: [padding] })) },
    { says: 'a write of long ago', request: message(2002, Buffer.alloc(20)) },
  ])('$says passes as it came', ({ request }) => {
    expect(seen(request)).toBe('unjudged')
  })
})

describe('at a member that asks for a certificate', async () => {
  const { start, dial } = createBench()
  const authority = await createAuthority()

  const begin = async ({ shows }: { readonly shows: boolean }) => {
    const asks = { requestCert: true, rejectUnauthorized: false, ca: authority.ca, maxVersion: 'TLSv1.2' as const }
    const set = await startFakeSet({ members: 1, tls: { ...(await authority.issue(['localhost'])), ...asks } })
    const shown = shows ? await authority.issue(['the-gateway']) : null
    const clusterTls = { ca: authority.ca, allowInvalidHostnames: false }
    const { doors } = await start({ clusterTls, parts: { dial: memberDialler(() => shown) } }, set)
    const { socket } = dial(port(doors))
    const answers: Document[] = []
    let held = Buffer.alloc(0)
    socket.on('data', (chunk: Buffer) => {
      held = Buffer.concat([held, chunk])
      for (; held.length >= 16 && held.length >= held.readInt32LE(0); held = held.subarray(held.readInt32LE(0)))
        answers.push(BSON.deserialize(held.subarray(21, held.readInt32LE(0))))
    })
    socket.write(awsHeader(linkId))
    let id = 0
    const send = (request: Buffer): void => {
      request.writeInt32LE(++id, 4)
      socket.write(request)
    }
    const ask = (command: Document): void => send(as(command))
    return { set, doors, ask, send, answers }
  }

  test('the member is asked none of it; its client is answered as by a server, and goes on', async () => {
    const { set, doors, ask, answers } = await begin({ shows: true })
    for (const command of [speculating({ ...x509, db: '$external' }), x509, sasl('MONGODB-X509')]) ask(command)
    for (const command of [sasl('SCRAM-SHA-256'), { find: 'c', $db: 'shop' }]) ask(command)
    const refused = {
      ok: 0,
      code: 18,
      codeName: 'AuthenticationFailed',
      errmsg: expect.stringContaining('the gateway'),
    }
    await eventually(() => expect(answers).toMatchObject([{ ok: 1 }, refused, refused, { ok: 1 }, { ok: 1 }]))
    expect(set.commands).toEqual(['hello', 'ping', 'ping', 'saslStart', 'find'])
    expect(JSON.stringify(set.asked)).not.toContain('MONGODB-X509')
    expect(lineOf(doors, 'request refused')).toMatchObject({ code: 'MEMBER_CERTIFICATE', side: 'client' })
    expect(doors.gateway.refusals()).toMatchObject([{ code: 'MEMBER_CERTIFICATE', what: 'request', count: 3 }])
  })

  test('what was judged because nobody could see through it goes on as it came', async () => {
    const { set, send, answers } = await begin({ shows: true })
    const opaque = sections(
      0,
      sequence(
        'documents',
        Array.from({ length: 40 }, () => padding),
      ),
      body({ insert: 'c', $db: 'shop' }),
    )
    const request = compressed(opaque)
    expect(guard().concerns(request, 0, request.length)).toBe(true)
    send(as({ hello: 1, $db: 'admin' }))
    send(request)
    await eventually(() => expect([set.compressed(), answers.length]).toEqual([1, 1]))
  })

  test('where the gateway shows none, the member judges who asks', async () => {
    const { set, ask } = await begin({ shows: false })
    for (const command of [{ hello: 1, $db: 'admin' }, x509]) ask(command)
    await eventually(() => expect(set.commands).toEqual(['hello', 'authenticate']))
  })
})
