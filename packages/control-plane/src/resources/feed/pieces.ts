// Wholes in pieces: each item of their lists as the text that it is published as, with the group that it comes from and
// what it is sorted by. No item says anything of two groups, so of a group that changed its pieces are made anew and laid
// between those of all others, and the whole is what it would be if all had been made anew. Pure.

import { type Feed, feeds, type SnapshotBody } from '@postern/contract/snapshot'
import { type SnapshotTexts, textsOf } from '@postern/contract/snapshot-change'
import { groupedBy } from '../../snapshots/grouped.ts'
import { feedBody } from './build.ts'
import { nowhere, type World } from './world.ts'

interface Piece {
  readonly groupId: string
  /** Unique over all groups, but for the records of one endpoint, which stay in their order. */
  readonly key: string | number
  readonly text: string
}

/** Of one feed, by the name of the list. */
type Lists = Readonly<Record<string, readonly Piece[]>>
export type Pieces = Readonly<Record<Feed, Lists>>

export const noPieces: Pieces = {
  gateway: { listeners: [], endpoints: [], clusters: [] },
  dns: { records: [] },
  forwarder: { listeners: [] },
}

/** `world` of some groups. */
export const piecesOf = (world: World, domain: string): Pieces => {
  const all = worldsByGroup(world).map(([groupId, own]) => ofGroup(groupId, own, domain))
  return mapped((feed, list) => sorted(all.flatMap((pieces) => pieces[feed][list] ?? [])))
}

/** The same lists where nothing of theirs is another. */
export const withGroups = (before: Pieces, groupIds: ReadonlySet<string>, fresh: Pieces): Pieces =>
  mapped((feed, list) => {
    const [then, now] = [before[feed][list] ?? [], fresh[feed][list] ?? []]
    const gone = then.filter(({ groupId }) => groupIds.has(groupId))
    if (gone.length === now.length && gone.every(({ text }, at) => text === now[at]?.text)) return then
    return merged(
      then.filter(({ groupId }) => !groupIds.has(groupId)),
      now,
    )
  })

/** One feed's whole, as the texts of its items. */
export const wholeOf = (feed: Feed, pieces: Pieces, domain: string): SnapshotTexts => ({
  ...textsOf(feedBody(feed, nowhere, domain)),
  ...Object.fromEntries(Object.entries(pieces[feed]).map(([list, own]) => [list, own.map(({ text }) => text)])),
})

export const sameLists = (feed: Feed, one: Pieces, other: Pieces): boolean =>
  Object.entries(one[feed]).every(([list, own]) => own === other[feed][list])

const mapped = (listOf: (feed: Feed, list: string) => readonly Piece[]): Pieces =>
  Object.fromEntries(
    feeds.map((feed) => [
      feed,
      Object.fromEntries(Object.keys(noPieces[feed]).map((list) => [list, listOf(feed, list)])),
    ]),
  ) as Pieces

const worldsByGroup = (world: World): readonly (readonly [string, World])[] => {
  const groupOfService = new Map(world.services.map(({ id, groupId }) => [id, groupId]))
  const [endpoints, services, clusters, standardListeners, ports] = [
    groupedBy(world.endpoints, ({ groupId }) => groupId),
    groupedBy(world.services, ({ groupId }) => groupId),
    groupedBy(world.clusters, ({ groupId }) => groupId),
    groupedBy(world.standardListeners, ({ groupId }) => groupId),
    groupedBy(world.ports, ({ serviceId }) => groupOfService.get(serviceId) ?? ''),
  ]
  return [...new Set([...endpoints.keys(), ...standardListeners.keys()])].map((groupId) => [
    groupId,
    {
      endpoints: endpoints.get(groupId) ?? [],
      standardListeners: standardListeners.get(groupId) ?? [],
      services: services.get(groupId) ?? [],
      clusters: clusters.get(groupId) ?? [],
      ports: ports.get(groupId) ?? [],
      consumers: world.consumers,
    },
  ])
}

const ofGroup = (groupId: string, world: World, domain: string): Pieces => {
  const piecesBy = <Item>(items: readonly Item[], keyOf: (item: Item) => Piece['key']): readonly Piece[] =>
    items.map((item) => ({ groupId, key: keyOf(item), text: JSON.stringify(item) }))
  const body = <Name extends Feed>(feed: Name, of = world) => feedBody(feed, of, domain) as SnapshotBody[Name]
  const { listeners, endpoints, clusters } = body('gateway')
  return {
    gateway: {
      listeners: piecesBy(listeners, ({ gatewayPort }) => gatewayPort),
      endpoints: piecesBy(endpoints, ({ id }) => id),
      clusters: piecesBy(clusters, ({ id }) => id),
    },
    dns: {
      records: [
        ...world.endpoints.flatMap((endpoint) =>
          piecesBy(body('dns', { ...world, endpoints: [endpoint], standardListeners: [] }).records, () => endpoint.id),
        ),
        ...world.standardListeners.flatMap((listener) =>
          piecesBy(
            body('dns', { ...world, endpoints: [], standardListeners: [listener] }).records,
            () => `${afterEndpoints}${listener.id}`,
          ),
        ),
      ],
    },
    forwarder: { listeners: piecesBy(body('forwarder').listeners, ({ id }) => id) },
  }
}

/** Before an id it makes a key that is greater than any id. */
const afterEndpoints = 'listener '

const sorted = (pieces: readonly Piece[]): readonly Piece[] =>
  pieces.toSorted((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0))

/** Of two sorted lists. */
const merged = (one: readonly Piece[], other: readonly Piece[]): readonly Piece[] => {
  const all: Piece[] = []
  let at = 0
  for (const piece of one) {
    for (let next = other[at]; next !== undefined && next.key < piece.key; next = other[++at]) all.push(next)
    all.push(piece)
  }
  return [...all, ...other.slice(at)]
}
