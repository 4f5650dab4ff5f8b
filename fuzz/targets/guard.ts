// The guard of endpoints with a policy. Its judge reads what went on to the member with the driver's BSON and takes
// sections apart by itself; what it asks is only whether a write, or somebody who is not allowed, came through, or whoever would
// be signed in as the gateway.

import { deflateSync, inflateSync } from 'node:zlib'
import { BSON } from 'bson'
import { createGuard } from '../../packages/edge/src/gateway/guard/guard.ts'
import { WireRefusal } from '../../packages/edge/src/gateway/wire/refusal.ts'
import type { Target } from '../engine/explore.ts'
import { withinBytes } from './allocation.ts'
import { orRefused, promise, same } from './promise.ts'

type Document = Record<string, unknown>

const bson = (document: object): Buffer => Buffer.from(BSON.serialize(document))
const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}
const message = (opcode: number, ...parts: readonly Buffer[]): Buffer => {
  const body = Buffer.concat(parts)
  return Buffer.concat([int32(16 + body.length), int32(7), int32(0), int32(opcode), body])
}
const body = (command: object): Buffer => Buffer.concat([Buffer.of(0), bson({ ...command, $db: 'admin' })])
const sequence = (name: string, ...documents: readonly object[]): Buffer => {
  const inside = Buffer.concat([Buffer.from(`${name}\0`), ...documents.map(bson)])
  return Buffer.concat([Buffer.of(1), int32(4 + inside.length), inside])
}
const msg = (...sections: readonly Buffer[]): Buffer => message(2013, int32(0), ...sections)
const query = (command: object): Buffer =>
  message(2004, int32(0), Buffer.from('admin.$cmd\0'), int32(0), int32(-1), bson(command))
const compressed = (plain: Buffer): Buffer =>
  message(2012, plain.subarray(12, 16), int32(plain.length - 16), Buffer.of(2), deflateSync(plain.subarray(16)))

const start = (name: string) => ({
  saslStart: 1,
  mechanism: 'SCRAM-SHA-256',
  payload: new BSON.Binary(Buffer.from(`n,,n=${name},r=x`)),
})
const x509 = { authenticate: 1, mechanism: 'MONGODB-X509' }
const seeds = (): readonly Buffer[] => {
  const bare = { aggregate: 'c', cursor: {} }
  const plain = [
    msg(body({ find: 'c', filter: { a: 1 } })),
    msg(body({ insert: 'c' }), sequence('documents', { a: 1 })),
    msg(sequence('pipeline', { $out: 'd' }), body(bare)),
    msg(body({ ...bare, pipeline: [{ $match: {} }, { $merge: { into: 'd' } }] })),
    msg(body({ ...bare, pipeline: [{ $unionWith: { coll: 'd', pipeline: [{ $out: 'e' }] } }] })),
    msg(body({ explain: { find: 'c' } })),
    msg(body({ hello: 1, speculativeAuthenticate: { ...start('root'), db: 'admin' } })),
    msg(body({ ...start('app') })),
    msg(body({ ...start('root') })),
    query({ ismaster: 1, speculativeAuthenticate: { ...start('root'), db: 'admin' } }),
    query({ $query: { isMaster: 1 } }),
    msg(body(x509)),
    msg(sequence('a', { b: 1 }), body(x509)),
    msg(body({ ...start('app'), mechanism: 'MONGODB-X509' })),
    msg(body({ hello: 1, speculativeAuthenticate: { ...x509, db: '$external' } })),
    query({ $query: x509 }),
  ]
  return [...plain, ...plain.map(compressed)]
}

const writers = /^(insert|update|delete|findAndModify|create|drop|mapReduce|applyOps|renameCollection)$/

/** Whether any stage of it writes, wherever a pipeline may stand. */
const writes = (stage: unknown): boolean => {
  if (typeof stage !== 'object' || stage === null) return false
  const [[name, value] = ['', null]] = Object.entries(stage as Document)
  if (name === '$out' || name === '$merge') return true
  const inside = value as Document | null
  const pipelines = name === '$facet' ? Object.values(inside ?? {}) : [inside?.pipeline]
  return pipelines.some((pipeline) => Array.isArray(pipeline) && pipeline.some(writes))
}

/** Body and sequences as one command; null where the driver's BSON cannot read it. */
function commandIn(request: Buffer): Document | null {
  try {
    if (request.readInt32LE(12) === 2004) {
      const outer = BSON.deserialize(request.subarray(request.indexOf(0, 20) + 9)) as Document
      return ((outer.$query ?? outer.query) as Document | undefined) ?? outer
    }
    const sections: Document[] = []
    let found: Document | null = null
    for (let at = 20; at < request.length - 4; ) {
      const size = request.readInt32LE(at + 1)
      if (size < 5) return null // a server takes neither such a section nor a second body
      const section = request.subarray(at + 1, at + 1 + size)
      at += 1 + size
      if (request[at - 1 - size] === 0) {
        if (found !== null) return null
        found = BSON.deserialize(section) as Document
        continue
      }
      const nameEnd = section.indexOf(0, 4)
      const documents: Document[] = []
      for (let from = nameEnd + 1; from < section.length; from += section.readInt32LE(from))
        documents.push(BSON.deserialize(section.subarray(from, from + section.readInt32LE(from))) as Document)
      sections.push({ [section.toString('utf8', 4, nameEnd)]: documents })
    }
    return Object.assign({}, found, ...sections) as Document
  } catch {
    return null
  }
}

/** The name of a SCRAM or PLAIN user, as far as the bytes show it. */
const asksToBeRoot = (command: Document): boolean => {
  const inner = command.saslStart === undefined ? command.speculativeAuthenticate : command
  const payload = (inner as Document | undefined)?.payload
  return payload instanceof BSON.Binary && Buffer.from(payload.buffer).toString('latin1').startsWith('n,,n=root,')
}

const byCertificate = (command: Document): boolean => {
  const [name] = Object.keys(command)
  return name === 'authenticate' || (name === 'saslStart' && command.mechanism === 'MONGODB-X509')
}

const hellos = /^(hello|isMaster|ismaster)$/

/** As a server takes it: the command, or what its hello brings along. */
const asksToBeTheGateway = (command: Document): boolean => {
  const [name = ''] = Object.keys(command)
  const inner = hellos.test(name) ? command.speculativeAuthenticate : command
  return typeof inner === 'object' && inner !== null && byCertificate(inner as Document)
}

/** What a server makes of a request that passes unjudged; null where it does not decode. */
function plainOf(request: Buffer): Buffer | null {
  if (request.readInt32LE(12) !== 2012) return request
  try {
    const kind = request[24]
    const inside = request.subarray(25)
    const data = kind === 2 ? inflateSync(inside, { maxOutputLength: 2 ** 20 }) : kind === 0 ? inside : null
    return data && message(request.readInt32LE(16), data)
  } catch {
    return null
  }
}

/** Where the member was shown the gateway's certificate. */
function judgeCertificate(request: Buffer): void {
  const on = orRefused(WireRefusal, () => {
    const guard = createGuard(null, 'vpce-1', true)
    const concerns = guard.concerns(request, 0, request.length)
    if (concerns !== true) return typeof concerns === 'number' ? null : plainOf(request)
    const verdict = guard.judge(request)
    return 'reply' in verdict ? null : verdict.message
  })
  if (on === null || (on.readInt32LE(12) !== 2013 && on.readInt32LE(12) !== 2004)) return // no others carry commands
  const command = commandIn(on)
  if (command) promise(!asksToBeTheGateway(command), 'the member was asked to take the client for the gateway')
}

/** The first byte says whether the length is put right. */
export const guard: Target = {
  says: 'no write passes a read-only endpoint, and nobody else signs in where users are named, nor as the gateway',
  longest: 1024,
  seeds: () => seeds().map((each) => Buffer.concat([Buffer.of(0), each])),
  run(input) {
    const request = Buffer.from(input.subarray(1))
    if (((input[0] ?? 0) & 1) === 0 && request.length >= 4) request.writeInt32LE(request.length, 0)
    if (request.length < 16 || request.readInt32LE(0) !== request.length) return // the framing hands over whole messages
    judgeCertificate(request)
    for (const rules of [
      { readOnly: true, databaseUsers: null },
      { readOnly: false, databaseUsers: [{ username: 'app', databaseName: 'admin' }] },
    ]) {
      const verdict = withinBytes(2_200_000 + 8 * input.length, () =>
        orRefused(WireRefusal, () => createGuard(rules, 'vpce-1').judge(request)),
      )
      if (verdict === null || verdict.message === null) continue
      const on = verdict.message
      same(on.readInt32LE(0), on.length, 'its length is wrong')
      same(on.readInt32LE(4), request.readInt32LE(4), 'its id changed')
      promise(on.readInt32LE(12) !== 2012, 'it went on compressed')
      if ('reply' in verdict) {
        same(verdict.reply.readInt32LE(8), request.readInt32LE(4), 'another request was answered')
        continue
      }
      const command = commandIn(on)
      if (command === null) continue
      const [name = ''] = Object.keys(command)
      promise(!rules.readOnly || !writers.test(name), `${name} went on`)
      // A hello runs no pipeline, whatever it brings along.
      const pipeline = hellos.test(name) ? null : command.pipeline
      promise(!rules.readOnly || !Array.isArray(pipeline) || !pipeline.some(writes), 'a stage that writes')
      promise(rules.databaseUsers === null || !asksToBeRoot(command), 'root may sign in')
    }
  },
}
