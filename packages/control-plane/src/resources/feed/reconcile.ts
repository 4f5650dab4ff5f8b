// The turns of a feed: rebuild the whole from rows in one transaction, publish it under the next number if it differs,
// and say to the endpoints that wait which number speaks of them. A lock makes rebuilds follow each other over all
// control planes, so that a number never goes back in time.

import { createHash } from 'node:crypto'
import { addressableTargets } from '@postern/contract/endpoint-service'
import { type Feed, feeds, snapshotSchemas } from '@postern/contract/snapshot'
import type { Transaction } from 'kysely'
import type { Parts } from '../../parts.ts'
import type { Reconciler } from '../../reconcile/turns.ts'
import { lockTable } from '../../store/lock-table.ts'
import type { Tables } from '../../store/tables.ts'
import type { EdgeNews } from '../edge/news.ts'
import { isFeed } from '../edge/reports.ts'
import { effectiveLimit } from '../limit/effective.ts'
import { allocatePorts } from '../member-port/allocate.ts'
import { feedBody, serviceNeeds } from './build.ts'
import { readWorld, type World, type WorldService } from './world.ts'

export const feedReconciler = (parts: Parts, news: EdgeNews): Reconciler => ({
  kind: 'feed',

  turn: async (id) => {
    if (!isFeed(id)) return { do: 'settled' }
    // It reads all that there is: were it serializable, every wish that is written meanwhile would lose a race against it.
    const published = await parts.store.transact((tx) => publish(tx, parts, id), { isolation: 'repeatable read' })
    if (published) news.announce(id)
    return { do: 'settled' }
  },

  ids: async () => feeds,
})

/** True when there is a new number. */
const publish = async (tx: Transaction<Tables>, parts: Parts, feed: Feed): Promise<boolean> => {
  await lockTable(tx, 'snapshot')
  const { epoch } = await tx.selectFrom('store_mark').select('epoch').executeTakeFirstOrThrow()
  const world = await servedWorld(tx, parts)
  const body = JSON.stringify(feedBody(feed, world, parts.settings.domain))
  const schema = Math.max(...snapshotSchemas)
  const hash = createHash('sha256').update(`${schema} ${body}`).digest('hex')
  const last = await tx
    .selectFrom('snapshot')
    .select(['epoch', 'n', 'hash'])
    .where('feed', '=', feed)
    .executeTakeFirst()
  const same = last !== undefined && last.epoch === epoch && last.hash === hash
  const n = same ? last.n : last?.epoch === epoch ? last.n + 1 : 1
  if (!same) {
    const row = { epoch, n, hash, body, schema, created: new Date(parts.clock.now()) }
    await tx
      .insertInto('snapshot')
      .values({ feed, ...row })
      .onConflict((conflict) => conflict.column('feed').doUpdateSet(row))
      .execute()
  }
  if (feed !== 'dns') await numberWaiting(tx, parts, feed, n)
  return !same
}

/** Endpoints whose phase changed since: this number is the first that says so. */
const numberWaiting = async (
  tx: Transaction<Tables>,
  parts: Parts,
  feed: 'gateway' | 'forwarder',
  n: number,
): Promise<void> => {
  const column = feed === 'gateway' ? 'gateway_n' : 'forwarder_n'
  const waiting = await tx
    .updateTable('private_endpoint')
    .set({ [column]: n })
    .where(column, 'is', null)
    .where('phase', 'in', ['ACCEPTED', 'DELETING'])
    .returning('id')
    .execute()
  for (const { id } of waiting) await parts.turns.wake(tx, 'privateEndpoint', id)
}

/** The world with a place for every member that can have one; new places are stored. */
const servedWorld = async (tx: Transaction<Tables>, parts: Parts): Promise<World> => {
  const world = await readWorld(tx, parts.settings.domain)
  const awsLimits = new Map<string, number>()
  for (const groupId of new Set(world.services.map((service) => service.groupId))) {
    awsLimits.set(groupId, await effectiveLimit(tx, groupId, 'atlas.project.deployment.nodesPerPrivateLinkRegion'))
  }
  const needs = serviceNeeds(world, (service) => limitOf(service, awsLimits))
  const { added, unserved, nextSlots } = allocatePorts(needs, world.ports, parts.settings.gatewayPorts)
  for (const { serviceId, memberId, reason } of unserved) {
    parts.log.warn(
      { endpointServiceId: serviceId, memberId },
      `member cannot be reached through the service: ${reason}`,
    )
  }
  if (added.length > 0) {
    await tx
      .insertInto('member_port')
      .values(
        added.map((port) => ({
          service_id: port.serviceId,
          member_id: port.memberId,
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
const limitOf = (service: WorldService, awsLimits: ReadonlyMap<string, number>): number => {
  if (service.provider === 'AWS') return awsLimits.get(service.groupId) ?? addressableTargets.AWS
  return service.provider === 'GCP' && !service.portMapping ? service.attachments : addressableTargets[service.provider]
}
