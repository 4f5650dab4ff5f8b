// A client in load balanced mode, as the bytes of the official driver, at a port that spreads over routers and at one
// that does not.

import { BSON, type Document, ObjectId } from 'bson'
import { describe, expect, test } from 'vitest'
import { createGuard } from '../guard/guard.ts'
import { driverMsg, driverQuery } from '../testing/driver-bytes.ts'
import { opMsg, opReply, zlibbed } from '../testing/fake-set.ts'
import { createExchange } from './exchange.ts'
import { type Balancing, noBalancing, serviceIdOf } from './load-balanced.ts'

const serviceId = serviceIdOf('member-1')
const spreads: Balancing = { serviceId }
const ofOne: Balancing = { none: noBalancing('Cluster0', null) }
const router = { isWritablePrimary: true, msg: 'isdbgrid', maxWireVersion: 21, ok: 1 }
const readOnly = { databaseUsers: null, readOnly: true }

function start(balancing: Balancing | undefined, guarded = false) {
  const refused: string[] = []
  const exchange = createExchange({
    now: Date.now,
    names: () => ({ advertised: () => null, compressors: new Set() }),
    guard: guarded ? createGuard(readOnly, 'vpce-1') : null,
    ...(balancing && { balancing: () => balancing }),
    mismatched: (reason) => refused.push(reason),
  })
  const push = (side: typeof exchange.requests, bytes: Buffer): Buffer =>
    Buffer.concat(side.push(bytes).map((piece) => Buffer.from(piece)))
  return {
    refused,
    exchange,
    /** What goes on to the member. */
    ask: (bytes: Buffer) => push(exchange.requests, bytes),
    answer: (bytes: Buffer) => push(exchange.replies, bytes),
  }
}

const requestOf = (message: Buffer): Document =>
  BSON.deserialize(
    message.readInt32LE(12) === 2004 ? message.subarray(message.indexOf(0, 20) + 9) : message.subarray(21),
  )
const replyOf = (message: Buffer): Document =>
  BSON.deserialize(message.subarray(message.readInt32LE(12) === 1 ? 36 : 21))

const handshake = { hello: 1, helloOk: true, loadBalanced: true, client: { driver: { name: 'nodejs', version: '7' } } }

describe('at a port that spreads over routers', () => {
  test.each([
    { says: 'OP_MSG', wrap: (bytes: Buffer) => bytes, of: driverMsg, guarded: false },
    { says: 'OP_QUERY', wrap: (bytes: Buffer) => bytes, of: driverQuery, guarded: false },
    { says: 'compressed', wrap: (bytes: Buffer) => zlibbed(bytes), of: driverMsg, guarded: false },
    { says: 'OP_MSG, under a policy', wrap: (bytes: Buffer) => bytes, of: driverMsg, guarded: true },
  ])('$says: the router is asked without the field, and nothing else is changed', ({ wrap, of, guarded }) => {
    const { ask, answer, refused } = start(spreads, guarded)
    const { bytes, requestId } = of(handshake)
    const asked = ask(wrap(bytes))
    const { loadBalanced: _, ...rest } = requestOf(bytes)
    expect(requestOf(asked)).toEqual(rest)
    expect([asked.readInt32LE(0), asked.readInt32LE(4)]).toEqual([asked.length, requestId])
    const reply = of === driverQuery ? opReply(7, requestId, router) : opMsg(7, requestId, false, router)
    expect(replyOf(answer(reply))).toEqual({ ...router, serviceId: new ObjectId(serviceId) })
    expect(refused).toEqual([])
  })

  test('a service id of the router’s own gives way; a later hello gets the same one', () => {
    const { ask, answer } = start(spreads)
    const [first, later] = [driverMsg(handshake), driverMsg({ hello: 1 })]
    ask(first.bytes)
    const own = { ...router, serviceId: new ObjectId() }
    expect(replyOf(answer(opMsg(7, first.requestId, false, own))).serviceId.toHexString()).toBe(serviceId)
    expect(ask(later.bytes).equals(later.bytes)).toBe(true)
    expect(replyOf(answer(opMsg(8, later.requestId, false, router))).serviceId.toHexString()).toBe(serviceId)
  })

  test('what is no router gets none, so that the driver refuses it', () => {
    const { ask, answer } = start(spreads)
    const { bytes, requestId } = driverMsg(handshake)
    ask(bytes)
    expect(replyOf(answer(opMsg(7, requestId, false, { setName: 'rs0', ok: 1 })))).toEqual({ setName: 'rs0', ok: 1 })
  })

  test.each([
    { says: 'without the field', of: driverMsg, hello: { hello: 1 } },
    { says: 'saying false', of: driverMsg, hello: { hello: 1, loadBalanced: false } },
    { says: 'saying 1, which is no boolean', of: driverMsg, hello: { hello: 1, loadBalanced: 1 } },
    { says: 'in a nested document', of: driverMsg, hello: { hello: 1, client: { loadBalanced: true } } },
    { says: 'as drivers that know no such mode ask', of: driverQuery, hello: { ismaster: 1 } },
  ])('a client $says is told, in the server’s own form, and its member is asked a ping instead', ({ of, hello }) => {
    const { ask, answer, refused } = start(spreads)
    const { bytes, requestId } = of(hello)
    expect(requestOf(ask(bytes))).toEqual({ ping: 1, $db: 'admin' })
    const reply = answer(opMsg(7, requestId, false, { ok: 1 }))
    expect([reply.readInt32LE(8), reply.readInt32LE(12)]).toEqual([requestId, of === driverQuery ? 1 : 2013])
    expect(replyOf(reply)).toMatchObject({ ok: 0, code: 354, codeName: 'LoadBalancerSupportMismatch' })
    expect(replyOf(reply).errmsg).toMatch(/does not have load balancing enabled/)
    expect(refused).toHaveLength(1)
  })
})

describe('at a port of one member', () => {
  test('a client in load balanced mode is told why not', () => {
    const { ask, answer, refused } = start(ofOne)
    const { bytes, requestId } = driverMsg(handshake)
    expect(requestOf(ask(bytes))).toEqual({ ping: 1, $db: 'admin' })
    expect(replyOf(answer(opMsg(7, requestId, false, { ok: 1 })))).toMatchObject({
      code: 354,
      errmsg: expect.stringMatching(/^Cluster Cluster0 has no load balanced mode, .* take loadBalanced=true out/),
    })
    expect(refused).toHaveLength(1)
  })

  test('a router’s says which port has the mode', () => {
    expect(noBalancing('Cluster0', 1030)).toBe(
      "This port is one router's of cluster Cluster0; its load balanced mode is served at port 1030",
    )
  })

  test('every other client’s hello goes as it came, and its answer gets no service id', () => {
    const { ask, answer } = start(ofOne)
    const { bytes, requestId } = driverMsg({ ...handshake, loadBalanced: false })
    expect(ask(bytes).equals(bytes)).toBe(true)
    expect(replyOf(answer(opMsg(7, requestId, false, router)))).toEqual(router)
  })

  test('the field means something in a first hello alone', () => {
    const { ask, answer } = start(ofOne)
    const [first, later] = [driverMsg({ hello: 1 }), driverMsg({ hello: 1, loadBalanced: true })]
    ask(first.bytes)
    answer(opMsg(7, first.requestId, false, router))
    expect(ask(later.bytes).equals(later.bytes)).toBe(true)
  })
})

test('a service id is an ObjectId, the same for a member at any time, another for another', () => {
  expect(serviceId).toMatch(/^[0-9a-f]{24}$/)
  expect(serviceIdOf('member-1')).toBe(serviceId)
  expect(serviceIdOf('member-2')).not.toBe(serviceId)
})
