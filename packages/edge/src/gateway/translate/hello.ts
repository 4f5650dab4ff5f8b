// The answer to hello, isMaster or ismaster, rewritten from the members' own addresses to the endpoint's: `hosts`,
// `passives`, `arbiters`, `primary` and `me`. A member that the snapshot does not know, or that this endpoint does not
// advertise, is left out, since a client could not reach it and must not learn of it. Drivers keep a member only if the
// primary's `hosts` lists it, and drop a secondary whose `me` is not the name they dialled (SDAM specification).
// `compression` loses what this gateway could not read later. Every other element stays byte for byte.

import {
  type BsonElement,
  bsonType,
  documentOf,
  elements,
  stringArrayElement,
  stringElement,
  stringValue,
} from '../wire/bson-elements.ts'
import { withServiceId } from './load-balanced.ts'

export interface HelloNames {
  /** `host:port` as the member spells it, lower case, to what this endpoint's clients are told; null: leave it out. */
  advertised(hostPort: string): string | null
  /** Compressors that may stay in the handshake. */
  readonly compressors: ReadonlySet<string>
  /** Told by a router to a client in load balanced mode; see load-balanced.ts. */
  readonly serviceId?: string
}

interface RewrittenHello {
  /** The argument itself where there was nothing to change. */
  readonly document: Buffer
  /** Members that were left out, as they spell themselves. */
  readonly leftOut: readonly string[]
}

type Rule = 'member' | 'members' | 'compressors'

const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['hosts', 'members'],
  ['passives', 'members'],
  ['arbiters', 'members'],
  ['primary', 'member'],
  ['me', 'member'],
  ['compression', 'compressors'],
])

const typeOf = { member: bsonType.STRING, members: bsonType.ARRAY, compressors: bsonType.ARRAY } as const

/** `document` is one whole BSON document. Throws WireRefusal where it is not. */
export function rewriteHello(document: Buffer, names: HelloNames): RewrittenHello {
  const parts: Buffer[] = []
  const leftOut: string[] = []
  let changed = false

  const member = (own: string): string | null => {
    const told = names.advertised(own.toLowerCase())
    if (told === null) leftOut.push(own)
    return told
  }

  const rewritten = (rule: Rule, element: BsonElement): Buffer | null => {
    const { name, valueAt, end } = element
    if (rule === 'member') {
      const told = member(stringValue(document, element))
      return told === null ? null : stringElement(name, told)
    }
    const texts = stringsOf(document.subarray(valueAt, end))
    if (rule === 'members')
      return stringArrayElement(
        name,
        texts.map(member).filter((told) => told !== null),
      )
    const kept = texts.filter((text) => names.compressors.has(text))
    return kept.length === 0 ? null : stringArrayElement(name, kept)
  }

  for (const element of elements(document, 0, document.length)) {
    const rule = rules.get(element.name)
    const whole = document.subarray(element.at, element.end)
    const part = rule === undefined || element.type !== typeOf[rule] ? whole : rewritten(rule, element)
    changed ||= part === null || !part.equals(whole)
    if (part !== null) parts.push(part)
  }
  const told = changed ? documentOf(parts) : document
  return { document: names.serviceId === undefined ? told : withServiceId(told, names.serviceId), leftOut }
}

/** What a client says of itself in its first hello, for the log and the table of live connections. */
export interface ClientInfo {
  readonly appName: string | null
  readonly driver: string | null
  readonly os: string | null
  readonly platform: string | null
}

/** Reads `client` of a hello request's document; null where there is none or it is not what drivers send. */
export function clientInfo(document: Buffer): ClientInfo | null {
  const client = child(document, 'client')
  if (client === null) return null
  const said = (name: string, fields: readonly string[], longest: number): string | null => {
    const part = child(client, name)
    return shown(part === null ? [] : fields.map((field) => text(part, field)), longest)
  }
  return {
    appName: said('application', ['name'], 128),
    driver: said('driver', ['name', 'version'], 128),
    os: said('os', ['type', 'version', 'architecture'], 64),
    platform: shown([text(client, 'platform')], 64),
  }
}

/** Whether a document names this. */
export const hasElement = (document: Buffer, name: string): boolean =>
  [...elements(document, 0, document.length)].some((element) => element.name === name)

/**
 * As it may be shown anywhere: nothing in it steers a terminal, any store can hold it, and a page of connections fits into
 * what the control plane reads, whatever their clients say.
 */
export function shown(parts: readonly (string | null)[], longest: number): string | null {
  const there = parts.filter((part) => part !== null)
  if (there.length === 0) return null
  return there
    .join(' ')
    .slice(0, longest)
    .replace(/\p{Cc}|\p{Cf}|\p{Surrogate}/gu, '\ufffd')
}

function child(document: Buffer, name: string): Buffer | null {
  for (const { type, name: found, valueAt, end } of elements(document, 0, document.length)) {
    if (found === name) return type === bsonType.DOCUMENT ? document.subarray(valueAt, end) : null
  }
  return null
}

function text(document: Buffer, name: string): string | null {
  for (const element of elements(document, 0, document.length)) {
    if (element.name !== name) continue
    return element.type === bsonType.STRING ? stringValue(document, element) : null
  }
  return null
}

const stringsOf = (array: Buffer): readonly string[] =>
  [...elements(array, 0, array.length)]
    .filter(({ type }) => type === bsonType.STRING)
    .map((element) => stringValue(array, element))
