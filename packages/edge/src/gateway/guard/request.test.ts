// All of a request is read: every section, whatever compresses it, and the forms of the time before OP_MSG.

import { describe, expect, test } from 'vitest'
import {
  body,
  compressed,
  document,
  endpoint,
  int32,
  judged,
  message,
  msg,
  once,
  query,
  readOnly,
  sections,
  sequence,
  users,
} from '../testing/guarded-requests.ts'
import { WireRefusal } from '../wire/refusal.ts'
import { createGuard } from './guard.ts'

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
