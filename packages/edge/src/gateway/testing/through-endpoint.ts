// A story as it is told to a driver behind an endpoint: each answer to hello went through the gateway's rewriting, and
// the driver knows every server by the endpoint's name for it. Beside it what such a driver must know: the same as one
// that talks to the members themselves, under other names.

import { BSON, type Document } from 'bson'
import { type HelloNames, rewriteHello } from '../translate/hello.ts'
import type { Heard, Knowledge, Story } from './driver-discovery.ts'

/** A member's own address, in lower case, to the endpoint's name for it. */
export type Names = ReadonlyMap<string, string>

const lists = ['hosts', 'passives', 'arbiters'] as const
const texts = ['primary', 'me'] as const

/** A name for every address that the story mentions, and none of them looks like a member's. */
export function namesOf({ uri, steps }: Story): Names {
  const found = new Set(seedsOf(uri))
  for (const heard of steps.flat()) {
    found.add(heardAt(heard))
    if (!('from' in heard) || heard.hello === null) continue
    for (const list of lists) for (const name of heard.hello[list] ?? []) found.add(String(name).toLowerCase())
    for (const text of texts) if (heard.hello[text]) found.add(String(heard.hello[text]).toLowerCase())
  }
  return new Map([...found].map((own, index) => [own, `pl-${index % 2}-eu-west-1.x.test:${1024 + index}`]))
}

/** @param leftOut members that the snapshot does not know; nobody can dial them, so nothing is heard from them */
export function throughEndpoint(story: Story, names: Names, leftOut: ReadonlySet<string> = new Set()): Story {
  const told: HelloNames = {
    advertised: (own) => (leftOut.has(own) ? null : (names.get(own) ?? null)),
    compressors: new Set(),
  }
  const rewritten = (hello: Document): Document =>
    BSON.deserialize(rewriteHello(Buffer.from(BSON.serialize(hello)), told).document)
  return {
    uri: withSeeds(
      story.uri,
      seedsOf(story.uri)
        .filter((seed) => !leftOut.has(seed))
        .map((seed) => renamed(seed, names)),
    ),
    steps: story.steps.map((step) =>
      step
        .filter((heard) => !leftOut.has(heardAt(heard)))
        .map(
          (heard): Heard =>
            'from' in heard
              ? { from: renamed(heard.from, names), hello: heard.hello && rewritten(heard.hello) }
              : { ...heard, at: renamed(heard.at, names) },
        ),
    ),
  }
}

/** The same story told directly: its answers only went through BSON, as on the wire. */
export const direct = (story: Story): Story => ({
  ...story,
  steps: story.steps.map((step) =>
    step.map((heard) =>
      'from' in heard
        ? { from: heardAt(heard), hello: heard.hello && BSON.deserialize(BSON.serialize(heard.hello)) }
        : { ...heard, at: heardAt(heard) },
    ),
  ),
})

/** What was known of members, under the endpoint's names. */
export function inNamesOf(known: Knowledge, names: Names): Knowledge {
  const name = (own: string): string => renamed(own, names)
  const servers = Object.entries(known.servers).map(([address, server]) => [
    name(address),
    {
      ...server,
      ...Object.fromEntries(lists.map((list) => [list, (server[list] as string[]).map(name)])),
      ...Object.fromEntries(texts.map((text) => [text, server[text] && name(server[text])])),
    },
  ])
  return { ...known, servers: Object.fromEntries(servers) }
}

const renamed = (own: string, names: Names): string => names.get(own.toLowerCase()) ?? own

const heardAt = (heard: Heard): string => ('from' in heard ? heard.from : heard.at).toLowerCase()

const hosts = /^(mongodb:\/\/)([^/?]+)/
const withSeeds = (uri: string, seeds: readonly string[]): string => uri.replace(hosts, `$1${seeds.join(',')}`)
const seedsOf = (uri: string): readonly string[] =>
  (hosts.exec(uri)?.[2] ?? '')
    .toLowerCase()
    .split(',')
    .map((seed) => (/:\d+$/.test(seed) ? seed : `${seed}:27017`))
