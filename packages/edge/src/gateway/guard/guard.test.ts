// The specification of guarded endpoints: which request goes on to the member and which is answered in its place, by the
// endpoint's policy. Messages are made here by the bson package, not by the code that reads them.

import { deflateSync } from 'node:zlib'
import { BSON, type Document } from 'bson'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { budget } from '../testing/chunks.ts'
import { opMsg } from '../testing/fake-set.ts'
import { WireRefusal } from '../wire/refusal.ts'
import { createGuard, type Guard, type GuardRules } from './guard.ts'

const endpoint = 'vpce-1'
const app = { username: 'app', databaseName: 'admin' }
const readOnly: GuardRules = { readOnly: true, databaseUsers: null }
const users: GuardRules = { readOnly: false, databaseUsers: [app, { username: 'CN=app', databaseName: '$external' }] }

const message = (opcode: number, body: Buffer, id = 7): Buffer => {
  const head = Buffer.alloc(16)
  head.writeInt32LE(16 + body.length, 0)
  head.writeInt32LE(id, 4)
  head.writeInt32LE(opcode, 12)
  return Buffer.concat([head, body])
}
const document = (value: Document): Buffer => Buffer.from(BSON.serialize(value))
const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}
const sequence = (name: string, documents: readonly Document[]): Buffer => {
  const inside = Buffer.concat([Buffer.from(`${name}\0`), ...documents.map(document)])
  return Buffer.concat([Buffer.from([1]), int32(4 + inside.length), inside])
}
const body = (value: Document): Buffer => Buffer.concat([Buffer.from([0]), document(value)])
const sections = (flags: number, ...parts: readonly Buffer[]): Buffer =>
  message(2013, Buffer.concat([int32(flags), ...parts]))
const msg = (command: Document): Buffer => sections(0, body({ ...command, $db: 'shop' }))
const query = (namespace: string, command: Document): Buffer =>
  message(2004, Buffer.concat([int32(0), Buffer.from(`${namespace}\0`), int32(0), int32(-1), document(command)]))
const compressed = (plain: Buffer, { compressor = 2, size = plain.length - 16 } = {}): Buffer => {
  const data = compressor === 2 ? deflateSync(plain.subarray(16)) : plain.subarray(16)
  const fields = Buffer.concat([plain.subarray(12, 16), int32(size), Buffer.from([compressor])])
  return message(2012, Buffer.concat([fields, data]))
}

/** `passes`, or the code by which it was refused. */
const judged = (guard: Guard, request: Buffer): string => {
  const verdict = guard.judge(request)
  return verdict.refused?.code ?? 'passes'
}
const once = (rules: GuardRules, request: Buffer): string => judged(createGuard(rules, endpoint), request)
const aggregate = (...pipeline: readonly Document[]): Document => ({ aggregate: 'c', pipeline, cursor: {} })

describe('read-only: what goes through', () => {
  test.each<{ command: Document }>([
    { command: { hello: 1 } },
    { command: { ping: 1 } },
    { command: { buildInfo: 1 } },
    { command: { find: 'c', filter: { a: 1 } } },
    { command: { getMore: 1n, collection: 'c' } },
    { command: { killCursors: 'c', cursors: [] } },
    { command: { count: 'c' } },
    { command: { distinct: 'c', key: 'a' } },
    { command: { listDatabases: 1 } },
    { command: { listCollections: 1 } },
    { command: { endSessions: [] } },
    { command: { commitTransaction: 1 } },
    { command: { explain: { find: 'c' }, verbosity: 'queryPlanner' } },
    { command: { explain: aggregate({ $match: {} }) } },
    { command: aggregate() },
    { command: aggregate({ $match: { a: 1 } }, { $group: { _id: '$a' } }, { $sort: { _id: 1 } }) },
    { command: aggregate({ $lookup: { from: 'd', as: 'd', pipeline: [{ $match: {} }] } }) },
    { command: aggregate({ $lookup: { from: 'd', as: 'd', localField: 'a', foreignField: 'b' } }) },
    { command: aggregate({ $unionWith: 'd' }) },
    { command: aggregate({ $unionWith: { coll: 'd', pipeline: [{ $project: { a: 1 } }] } }) },
    { command: aggregate({ $facet: { one: [{ $count: 'n' }], two: [{ $limit: 1 }] } }) },
    { command: aggregate({ $changeStream: {} }) },
    { command: aggregate({ $match: { $out: 1, insert: { $merge: 1 } } }) },
  ])('$command', ({ command }) => {
    expect(once(readOnly, msg(command))).toBe('passes')
  })
})

describe('read-only: what is refused', () => {
  const nested = (depth: number): Document =>
    depth === 0 ? { $match: {} } : { $unionWith: { coll: 'c', pipeline: [nested(depth - 1)] } }
  test.each<{ command: Document }>([
    { command: { insert: 'c', documents: [{ a: 1 }] } },
    { command: { update: 'c', updates: [] } },
    { command: { delete: 'c', deletes: [] } },
    { command: { findAndModify: 'c' } },
    { command: { findandmodify: 'c' } },
    { command: { bulkWrite: 1, ops: [] } },
    { command: { mapReduce: 'c', out: 'd' } },
    { command: { create: 'c' } },
    { command: { drop: 'c' } },
    { command: { dropDatabase: 1 } },
    { command: { createIndexes: 'c', indexes: [] } },
    { command: { renameCollection: 'a.b', to: 'a.c' } },
    { command: { createUser: 'x' } },
    { command: { applyOps: [] } },
    { command: { validate: 'c', repair: true } },
    { command: { killOp: 1 } },
    { command: { setParameter: 1 } },
    { command: { profile: 2 } },
    { command: { shutdown: 1 } },
    { command: { commandOfTomorrow: 1 } },
    { command: { FIND: 'c' } },
    { command: { constructor: 1 } },
    { command: { '': 1 } },
    { command: { explain: { update: 'c' } } },
    { command: { explain: { explain: { find: 'c' } } } },
    { command: { explain: 'c' } },
    { command: { explain: aggregate({ $out: 'd' }) } },
    { command: aggregate({ $out: 'd' }) },
    { command: aggregate({ $match: {} }, { $merge: { into: 'd' } }) },
    { command: aggregate({ $lookup: { from: 'd', as: 'd', pipeline: [{ $out: 'e' }] } }) },
    { command: aggregate({ $unionWith: { coll: 'd', pipeline: [{ $merge: 'e' }] } }) },
    { command: aggregate({ $facet: { one: [{ $count: 'n' }], two: [{ $out: 'e' }] } }) },
    { command: aggregate({ $facet: { one: { $out: 'e' } } }) },
    { command: aggregate({ $lookup: { from: 'd', as: 'd', pipeline: { 0: { $out: 'e' } } } }) },
    { command: aggregate({ $lookup: 'd' }) },
    { command: aggregate({ $unionWith: 1 }) },
    { command: aggregate({ $match: {}, $out: 'd' }) },
    { command: aggregate({}) },
    { command: aggregate({ $stageOfTomorrow: 1 }) },
    { command: aggregate({ $_internalInhibitOptimization: {} }) },
    { command: aggregate(nested(30)) },
    { command: { aggregate: 'c', pipeline: { 0: { $out: 'd' } } } },
    { command: { aggregate: 'c', pipeline: [['$out']] } },
    { command: { aggregate: 'c' } },
  ])('$command', ({ command }) => {
    expect(once(readOnly, msg(command))).toBe('READ_ONLY')
  })
})

describe('every section is read', () => {
  const out = { $out: 'd' }
  const bare = { aggregate: 'c', cursor: {}, $db: 'shop' }
  test.each([
    {
      says: 'a pipeline as a sequence',
      request: sections(0, body(bare), sequence('pipeline', [{ $match: {} }])),
      is: 'passes',
    },
    {
      says: 'a stage that writes in a sequence',
      request: sections(0, body(bare), sequence('pipeline', [out])),
      is: 'READ_ONLY',
    },
    {
      says: 'the sequence before the body',
      request: sections(0, sequence('pipeline', [out]), body(bare)),
      is: 'READ_ONLY',
    },
    {
      says: 'a write whose documents come first',
      request: sections(0, sequence('documents', [{ find: 'c' }]), body({ insert: 'c', $db: 'shop' })),
      is: 'READ_ONLY',
    },
    {
      says: 'a field in the body and as a sequence',
      request: sections(0, body({ ...bare, pipeline: [] }), sequence('pipeline', [out])),
      is: 'UNREADABLE_REQUEST',
    },
    {
      says: 'two sequences of one name',
      request: sections(0, body(bare), sequence('pipeline', []), sequence('pipeline', [out])),
      is: 'UNREADABLE_REQUEST',
    },
    { says: 'two bodies', request: sections(0, body({ find: 'c' }), body({ insert: 'c' })), is: 'UNREADABLE_REQUEST' },
    { says: 'no body', request: sections(0, sequence('documents', [])), is: 'UNREADABLE_REQUEST' },
    {
      says: 'a section of another kind',
      request: sections(0, body({ find: 'c' }), Buffer.from([2, 5, 0, 0, 0])),
      is: 'UNREADABLE_REQUEST',
    },
    {
      says: 'a byte behind the last section',
      request: sections(0, body({ find: 'c' }), Buffer.from([0])),
      is: 'UNREADABLE_REQUEST',
    },
    { says: 'a flag that nobody knows', request: sections(4, body({ find: 'c' })), is: 'UNREADABLE_REQUEST' },
    { says: 'a checksum', request: sections(1, body({ find: 'c' }), int32(0)), is: 'passes' },
    {
      says: 'a body in the place of the checksum',
      request: sections(1, body({ insert: 'c' })),
      is: 'UNREADABLE_REQUEST',
    },
    {
      says: 'a sequence that claims more than there is',
      request: sections(0, body({ find: 'c' }), Buffer.from('01ffffff7f6100', 'hex')),
      is: 'UNREADABLE_REQUEST',
    },
    {
      says: 'a sequence of a negative length',
      request: sections(0, body({ find: 'c' }), Buffer.from('01ffffffff6100', 'hex')),
      is: 'UNREADABLE_REQUEST',
    },
  ])('$says: $is', ({ request, is }) => {
    expect(once(readOnly, request)).toBe(is)
  })

  test('a field that is said twice, of which the member may take the other one', () => {
    const [one, two] = [document({ pipeline: [] }), document({ pipeline: [out] })]
    const head = document({ aggregate: 'c', cursor: {}, $db: 'shop' })
    const inside = Buffer.concat([head.subarray(4, -1), one.subarray(4, -1), two.subarray(4, -1)])
    const both = Buffer.concat([int32(inside.length + 5), inside, Buffer.from([0])])
    expect(once(readOnly, sections(0, Buffer.concat([Buffer.from([0]), both])))).toBe('UNREADABLE_REQUEST')
  })
})

describe('compression hides nothing', () => {
  const insert = msg({ insert: 'c', documents: [] })
  test.each([
    { says: 'a read', request: compressed(msg({ find: 'c' })), is: 'passes' },
    { says: 'a write', request: compressed(insert), is: 'READ_ONLY' },
    { says: 'a write that is not compressed at all', request: compressed(insert, { compressor: 0 }), is: 'READ_ONLY' },
    {
      says: 'a compressor that nobody agreed on',
      request: compressed(insert, { compressor: 9 }),
      is: 'UNREADABLE_REQUEST',
    },
    {
      says: 'another size than it claims',
      request: compressed(msg({ find: 'c' }), { size: 3 }),
      is: 'UNREADABLE_REQUEST',
    },
    {
      says: 'more than any message may have',
      request: compressed(insert, { size: 100_000_000 }),
      is: 'UNREADABLE_REQUEST',
    },
    { says: 'one inside another', request: compressed(compressed(insert)), is: 'UNREADABLE_REQUEST' },
    { says: 'an insert of the time before OP_MSG', request: compressed(message(2002, Buffer.alloc(20))), is: 'ends' },
  ])('$says: $is', ({ request, is }) => {
    const guard = createGuard(readOnly, endpoint)
    if (is === 'ends') expect(() => guard.judge(request)).toThrow(WireRefusal)
    else expect(judged(guard, request)).toBe(is)
  })

  test('what goes on is what was judged: without its compression', () => {
    const plain = msg({ find: 'c' })
    expect(createGuard(readOnly, endpoint).judge(compressed(plain)).message).toEqual(plain)
  })
})

describe('requests of the time before OP_MSG', () => {
  const wrapped = { $query: { isMaster: 1 }, $readPreference: { mode: 'primary' } }
  test.each([
    { says: 'hello', request: query('admin.$cmd', { ismaster: 1, helloOk: true }), is: 'passes' },
    { says: 'hello in a wrapper', request: query('admin.$cmd', wrapped), is: 'passes' },
    { says: 'a command', request: query('shop.$cmd', { insert: 'c' }), is: 'OP_QUERY' },
    { says: 'a command in a wrapper', request: query('shop.$cmd', { $query: { insert: 'c' } }), is: 'OP_QUERY' },
    { says: 'a read', request: query('shop.c', { a: 1 }), is: 'OP_QUERY' },
    { says: 'a query that looks like hello', request: query('shop.c', { hello: 1 }), is: 'OP_QUERY' },
  ])('OP_QUERY, $says: $is', ({ request, is }) => {
    for (const rules of [readOnly, users]) expect(once(rules, request)).toBe(is)
  })

  test('OP_QUERY with something behind its document cannot be read', () => {
    const request = query('admin.$cmd', { hello: 1 })
    const longer = message(2004, Buffer.concat([request.subarray(16), document({})]))
    expect(once(readOnly, longer)).toBe('UNREADABLE_REQUEST')
  })

  test.each([2001, 2002, 2005, 2006, 2007, 2010, 2011, 1])('opcode %i has no answer: its connection ends', (opcode) => {
    expect(() => createGuard(readOnly, endpoint).judge(message(opcode, Buffer.alloc(40)))).toThrow(WireRefusal)
  })
})

describe('allowed users: every way to authenticate', () => {
  const scram = (name: string): Buffer => Buffer.from(`n,,n=${name},r=nonce`)
  const start = (payload: unknown, { mechanism = 'SCRAM-SHA-256', db = 'admin' } = {}): Document => ({
    saslStart: 1,
    mechanism,
    payload: Buffer.isBuffer(payload) ? new BSON.Binary(payload) : payload,
    $db: db,
  })
  const x509 = (user: Document): Document => ({ authenticate: 1, mechanism: 'MONGODB-X509', ...user, $db: '$external' })
  const as = (command: Document): Buffer => sections(0, body(command))

  test.each<{ says: string; command: Document; is: string }>([
    { says: 'SCRAM, allowed', command: start(scram('app')), is: 'passes' },
    { says: 'SCRAM-SHA-1, allowed', command: start(scram('app'), { mechanism: 'SCRAM-SHA-1' }), is: 'passes' },
    { says: 'the same name of another database', command: start(scram('app'), { db: 'shop' }), is: 'USER_NOT_ALLOWED' },
    { says: 'another name', command: start(scram('root')), is: 'USER_NOT_ALLOWED' },
    { says: 'a name in other letters', command: start(scram('App')), is: 'USER_NOT_ALLOWED' },
    { says: 'a name that looks alike', command: start(scram('ａpp')), is: 'USER_NOT_ALLOWED' },
    { says: 'a longer name', command: start(scram('app=2C')), is: 'USER_NOT_ALLOWED' },
    { says: 'a name that is escaped wrongly', command: start(scram('app=2c')), is: 'USER_NOT_ALLOWED' },
    { says: 'on behalf of somebody', command: start(Buffer.from('n,a=root,n=app,r=x')), is: 'USER_NOT_ALLOWED' },
    { says: 'an extension before the name', command: start(Buffer.from('n,,m=x,n=app,r=x')), is: 'USER_NOT_ALLOWED' },
    { says: 'two names', command: start(Buffer.from('n,,n=app,n=root,r=x')), is: 'USER_NOT_ALLOWED' },
    { says: 'no UTF-8', command: start(Buffer.from('n,,n=\xff,r=x', 'latin1')), is: 'USER_NOT_ALLOWED' },
    { says: 'a payload as text', command: start('n,,n=app,r=x'), is: 'USER_NOT_ALLOWED' },
    { says: 'no payload', command: { saslStart: 1, mechanism: 'SCRAM-SHA-256', $db: 'admin' }, is: 'USER_NOT_ALLOWED' },
    { says: 'PLAIN, allowed', command: start(Buffer.from('\0app\0secret'), { mechanism: 'PLAIN' }), is: 'passes' },
    {
      says: 'PLAIN as another',
      command: start(Buffer.from('\0root\0secret'), { mechanism: 'PLAIN' }),
      is: 'USER_NOT_ALLOWED',
    },
    {
      says: 'PLAIN on behalf',
      command: start(Buffer.from('root\0app\0secret'), { mechanism: 'PLAIN' }),
      is: 'USER_NOT_ALLOWED',
    },
    { says: 'MONGODB-AWS', command: start(Buffer.from('app'), { mechanism: 'MONGODB-AWS' }), is: 'USER_NOT_ALLOWED' },
    { says: 'MONGODB-OIDC', command: start(scram('app'), { mechanism: 'MONGODB-OIDC' }), is: 'USER_NOT_ALLOWED' },
    { says: 'GSSAPI', command: start(scram('app'), { mechanism: 'GSSAPI' }), is: 'USER_NOT_ALLOWED' },
    { says: 'X.509, allowed', command: x509({ user: 'CN=app' }), is: 'passes' },
    { says: 'X.509 of another', command: x509({ user: 'CN=root' }), is: 'USER_NOT_ALLOWED' },
    { says: 'X.509 without a name', command: x509({}), is: 'USER_NOT_ALLOWED' },
    { says: 'MONGODB-CR', command: { authenticate: 1, user: 'app', key: 'x', $db: 'admin' }, is: 'USER_NOT_ALLOWED' },
  ])('$says: $is', ({ command, is }) => {
    expect(once(users, as(command))).toBe(is)
    const { $db, ...inside } = command
    const hello = as({ hello: 1, speculativeAuthenticate: { ...inside, db: $db }, $db: 'admin' })
    expect(once(users, hello)).toBe(is)
  })

  test('hello loses an authentication that is not allowed, and goes on without; so does one as OP_QUERY', () => {
    const hello = { hello: 1, client: { driver: { name: 'x' } }, $db: 'admin' }
    const { $db: _, ...inside } = start(scram('root'))
    const asked = { ...hello, speculativeAuthenticate: { ...inside, db: 'admin' } }
    const guard = createGuard(users, endpoint)
    expect(guard.judge(as(asked)).message).toEqual(as(hello))
    expect(guard.judge(query('admin.$cmd', asked)).message).toEqual(query('admin.$cmd', hello))
    expect(judged(guard, query('admin.$cmd', { $query: asked }))).toBe('USER_NOT_ALLOWED')
    expect('reply' in guard.judge(query('admin.$cmd', { $query: asked }))).toBe(true)
  })

  test.each<Document>([
    { speculativeAuthenticate: 1 },
    { speculativeAuthenticate: { ping: 1 } },
    { speculativeAuthenticate: [{ saslStart: 1 }] },
  ])('hello with %j: who comes cannot be told', (field) => {
    expect(once(users, as({ hello: 1, ...field, $db: 'admin' }))).toBe('USER_NOT_ALLOWED')
  })

  test('nothing but the handshake goes on before an allowed user has begun to authenticate', () => {
    const guard = createGuard(users, endpoint)
    for (const command of [{ hello: 1 }, { ping: 1 }, { buildInfo: 1 }])
      expect(judged(guard, msg(command))).toBe('passes')
    const others = [{ find: 'c' }, { insert: 'c' }, { saslContinue: 1 }, { listDatabases: 1 }, { getMore: 1n }]
    for (const command of others) expect(judged(guard, msg(command))).toBe('NOT_AUTHENTICATED')
    expect(judged(guard, as(start(scram('root'))))).toBe('USER_NOT_ALLOWED')
    expect(judged(guard, msg({ find: 'c' }))).toBe('NOT_AUTHENTICATED')
    expect(judged(guard, as(start(scram('app'))))).toBe('passes')
    for (const command of others) expect(judged(guard, msg(command))).toBe('passes')
  })

  test('whoever is in cannot become somebody else', () => {
    const guard = createGuard(users, endpoint)
    expect(judged(guard, as(start(scram('app'))))).toBe('passes')
    expect(judged(guard, as(start(scram('root'))))).toBe('USER_NOT_ALLOWED')
    expect(judged(guard, as(x509({ user: 'CN=root' })))).toBe('USER_NOT_ALLOWED')
    expect(judged(guard, msg({ find: 'c' }))).toBe('passes')
  })

  test('an empty list lets nobody in', () => {
    expect(once({ readOnly: false, databaseUsers: [] }, as(start(scram('app'))))).toBe('USER_NOT_ALLOWED')
  })

  test('a user that is allowed may write where the endpoint is not read-only, and not where it is', () => {
    for (const [rules, is] of [
      [users, 'passes'],
      [{ ...users, readOnly: true }, 'READ_ONLY'],
    ] as const) {
      const guard = createGuard(rules, endpoint)
      guard.judge(as(start(scram('app'))))
      expect(judged(guard, msg({ insert: 'c', documents: [] }))).toBe(is)
    }
  })
})

describe('the answer', () => {
  const read = (reply: Buffer, at: number) => ({
    length: reply.readInt32LE(0) === reply.length,
    responseTo: reply.readInt32LE(8),
    opcode: reply.readInt32LE(12),
    document: BSON.deserialize(reply.subarray(at)),
  })
  const answered = (request: Buffer): { readonly reply: Buffer; readonly message: Buffer } => {
    const verdict = createGuard(readOnly, endpoint).judge(request)
    if (!('reply' in verdict)) throw new Error('not answered')
    return verdict
  }

  test('has the server’s own form, and the member is asked something harmless under the same id', () => {
    const { reply, message: asked } = answered(msg({ insert: 'c' }))
    expect(read(reply, 21)).toEqual({
      length: true,
      responseTo: 7,
      opcode: 2013,
      document: {
        ok: 0,
        errmsg: 'insert is not allowed: endpoint vpce-1 is read-only (a policy of the private endpoint)',
        code: 13,
        codeName: 'Unauthorized',
      },
    })
    expect(asked).toEqual(opMsg(7, 0, false, { ping: 1, $db: 'admin' }))
  })

  test('to OP_QUERY is an OP_REPLY with one document', () => {
    const { reply } = answered(query('shop.$cmd', { insert: 'c' }))
    expect(read(reply, 36)).toMatchObject({
      length: true,
      responseTo: 7,
      opcode: 1,
      document: { ok: 0, code: 352, codeName: 'UnsupportedOpQueryCommand' },
    })
    expect([reply.readInt32LE(16), reply.readBigInt64LE(20), reply.readInt32LE(32)]).toEqual([8, 0n, 1])
  })

  test('is none where nobody waits for one: the write is dropped', () => {
    const request = sections(2, body({ insert: 'c', writeConcern: { w: 0 }, $db: 'shop' }))
    const verdict = createGuard(readOnly, endpoint).judge(request)
    expect(verdict).toMatchObject({ message: null, refused: { code: 'READ_ONLY' } })
  })
})

test('whatever bytes come, they are judged or their connection ends, and no write goes on', () => {
  const commands = [
    msg({ find: 'c' }),
    msg({ insert: 'c', documents: [{ a: 1 }] }),
    sections(0, body({ aggregate: 'c', $db: 'shop' }), sequence('pipeline', [{ $out: 'd' }])),
  ]
  fc.assert(
    fc.property(
      fc.constantFrom(...commands),
      fc.array(fc.tuple(fc.nat(), fc.nat(255)), { maxLength: 4 }),
      (base, changes) => {
        const request = Buffer.from(base)
        for (const [at, value] of changes) request[16 + (at % (request.length - 16))] = value
        try {
          const { message: on } = createGuard(readOnly, endpoint).judge(request)
          if (on === null || on !== request) return
          const command = BSON.deserialize(on.subarray(21, 21 + on.readInt32LE(21)), { validation: { utf8: false } })
          expect(Object.keys(command)[0]).not.toMatch(/^(insert|update|delete)$/)
          expect(JSON.stringify(command)).not.toContain('"$out"')
        } catch (error) {
          if (!(error instanceof WireRefusal) && !(error instanceof BSON.BSONError)) throw error
        }
      },
    ),
    { ...budget, numRuns: 2000 },
  )
})
