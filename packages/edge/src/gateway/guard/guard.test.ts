// How a guarded endpoint answers what it refuses in the member's place; and that no bytes whatever get past it. What is refused is
// the matter of read-only.test.ts, authentication.test.ts and request.test.ts.

import { BSON } from 'bson'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { budget } from '../testing/chunks.ts'
import { opMsg } from '../testing/fake-set.ts'
import { body, endpoint, msg, query, readOnly, sections, sequence, users } from '../testing/guarded-requests.ts'
import { createExchange } from '../translate/exchange.ts'
import { WireRefusal } from '../wire/refusal.ts'
import { createGuard, type GuardRefusal } from './guard.ts'

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

type Said = readonly ['asks' | 'answers', Buffer]

describe('whoever is allowed has signed in', () => {
  const payload = new BSON.Binary(Buffer.from('n,,n=app,r=x'))
  const first = opMsg(1, 0, false, { saslStart: 1, mechanism: 'SCRAM-SHA-256', payload, $db: 'admin' })
  const next = (id: number) => opMsg(id, 0, false, { saslContinue: 1, conversationId: 1, payload, $db: 'admin' })
  const find = (id: number, letters: number) =>
    opMsg(id, 0, false, { find: 'c', filter: { a: 'x'.repeat(letters) }, $db: 'shop' })
  const answer = (to: number, document: object) => opMsg(100 + to, to, false, { ok: 1, ...document })

  /** Whether a long request is refused after this talk. */
  const refusedAfter = (...talk: readonly Said[]): readonly GuardRefusal[] => {
    const refusals: GuardRefusal[] = []
    const names = { setName: null, members: new Map(), advertised: () => null }
    const exchange = createExchange({
      now: () => 0,
      names: () => names as never,
      guard: createGuard(users, endpoint),
      refused: (refusal) => refusals.push(refusal),
    })
    for (const [who, bytes] of [['asks', first], ['answers', answer(1, { done: false })], ...talk] as const)
      (who === 'asks' ? exchange.requests : exchange.replies).push(bytes)
    exchange.requests.push(find(50, 100_000))
    return refusals
  }

  test('once a member says that it is done', () => {
    expect(refusedAfter(['asks', next(2)], ['answers', answer(2, { done: true })])).toEqual([])
  })

  test.each<{ says: string; talk: readonly Said[] }>([
    { says: 'before the member has answered', talk: [['asks', next(2)]] },
    {
      says: 'by a step that is not the last',
      talk: [
        ['asks', next(2)],
        ['answers', answer(2, { done: false })],
      ],
    },
    {
      says: 'by an answer to anything else',
      talk: [
        ['asks', find(2, 1)],
        ['answers', answer(2, { done: true })],
      ],
    },
    {
      says: 'by an answer to what was asked before, under the same id',
      talk: [
        ['asks', find(2, 1)],
        ['asks', next(2)],
        ['answers', answer(2, { done: true })],
      ],
    },
  ])('not $says', ({ talk }) => {
    expect(refusedAfter(...talk)).toMatchObject([{ code: 'NOT_AUTHENTICATED' }])
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
