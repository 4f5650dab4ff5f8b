// The turns of the feeds: rebuild the wholes from rows in one transaction, publish each under its next number if it
// differs, and say to the endpoints that wait which numbers speak of them. All three in one turn, because reading what
// they are made of is most of the work. A lock makes rebuilds follow each other over all control planes, so that a
// number never goes back in time.

import { addressableTargets } from '@postern/contract/endpoint-service'
import { type Feed, feeds, snapshotSchemas } from '@postern/contract/snapshot'
import type { Transaction } from 'kysely'
import type { Parts } from '../../parts.ts'
import type { Reconciler } from '../../reconcile/turns.ts'
import { lockTable } from '../../store/lock-table.ts'
import type { Tables } from '../../store/tables.ts'
import type { EdgeNews } from '../edge/news.ts'
import { effectiveLimits } from '../limit/effective.ts'
import { allocatePorts } from '../member-port/allocate.ts'
import { feedBody, serviceNeeds } from './build.ts'
import { type Built, built, createLastBuilt, keepChange, type LastBuilt } from './changes.ts'
import { everyFeed } from './wake.ts'
import { readWorld, type World, type WorldService } from './world.ts'

const schema = Math.max(...snapshotSchemas)

export const feedReconciler = (parts: Parts, news: EdgeNews): Reconciler => {
  const last = createLastBuilt()
  return {
    kind: 'feed',

    turn: async () => {
      // It reads all that there is: were it serializable, every wish that is written meanwhile would lose a race against it.
      const published = await parts.store.transact((tx) => publish(tx, parts, last), { isolation: 'repeatable read' })
      for (const [feed, whole] of published) {
        last.remember(feed, whole)
        news.announce(feed)
      }
      return { do: 'settled' }
    },

    ids: async () => [everyFeed],
  }
}

/** Answers the feeds that have a new number, with their wholes. */
const publish = async (
  tx: Transaction<Tables>,
  parts: Parts,
  lastBuilt: LastBuilt,
): Promise<ReadonlyMap<Feed, Built>> => {
  await lockTable(tx, 'snapshot')
  const { epoch } = await tx.selectFrom('store_mark').select('epoch').executeTakeFirstOrThrow()
  const rows = await tx.selectFrom('snapshot').select(['feed', 'n', 'hash']).where('epoch', '=', epoch).execute()
  const last = new Map(rows.map((row) => [row.feed, row]))
  const world = await servedWorld(tx, parts)
  const numbers = new Map<Feed, number>()
  const published = new Map<Feed, Built>()
  for (const feed of feeds) {
    const now = built(feedBody(feed, world, parts.settings.domain))
    const { body, hash } = now
    const { n = 0, hash: hashBefore } = last.get(feed) ?? {}
    numbers.set(feed, hash === hashBefore ? n : n + 1)
    if (hash === hashBefore) continue
    const before = hashBefore === undefined ? null : await lastBuilt.of(tx, feed, hashBefore)
    if (before !== null) await keepChange(tx, { feed, epoch, n: n + 1, before, now })
    const row = { epoch, n: n + 1, hash, body, schema, created: new Date(parts.clock.now()) }
    await tx
      .insertInto('snapshot')
      .values({ feed, ...row })
      .onConflict((conflict) => conflict.column('feed').doUpdateSet(row))
      .execute()
    published.set(feed, now)
  }
  await numberWaiting(tx, parts, numbers)
  return published
}

/** Endpoints whose phase changed since: these numbers are the first that say so. */
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
}

/** The world with a place for every member that can have one; new places are stored. */
const servedWorld = async (tx: Transaction<Tables>, parts: Parts): Promise<World> => {
  const world = await readWorld(tx, parts.settings.domain)
  const balanced = new Set(world.clusters.flatMap((cluster) => (cluster.balanced ? [cluster.id] : [])))
  const awsLimit = await effectiveLimits(tx, 'atlas.project.deployment.nodesPerPrivateLinkRegion')
  const needs = serviceNeeds(world, (service) => limitOf(service, awsLimit))
  const { added, unserved, nextSlots } = allocatePorts(needs, world.ports, parts.settings.gatewayPorts)
  for (const { serviceId, memberId, reason } of unserved) {
    const [who, what] = balanced.has(memberId)
      ? [{ clusterId: memberId }, 'load balanced mode of a cluster']
      : [{ memberId }, 'member']
    parts.log.warn({ endpointServiceId: serviceId, ...who }, `${what} cannot be reached through the service: ${reason}`)
  }
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
  return { ...world, ports: [...world.ports, ...added] }
}

/** Addressable targets per region: AWS by the project's limit, GCP's legacy form by its attachments. */
const limitOf = (service: WorldService, awsLimit: (groupId: string) => number): number => {
  if (service.provider === 'AWS') return awsLimit(service.groupId)
  return service.provider === 'GCP' && !service.portMapping ? service.attachments : addressableTargets[service.provider]
}
