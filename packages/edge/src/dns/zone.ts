// A DNS snapshot made ready for answering: records by name, the apex's own SOA and NS records added, and the names that
// exist only because something lies below them (RFC 8020: they are empty, not absent).

import { isDeepStrictEqual } from 'node:util'
import type { DnsRecord, DnsSnapshot, Numbered } from '@postern/contract/snapshot'
import type { Answer, SoaAnswer } from 'dns-packet'

/** How long a resolver may remember that something is absent, in seconds: short, since endpoints come and go. */
const negativeTtl = 10
const apexTtl = 60

export interface Zone {
  readonly domain: string
  readonly soa: SoaAnswer
  /** What a lower-case name holds: an empty list for a name that only has names below it, null for no such name. */
  readonly find: (name: string) => readonly Answer[] | null
  /** Whether a lower-case name is the domain or lies below it. */
  readonly covers: (name: string) => boolean
}

export interface ZoneBuild {
  readonly zone: Zone
  /** Names of records outside of the domain; they are left out. */
  readonly outside: readonly string[]
}

/**
 * `nameServerAddress` is where this server is reached, for the A or AAAA record of `ns.<domain>`; null leaves it out.
 * The SOA's serial is the snapshot's number, modulo 2^32 (RFC 1982).
 */
export function buildZone({ n, body }: Numbered<DnsSnapshot>, nameServerAddress: string | null): ZoneBuild {
  const { domain } = body
  const records = new Map<string, Answer[]>()
  const outside: string[] = []
  const covers = (name: string): boolean => name === domain || name.endsWith(`.${domain}`)

  const add = (answer: Answer): void => {
    const present = records.get(answer.name)
    if (present?.some((other) => isDeepStrictEqual(other, answer))) return
    if (present) present.push(answer)
    else records.set(answer.name, [answer])
    for (let above = parent(answer.name); covers(above) && !records.has(above); above = parent(above)) {
      records.set(above, [])
    }
  }

  const server = `ns.${domain}`
  const soa: SoaAnswer = {
    type: 'SOA',
    name: domain,
    ttl: negativeTtl,
    data: {
      mname: server,
      rname: `hostmaster.${domain}`,
      serial: n % 2 ** 32,
      refresh: 300,
      retry: 60,
      expire: 86_400,
      minimum: negativeTtl,
    },
  }
  add(soa)
  add({ type: 'NS', name: domain, ttl: apexTtl, data: server })
  if (nameServerAddress !== null) {
    const type = nameServerAddress.includes(':') ? 'AAAA' : 'A'
    add({ type, name: server, ttl: apexTtl, data: nameServerAddress })
  }
  for (const record of body.records) {
    if (covers(record.name)) add(answerOf(record))
    else outside.push(record.name)
  }
  return { zone: { domain, soa, covers, find: (name) => records.get(name) ?? null }, outside }
}

const parent = (name: string): string => name.slice(name.indexOf('.') + 1)

/** A character string holds 255 bytes (RFC 1035, 3.3); longer text is several, which clients join again. */
const textChunks = (value: string): Buffer[] => {
  const bytes = Buffer.from(value)
  const count = Math.max(1, Math.ceil(bytes.length / 255))
  return Array.from({ length: count }, (_, index) => bytes.subarray(index * 255, (index + 1) * 255))
}

function answerOf(record: DnsRecord): Answer {
  const { name, ttl } = record
  switch (record.type) {
    case 'A':
    case 'AAAA':
    case 'CNAME':
      return { type: record.type, name, ttl, data: record.value }
    case 'TXT':
      return { type: 'TXT', name, ttl, data: textChunks(record.value) }
    case 'SRV': {
      const { priority, weight, port, target } = record
      return { type: 'SRV', name, ttl, data: { priority, weight, port, target } }
    }
  }
}
