// The cases that MongoDB publishes for the SDAM specification, and that every driver runs: each is told to the official
// driver twice, once as it is and once through the gateway's rewriting, and the outcome must be the published one under
// the endpoint's names. They are under a licence of their own (CC BY-NC-SA) and in no npm package, so they are read from
// a folder of whoever runs this, such as `test/discovery_and_monitoring` of PyMongo's source package: POSTERN_SDAM_CASES
// names it. Without it this is skipped and says so; discovery.test.ts has cases of our own, which always run.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Document, EJSON } from 'bson'
import { describe, expect, test } from 'vitest'
import { type Heard, type Knowledge, type Story, tellDriver } from '../testing/driver-discovery.ts'
import { direct, inNamesOf, type Names, namesOf, throughEndpoint } from '../testing/through-endpoint.ts'

const folder = process.env.POSTERN_SDAM_CASES ?? ''

/** Cases are a format of their own in `unified` (commands against a running server) and `monitoring` (events). */
const topics = ['rs', 'errors', 'single', 'sharded', 'load-balanced'] as const

interface Published {
  readonly description: string
  readonly uri: string
  readonly phases: readonly {
    readonly responses?: readonly (readonly [string, Document])[]
    readonly applicationErrors?: readonly Document[]
    readonly outcome: Document
  }[]
}

interface Case {
  readonly says: string
  readonly published: Published
}

function casesOf(topic: string): readonly Case[] {
  const place = join(folder, topic)
  if (folder === '' || !existsSync(place)) return []
  return readdirSync(place)
    .filter((name) => name.endsWith('.json'))
    .map((name) => ({
      says: `${topic}/${name}`,
      published: EJSON.parse(readFileSync(join(place, name), 'utf8')) as Published,
    }))
}

const storyOf = ({ uri, phases }: Published): Story => ({
  uri,
  steps: phases.map(({ responses = [], applicationErrors = [] }) => [
    ...responses.map(([from, hello]): Heard => ({ from, hello: Object.keys(hello).length === 0 ? null : hello })),
    ...applicationErrors.map(
      ({ address, type, when, generation, response }): Heard => ({
        at: address,
        fault: type,
        handshaken: when === 'afterHandshakeCompletes',
        ...(generation !== undefined && { generation }),
        ...(response && { answer: response }),
      }),
    ),
  ]),
})

/**
 * Where driver 7.9 itself, without any gateway, ends otherwise than published; that it ends alike through the gateway is
 * still required of these.
 */
const driversOwn: readonly { readonly file: RegExp; readonly why: string }[] = [
  { file: /^errors\/post-42-/, why: 'it speaks with wire versions from 9 on, and these cases have 8' },
  {
    file: /^errors\/stale-generation-beforeHandshakeCompletes-(?!network|timeout)/,
    why: 'it takes a command that failed while a connection was being made for news, of whatever generation',
  },
]

/** Only what the outcome names is compared: it leaves out what does not matter. */
function expectOutcome(known: Knowledge, outcome: Document, names: Names): void {
  const { servers, topologyType, compatible = true, ...more } = outcome
  expect(known).toMatchObject({ topology: topologyType, compatible, ...more })
  const expected = Object.entries(servers as Record<string, Document>).map(([own, { error: _, pool, ...server }]) => [
    names.get(own.toLowerCase()) ?? own,
    {
      ...server,
      ...(pool && { pool: pool.generation }),
      ...(server.type === 'PossiblePrimary' && { type: 'Unknown' }), // for drivers with one thread that monitors
      ...(server.type === 'LoadBalancer' && { minWireVersion: 0, maxWireVersion: 0 }), // how this driver says none
    },
  ])
  expect(Object.keys(known.servers).sort()).toEqual(expected.map(([name]) => name).sort())
  expect(known.servers).toMatchObject(Object.fromEntries(expected))
}

if (folder === '') {
  test('the published SDAM cases', (context) => {
    context.skip('POSTERN_SDAM_CASES names no folder with MongoDB’s published SDAM cases')
  })
} else {
  describe.each(topics)('the published SDAM cases on %s', (topic) => {
    test.each(casesOf(topic))('$says', ({ says, published }) => {
      const story = storyOf(published)
      const names = namesOf(story)
      const through = tellDriver(throughEndpoint(story, names))
      expect(through).toEqual(tellDriver(direct(story)).map((known) => inNamesOf(known, names)))
      for (const own of names.keys()) expect(JSON.stringify(through)).not.toContain(own)
      if (driversOwn.some(({ file }) => file.test(says))) return
      for (const [index, { outcome }] of published.phases.entries()) {
        const known = through[index]
        if (known === undefined) throw new Error('a phase was not told')
        expectOutcome(known, outcome, names)
      }
    })
  })
}
