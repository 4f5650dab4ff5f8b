// Tables of SDAM cases in short: members are letters, a list of members is a word, and what a driver must know at the end
// of a step is a sentence. Every row is told twice, directly and through the rewriting of an endpoint, and must end alike.

import { type Document, ObjectId } from 'bson'
import { expect } from 'vitest'
import {
  type Fault,
  type Heard,
  type HelloAnswer,
  type Knowledge,
  type ServerKnowledge,
  tellDriver,
} from './driver-discovery.ts'
import { direct, inNamesOf, namesOf, throughEndpoint } from './through-endpoint.ts'

interface Step {
  readonly hear: readonly Heard[]
  /** `Topology: a ServerType, b ServerType`, members in order. */
  readonly knows: string
  readonly also?: Partial<Knowledge>
  readonly of?: Readonly<Record<string, Partial<ServerKnowledge>>>
}

export interface Row {
  readonly says: string
  /** Seeds as letters; one, a, when left out. */
  readonly seeds?: string
  /** Options of the connection string; the set's name when left out. */
  readonly options?: string
  /** Members that the snapshot does not know. Such a row has an outcome of its own behind the endpoint. */
  readonly leftOut?: string
  readonly steps: readonly Step[]
}

export const address = (letter: string): string => `${letter}:27017`
const addresses = (letters: string): readonly string[] => [...letters].map(address)

interface Says extends Document {
  readonly hosts?: string
  readonly passives?: string
  readonly arbiters?: string
  readonly primary?: string
  readonly me?: string
}

const versions = { minWireVersion: 0, maxWireVersion: 21 }

function spelled({ hosts, passives, arbiters, primary, me, ...more }: Says): Document {
  return {
    ...(hosts !== undefined && { hosts: addresses(hosts) }),
    ...(passives !== undefined && { passives: addresses(passives) }),
    ...(arbiters !== undefined && { arbiters: addresses(arbiters) }),
    ...(primary !== undefined && { primary: address(primary) }),
    ...(me !== undefined && { me: address(me) }),
    ...more,
  }
}

const answers =
  (role: Document) =>
  (from: string, says: Says = {}): HelloAnswer => ({
    from: address(from),
    hello: { ok: 1, ...role, ...versions, ...spelled(says) },
  })

const member = { setName: 'rs0', logicalSessionTimeoutMinutes: 30 }
export const primary = answers({ isWritablePrimary: true, secondary: false, ...member })
export const secondary = answers({ isWritablePrimary: false, secondary: true, ...member })
export const arbiter = answers({ isWritablePrimary: false, secondary: false, arbiterOnly: true, ...member })
export const hidden = answers({ isWritablePrimary: false, secondary: true, hidden: true, ...member })
export const recovering = answers({ isWritablePrimary: false, secondary: false, ...member })
export const ghost = answers({ isWritablePrimary: false, isreplicaset: true })
export const mongos = answers({ isWritablePrimary: true, msg: 'isdbgrid', logicalSessionTimeoutMinutes: 30 })
export const standalone = answers({ isWritablePrimary: true, logicalSessionTimeoutMinutes: 30 })
export const silence = (from: string): HelloAnswer => ({ from: address(from), hello: null })

export const fault = (at: string, rest: Omit<Fault, 'at'>): Fault => ({ at: address(at), ...rest })

/** An election's term as the id that members tell of it. */
export const term = (count: number): ObjectId => new ObjectId(String(count).padStart(24, '0'))

/** How often a member's state has changed since its process, one of several, began. */
export const topologyVersion = (counter: number, process = 1): Document => ({ processId: term(process), counter })

export function holds({ seeds = 'a', options = 'replicaSet=rs0', leftOut = '', steps }: Row): void {
  const story = { uri: `mongodb://${addresses(seeds)}/?${options}`, steps: steps.map(({ hear }) => hear) }
  const names = namesOf(story)
  const through = tellDriver(throughEndpoint(story, names, new Set(addresses(leftOut))))
  if (leftOut === '') expect(through).toEqual(tellDriver(direct(story)).map((known) => inNamesOf(known, names)))

  const letterOf = new Map([...names].map(([own, name]) => [name, own.replace(/:27017$/, '')]))
  const letter = (name: string): string => letterOf.get(name) ?? name
  for (const [index, { knows, also = {}, of = {} }] of steps.entries()) {
    const known = through[index]
    if (known === undefined) throw new Error('a step was not told')
    expect(sentence(known, letter)).toBe(knows)
    expect(known).toMatchObject(also)
    const servers = Object.fromEntries(Object.entries(known.servers).map(([name, server]) => [letter(name), server]))
    expect(servers).toMatchObject(of)
  }
  for (const own of names.keys()) expect(JSON.stringify(through)).not.toContain(own)
}

const sentence = ({ topology, servers }: Knowledge, letter: (name: string) => string): string => {
  const told = Object.entries(servers).map(([name, { type }]) => `${letter(name)} ${type}`)
  return `${topology}: ${told.sort().join(', ')}`
}
