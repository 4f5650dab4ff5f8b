// From a query's bytes to a response's bytes: an authoritative server without recursion, zone transfer or ANY. What it
// will not do has an order: malformed before not supported before refused; a datagram that is itself a response, or too
// short to carry an id, is not answered at all, so that two servers never talk in a circle.
// Payloads above 1232 bytes are never sent by UDP (DNS flag day 2020): what is longer says TC and comes by TCP.

import { type Answer, decode, encode, type OptAnswer } from 'dns-packet'
import { headerBytes, type QueryHeader, type Question, readHeader, readQuestion } from './question.ts'
import { type Resolved, resolveIn } from './resolve.ts'
import type { Zone } from './zone.ts'

const largestDatagram = 1232
const smallestDatagram = 512
const largestMessage = 65_535
/** A query is one name and some options; what is longer is not read. */
export const largestQuery = 4096

const rcodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5, BADVERS: 16 } as const
type Rcode = keyof typeof rcodes

/** RFC 1035 3.2.2, RFC 3596, RFC 2782, RFC 1995; a type that is missing here is simply never there. */
const typeNames: ReadonlyMap<number, string> = new Map([
  [1, 'A'],
  [2, 'NS'],
  [5, 'CNAME'],
  [6, 'SOA'],
  [16, 'TXT'],
  [28, 'AAAA'],
  [33, 'SRV'],
  [251, 'IXFR'],
  [252, 'AXFR'],
  [255, 'ANY'],
])
const classIn = 1

export interface AnswerOptions {
  readonly transport: 'udp' | 'tcp'
  /** True: say "come by TCP" whatever the answer is; see rate-limit.ts. */
  readonly truncate?: boolean
}

/** The response to send, or null for silence. `zone` is null until a snapshot came (SERVFAIL). Never throws. */
export function answerQuery(zone: Zone | null, query: Buffer, options: AnswerOptions): Buffer | null {
  const header = readHeader(query)
  if (!header || header.isResponse || query.length > largestQuery) return null
  const bare = (rcode: Rcode): Buffer => write({ header, question: null, opt: null, rcode, aa: false, limit: 512 })
  if (header.opcode !== 0) return bare('NOTIMP')
  const opts = header.questions === 1 ? readOpts(query) : null
  const question = readQuestion(query)
  if (!opts || !question || opts.length > 1) return bare('FORMERR')
  const [opt = null] = opts

  const limit =
    options.transport === 'tcp'
      ? largestMessage
      : Math.min(Math.max(opt?.udpPayloadSize ?? smallestDatagram, smallestDatagram), largestDatagram)
  const reply = { header, question, opt, limit, truncate: options.truncate ?? false }
  const type = typeNames.get(question.type) ?? ''
  if (opt && opt.ednsVersion > 0) return write({ ...reply, rcode: 'BADVERS', aa: false })
  if (!zone) return write({ ...reply, rcode: 'SERVFAIL', aa: false })
  if (question.class !== classIn || type === 'AXFR' || type === 'IXFR' || !zone.covers(question.name)) {
    return write({ ...reply, rcode: 'REFUSED', aa: false })
  }
  const resolved = resolveIn(zone, { ...question, type })
  return write({ ...reply, rcode: resolved.exists ? 'NOERROR' : 'NXDOMAIN', aa: true, resolved })
}

/** Every OPT record (RFC 6891 allows one); null when the query does not decode as a whole. */
function readOpts(query: Buffer): readonly OptAnswer[] | null {
  try {
    const additionals = decode(query).additionals ?? []
    return additionals.filter((record): record is OptAnswer => record.type === 'OPT')
  } catch {
    return null
  }
}

interface Reply {
  readonly header: QueryHeader
  readonly question: Question | null
  readonly opt: OptAnswer | null
  readonly rcode: Rcode
  readonly aa: boolean
  /** In bytes. */
  readonly limit: number
  readonly truncate?: boolean
  readonly resolved?: Resolved
}

/** Leaves out the courtesy records first, then everything but the question, saying TC. */
function write(reply: Reply): Buffer {
  const { answers, authorities, additionals } = reply.resolved ?? { answers: [], authorities: [], additionals: [] }
  const attempts = reply.truncate
    ? []
    : [additionals, []].map((spare) => encodeReply(reply, answers, authorities, spare))
  return attempts.find((bytes) => bytes.length <= reply.limit) ?? encodeReply(reply, [], [], [], true)
}

function encodeReply(
  { header, question, opt, rcode, aa }: Reply,
  answers: readonly Answer[],
  authorities: readonly Answer[],
  additionals: readonly Answer[],
  truncated = false,
): Buffer {
  const code = rcodes[rcode]
  const flags =
    (header.opcode << 11) |
    (aa ? 0x0400 : 0) |
    (truncated ? 0x0200 : 0) |
    (header.recursionDesired ? 0x0100 : 0) |
    (code & 0x0f)
  const ours = opt ? [optOf(opt, code >> 4)] : []
  const packet = encode({
    type: 'response',
    id: header.id,
    flags,
    answers: [...answers],
    authorities: [...authorities],
    additionals: [...additionals, ...ours],
  })
  if (!question) return packet
  // The codec writes no compression pointers, so the question's own bytes can be put in their place afterwards.
  packet.writeUInt16BE(1, 4)
  return Buffer.concat([packet.subarray(0, headerBytes), question.raw, packet.subarray(headerBytes)])
}

const dnssecOk = 0x8000

const optOf = (asked: OptAnswer, extendedRcode: number): OptAnswer => ({
  type: 'OPT',
  name: '.',
  udpPayloadSize: largestDatagram,
  extendedRcode,
  ednsVersion: 0,
  flags: asked.flags & dnssecOk,
  flag_do: asked.flag_do,
  options: [],
})
