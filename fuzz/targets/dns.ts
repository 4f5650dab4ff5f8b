// What anybody may send to the DNS server, by UDP and by TCP.

import { decode, encode } from 'dns-packet'
import { answerQuery, largestQuery } from '../../packages/edge/src/dns/answer.ts'
import { frame, takeMessages } from '../../packages/edge/src/dns/frames.ts'
import { readQuestion } from '../../packages/edge/src/dns/question.ts'
import { buildZone } from '../../packages/edge/src/dns/zone.ts'
import type { Target } from '../engine/explore.ts'
import { withinBytes } from './allocation.ts'
import { piecesOf } from './pieces.ts'
import { promise, same } from './promise.ts'

const domain = 'postern.internal'
const { zone } = buildZone(
  {
    epoch: 'E',
    n: 1,
    body: {
      domain,
      records: [
        { type: 'A', name: `pl-0.${domain}`, ttl: 60, value: '10.0.0.5' },
        { type: 'AAAA', name: `pl-0.${domain}`, ttl: 60, value: '2001:db8::5' },
        { type: 'CNAME', name: `alias.${domain}`, ttl: 60, value: `pl-0.${domain}` },
        { type: 'CNAME', name: `circle.${domain}`, ttl: 60, value: `circle.${domain}` },
        { type: 'TXT', name: `c.${domain}`, ttl: 60, value: 'authSource=admin&replicaSet=rs0'.repeat(40) },
        ...Array.from({ length: 40 }, (_, at) => ({
          type: 'SRV' as const,
          name: `_mongodb._tcp.c.${domain}`,
          ttl: 60,
          priority: 0,
          weight: 0,
          port: 1024 + at,
          target: `pl-0.${domain}`,
        })),
      ],
    },
  },
  '127.0.0.1',
)

const query = (name: string, type: string, more: object = {}): Buffer =>
  encode({ type: 'query', id: 7, flags: 0x100, questions: [{ name, type: type as 'A' }], ...more })

const opt = {
  type: 'OPT' as const,
  name: '.',
  udpPayloadSize: 1232,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
}

export const dnsAnswer: Target = {
  says: 'an answer repeats its question, can be read, and is no longer than the asker takes',
  longest: 600,
  seeds: () => [
    query(`pl-0.${domain}`, 'A'),
    query(`Alias.${domain}`, 'AAAA'),
    query(`circle.${domain}`, 'A'),
    query(`c.${domain}`, 'TXT', { additionals: [opt] }),
    query(`_mongodb._tcp.c.${domain}`, 'SRV', { additionals: [{ ...opt, udpPayloadSize: 600 }] }),
    query(domain, 'ANY'),
    query('example.com', 'AXFR'),
  ],
  run(input) {
    for (const transport of ['udp', 'tcp'] as const) {
      const answer = withinBytes(200_000, () => answerQuery(zone, input, { transport }))
      if (answer === null) continue
      promise(input.length >= 12 && (input[2] ?? 0) < 0x80, 'an answer was answered')
      same(answer.readUInt16BE(0), input.readUInt16BE(0), 'another id')
      promise((answer[2] ?? 0) >= 0x80, 'an answer that does not say that it is one')
      promise(answer.length <= (transport === 'udp' ? 1232 : 65_535), 'an answer that is too long')
      decode(answer)
      const question = readQuestion(input)
      if (answer.readUInt16BE(4) === 1)
        promise(question?.raw.equals(answer.subarray(12, 12 + question.raw.length)) === true, 'another question')
    }
    promise(answerQuery(null, input, { transport: 'udp' })?.readUInt16BE(6) !== 1, 'an answer without a zone')
  },
}

export const dnsFrames: Target = {
  says: 'queries by TCP come out whole and once, however they were cut',
  longest: 1024,
  seeds: () => [Buffer.concat([Buffer.of(3), frame(query('a', 'A')), frame(query('b', 'AAAA'))])],
  run(input) {
    const stream = input.subarray(1)
    const taken: Buffer[] = []
    let rest: Buffer = Buffer.alloc(0)
    let refused = false
    for (const piece of piecesOf(stream, input[0] ?? 0)) {
      const framed = takeMessages(Buffer.concat([rest, piece]), largestQuery)
      refused = framed.state === 'refused'
      if (framed.state === 'refused') break
      taken.push(...framed.messages)
      rest = framed.rest
      promise(rest.length <= largestQuery + 2, 'more is kept than a query may have')
    }
    const whole = takeMessages(stream, largestQuery)
    same(refused, whole.state === 'refused', 'the way it was cut shows')
    if (whole.state === 'refused') return
    same(taken, whole.messages, 'other queries')
    same(Buffer.concat([...taken.map(frame), rest]), stream, 'bytes were lost or doubled')
  },
}
