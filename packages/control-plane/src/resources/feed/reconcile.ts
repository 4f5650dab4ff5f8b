// The turns of the feeds: make anew what became another since this process made the wholes before, in one transaction,
// publish each whole under its next number if it differs, and say to the endpoints that wait which numbers speak of them.
// All three in one turn, because reading what they are made of is most of the work. A lock makes rebuilds follow each
// other over all control planes, so that a number never goes back in time.

import { addressableTargets } from '@postern/contract/endpoint-service'
import { type Feed, feeds, snapshotSchemas } from '@postern/contract/snapshot'
import { bodyText } from '@postern/contract/snapshot-change'
import type { Transaction } from 'kysely'
import type { Parts } from '../../parts.ts'
import type { Reconciler } from '../../reconcile/turns.ts'
import { lockTable } from '../../store/lock-table.ts'
import type { Tables } from '../../store/tables.ts'
import type { EdgeNews } from '../edge/news.ts'
import { effectiveLimits } from '../limit/effective.ts'
import { allocatePorts } from '../member-port/allocate.ts'
import { portsAreFree } from '../member-port/free.ts'
import { givePorts, portlessMembers } from '../standard-listener/ports.ts'
import { serviceNeeds } from './build.ts'
import { type Built, built, createLastBuilt, keepChange, type LastBuilt } from './changes.ts'
import { changedGroups, type Marks, readMarks } from './marks.ts'
import { noPieces, type Pieces, piecesOf, sameLists, wholeOf, withGroups } from './pieces.ts'
import { everyFeed } from './wake.ts'
import { readPorts, readWorld, type World, type WorldService } from './world.ts'

const schema = Math.max(...snapshotSchemas)

/** Then everything is made anew, should a mark have failed to tell. */
const madeAnewMs = 600_000

/** If more groups than these changed, all are read. */
const readApart = 100

/** What this process made last, and of what. */
interface Made {
  readonly epoch: string
  /** When all of it was made. */
  readonly since: number
  readonly marks: Marks
  /** Groups with a member for which no gateway port was free. */
  readonly waiting: ReadonlySet<string>
  readonly pieces: Pieces
  readonly wholes: ReadonlyMap<Feed, Built>
}

export const feedReconciler = (parts: Parts, news: EdgeNews): Reconciler => {
  const last = createLastBuilt()
  let made: Made | null = null
  return {
    kind: 'feed',

    turn: async () => {
      // It reads all that there is: were it serializable, every wish that is written meanwhile would lose a race against it.
      const done = await parts.store.transact((tx) => publish(tx, parts, { made, last }), {
        isolation: 'repeatable read',
      })
      made = done.made
      for (const feed of done.published) {
        const whole = made.wholes.get(feed)
        if (whole !== undefined) last.remember(feed, whole)
        news.announce(feed)
      }
      return { do: 'settled' }
    },

    ids: async () => [everyFeed],
  }
}

/** Answers what is made now, and the feeds that have a new number. */
const publish = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { made: before, last: lastBuilt }: { readonly made: Made | null; readonly last: LastBuilt },
): Promise<{ readonly made: Made; readonly published: readonly Feed[] }> => {
  await lockTable(tx, 'snapshot')
  const { epoch } = await tx.selectFrom('store_mark').select('epoch').executeTakeFirstOrThrow()
  const rows = await tx.selectFrom('snapshot').select(['feed', 'n', 'hash']).where('epoch', '=', epoch).execute()
  const last = new Map(rows.map((row) => [row.feed, row]))
  const made = await make(tx, parts, { epoch, before })
  const numbers = new Map<Feed, number>()
  const published: Feed[] = []
  for (const [feed, now] of made.wholes) {
    const { hash } = now
    const { n = 0, hash: hashBefore } = last.get(feed) ?? {}
    numbers.set(feed, hash === hashBefore ? n : n + 1)
    if (hash === hashBefore) continue
    const body = bodyText(now.texts)
    const before = hashBefore === undefined ? null : await lastBuilt.of(tx, feed, hashBefore)
    if (before !== null) await keepChange(tx, { feed, epoch, n: n + 1, before, now: { ...now, body } })
    const row = { epoch, n: n + 1, hash, body, schema, created: new Date(parts.clock.now()) }
    await tx
      .insertInto('snapshot')
      .values({ feed, ...row })
      .onConflict((conflict) =>
        // Megabytes, which are sent once.
        conflict.column('feed').doUpdateSet(({ ref }) => ({ ...row, body: ref('excluded.body') })),
      )
      .execute()
    published.push(feed)
  }
  await numberWaiting(tx, parts, numbers)
  return { made, published }
}

/** The wholes as they are now: of groups whose mark is the same, as they were made before. */
const make = async (
  tx: Transaction<Tables>,
  parts: Parts,
  { epoch, before }: { readonly epoch: string; readonly before: Made | null },
): Promise<Made> => {
  const { domain } = parts.settings
  const now = parts.clock.now()
  const fits = before !== null && before.epoch === epoch && Math.abs(now - before.since) < madeAnewMs
  const held = fits
    ? before
    : { since: now, marks: new Map(), waiting: new Set<string>(), pieces: noPieces, wholes: new Map() }
  // An undo that knew nothing of it yet may have given a listener's port to a member's place: the listener gets another one.
  await tx
    .deleteFrom('standard_port')
    .where('gateway_port', 'in', tx.selectFrom('member_port').select('gateway_port'))
    .execute()
  const marks = await readMarks(tx)
  const again = held.waiting.size > 0 && (await portsAreFree(tx, parts.settings.gatewayPorts)) ? held.waiting : []
  const few = new Set([...changedGroups(held.marks, marks), ...again])
  const changed = few.size <= readApart ? few : new Set([...held.marks.keys(), ...marks.keys()])
  const { world, waiting, added } = await servedWorld(tx, parts, changed === few ? [...few] : null)
  const pieces = withGroups(held.pieces, changed, piecesOf(world, domain))
  const wholes = feeds.map((feed) => {
    const same = sameLists(feed, held.pieces, pieces) ? held.wholes.get(feed) : undefined
    return [feed, same ?? built(wholeOf(feed, pieces, domain))] as const
  })
  const still = [...held.waiting].filter((groupId) => !changed.has(groupId))
  const after = added ? await readMarks(tx) : marks
  return {
    epoch,
    since: held.since,
    marks: after,
    waiting: new Set([...still, ...waiting]),
    pieces,
    wholes: new Map(wholes),
  }
}

/** Endpoints whose phase changed since, and standard listeners that came or went: these numbers are the first that say so. */
const numberWaiting = async (
  tx: Transaction<Tables>,
  parts: Parts,
  numbers: ReadonlyMap<Feed, number>,
): Promise<void> => {
  const waiting = await tx
    .updateTable('private_endpoint')
    .set(({ fn, ref, val }) => ({
      gateway_n: fn.coalesce(ref('gateway_n'), val(numbers.get('gateway'))),
      forwarder_n: fn.coalesce(ref('forwarder_n'), val(numbers.get('forwarder'))),
    }))
    .where((eb) => eb.or([eb('gateway_n', 'is', null), eb('forwarder_n', 'is', null)]))
    .where('phase', 'in', ['ACCEPTED', 'DELETING'])
    .returning('id')
    .execute()
  for (const { id } of waiting) await parts.turns.wake(tx, 'privateEndpoint', id)
  await tx
    .updateTable('standard_listener')
    .set({ gateway_n: numbers.get('gateway') ?? null })
    .where('gateway_n', 'is', null)
    .execute()
}

/** These groups, or all (null), with a place for every member that can have one; new places are stored. */
const servedWorld = async (
  tx: Transaction<Tables>,
  parts: Parts,
  groupIds: readonly string[] | null,
): Promise<{ readonly world: World; readonly waiting: readonly string[]; readonly added: boolean }> => {
  const world = await readWorld(tx, { settings: parts.settings, groupIds })
  const balanced = new Set(world.clusters.flatMap((cluster) => (cluster.balanced ? [cluster.id] : [])))
  const awsLimit = await effectiveLimits(tx, 'atlas.project.deployment.nodesPerPrivateLinkRegion')
  const needs = serviceNeeds(world, (service) => limitOf(service, awsLimit))
  const placed = new Set(world.ports.map(({ serviceId, memberId }) => `${serviceId} ${memberId}`))
  const lack = needs.some(({ serviceId, memberIds }) => memberIds.some((id) => !placed.has(`${serviceId} ${id}`)))
  const portless = portlessMembers(world)
  if (!lack && portless.length === 0) return { world, waiting: [], added: false }
  // Gateway ports are unique over all services, and over standard listeners.
  const places = await readPorts(tx)
  const standard = await tx.selectFrom('standard_port').select('gateway_port').execute()
  const except = new Set(standard.map(({ gateway_port }) => gateway_port))
  const range = parts.settings.gatewayPorts
  const { added, givenUp, unserved, nextSlots } = allocatePorts(needs, places, { ...range, except })
  for (const { serviceId, memberId, reason } of unserved) {
    const [who, what] = balanced.has(memberId)
      ? [{ clusterId: memberId }, 'load balanced mode of a cluster']
      : [{ memberId }, 'member']
    parts.log.warn({ endpointServiceId: serviceId, ...who }, `${what} cannot be reached through the service: ${reason}`)
  }
  for (const { gatewayPort } of givenUp)
    await tx.deleteFrom('member_port').where('gateway_port', '=', gatewayPort).execute()
  if (added.length > 0) {
    await tx
      .insertInto('member_port')
      .values(
        added.map((port) => ({
          service_id: port.serviceId,
          member_id: port.memberId,
          cluster_id: balanced.has(port.memberId) ? port.memberId : null,
          slot: port.slot,
          service_port: port.servicePort,
          gateway_port: port.gatewayPort,
        })),
      )
      .execute()
  }
  for (const [serviceId, next] of nextSlots)
    await tx.updateTable('endpoint_service').set({ next_slot: next }).where('id', '=', serviceId).execute()
  const taken = new Set([
    ...except,
    ...places.map(({ gatewayPort }) => gatewayPort),
    ...added.map(({ gatewayPort }) => gatewayPort),
  ])
  const given = givePorts(portless, taken, range)
  if (given.length > 0)
    await tx
      .insertInto('standard_port')
      .values(given.map(({ memberId, gatewayPort }) => ({ member_id: memberId, gateway_port: gatewayPort })))
      .execute()
  if (given.length < portless.length)
    parts.log.warn(
      { ports: range },
      'a standard listener has no port for some members: the gateway’s ports are used up',
    )
  const standardListeners = world.standardListeners.map((listener) => ({
    ...listener,
    ports: [...listener.ports, ...given.filter(({ clusterId }) => clusterId === listener.clusterId)]
      .map(({ memberId, gatewayPort }) => ({ memberId, gatewayPort }))
      .toSorted((one, other) => one.gatewayPort - other.gatewayPort),
  }))
  const left = new Set(givenUp.map(({ gatewayPort }) => gatewayPort))
  const kept = world.ports.filter(({ gatewayPort }) => !left.has(gatewayPort))
  const groupOf = new Map(world.services.map(({ id, groupId }) => [id, groupId]))
  return {
    world: { ...world, ports: [...kept, ...added], standardListeners },
    added: added.length > 0 || given.length > 0,
    waiting: [
      ...unserved.filter(({ waitsForPort }) => waitsForPort).flatMap(({ serviceId }) => groupOf.get(serviceId) ?? []),
      ...portless.slice(given.length).map(({ groupId }) => groupId),
    ],
  }
}

/** Addressable targets per region: AWS by the project's limit, GCP's legacy form by its attachments. */
const limitOf = (service: WorldService, awsLimit: (groupId: string) => number): number => {
  if (service.provider === 'AWS') return awsLimit(service.groupId)
  return service.provider === 'GCP' && !service.portMapping ? service.attachments : addressableTargets[service.provider]
}
