// Load balanced mode (Load Balancers specification): a driver says `loadBalanced: true` in the first hello of each of its
// connections, and takes only an answer that has a `serviceId`. The load balancer that it means is this gateway, at the
// ports that spread over a cluster's routers: the router behind is asked as without, and the answer gets the service id of
// that router. Whoever says otherwise than the port is, is answered as a router behind a load balancer answers.

import { createHash } from 'node:crypto'
import { bsonType, documentOf, elements, isTrue, objectIdElement, stringValue } from '../wire/bson-elements.ts'
import { opcode, opcodeOf } from '../wire/frames.ts'
import { decompressed } from '../wire/op-compressed.ts'
import { bodyOfMsg, withBody } from '../wire/op-msg.ts'
import { documentOfQuery, withQuery } from '../wire/op-query.ts'

/** What a connection's port is: one that spreads over routers, and which of them it was given; or one member's, and why that is none. */
export type Balancing = { readonly serviceId: string } | { readonly none: string }

const field = 'loadBalanced'

export const asksForBalancing = (hello: Buffer): boolean =>
  [...elements(hello, 0, hello.length)].some((element) => element.name === field && isTrue(hello, element))

/** Why this first hello is not let through; null where it is. */
export function mismatch(balancing: Balancing, asks: boolean): string | null {
  if ('none' in balancing) return asks ? balancing.none : null
  return asks ? null : withoutMode
}

/** As the server has it, and what to do. */
const withoutMode =
  'The server is being accessed through a load balancer, but this driver does not have load balancing enabled; take the string with loadBalanced=true, or one that names each router'

/** What is told to a client in load balanced mode at a port of one member. `port`: of the endpoint, where the mode is served; null: nowhere. */
export const noBalancing = (cluster: string, port: number | null): string =>
  port === null
    ? `Cluster ${cluster} has no load balanced mode, which the routers (mongos) of a sharded cluster alone have: take loadBalanced=true out of the connection string`
    : `This port is one router's of cluster ${cluster}; its load balanced mode is served at port ${port}`

/** An ObjectId in hexadecimal digits: the same for one router at every gateway and after every start. */
export const serviceIdOf = (memberId: string): string =>
  createHash('sha256').update(`serviceId ${memberId}`).digest('hex').slice(0, 24)

/** The same first hello without the field. Throws WireRefusal where it does not add up. */
export function withoutBalancing(message: Buffer, mostBytes: number): Buffer {
  const plain = opcodeOf(message) === opcode.COMPRESSED ? decompressed(message, mostBytes) : message
  const isMsg = opcodeOf(plain) === opcode.MSG
  const body = isMsg ? bodyOfMsg(plain) : documentOfQuery(plain)
  const parts: Buffer[] = []
  for (const { name, at, end } of elements(plain, body.from, body.to))
    if (name !== field) parts.push(plain.subarray(at, end))
  return isMsg ? withBody(plain, body, documentOf(parts)) : withQuery(plain, body, documentOf(parts))
}

/** A router's answer with this service id, and no other; what is no router's stays as it is, so that a driver refuses it. */
export function withServiceId(hello: Buffer, serviceId: string): Buffer {
  const all = [...elements(hello, 0, hello.length)]
  const router = all.some(
    (element) =>
      element.name === 'msg' && element.type === bsonType.STRING && stringValue(hello, element) === 'isdbgrid',
  )
  if (!router) return hello
  const kept = all.filter(({ name }) => name !== 'serviceId').map(({ at, end }) => hello.subarray(at, end))
  return documentOf([...kept, objectIdElement('serviceId', serviceId)])
}
