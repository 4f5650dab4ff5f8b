// The saves of an endpoint's turns, each one transaction: over the revision that was seen, or nothing; and with every
// change that an edge must hear of, the feeds are woken.

import type { CloudProvider } from '@postern/contract/cloud'
import type { OwnEventType } from '@postern/contract/event'
import type { Behaviour } from '@postern/contract/fidelity'
import { type EndpointNaming, endpointHost, ruleHost } from '@postern/contract/host-name'
import { endpointStatus } from '@postern/contract/private-endpoint'
import type { Transaction } from 'kysely'
import { behaviourOf } from '../../fidelity/fidelity-of.ts'
import type { Parts } from '../../parts.ts'
import type { SeenConsumer } from '../../providers/provider.ts'
import type { Tables } from '../../store/tables.ts'
import { reconfigureClusters } from '../cluster/reconfigure.ts'
import { groupOf } from '../endpoint-service/group.ts'
import { lockService, type ServiceRow } from '../endpoint-service/row.ts'
import { markServiceDeleting } from '../endpoint-service/terminate.ts'
import { recordEvent } from '../event/record.ts'
import { wakeFeeds } from '../feed/wake.ts'
import { rememberEndpoint } from '../termination/remember.ts'
import type { Advertised } from './advertised.ts'
import type { EndpointRow } from './row.ts'
import { heldByOthers } from './shared-rules.ts'

interface EndpointChange {
  readonly phase?: 'AVAILABLE' | 'REFUSED'
  readonly was_available?: true
  readonly error_message: string | null
}

/**
 * Saves over the revision that was seen; over a newer one nothing, and the next step looks anew. A new phase leaves its
 * event, and so does what one that is AVAILABLE suffers.
 */
export const saveEndpoint = async (
  parts: Parts,
  { endpoint, service }: { readonly endpoint: EndpointRow; readonly service: ServiceRow },
  change: EndpointChange,
): Promise<void> => {
  await parts.store.transact(async (tx) => {
    const comesOrGoes = change.phase === 'AVAILABLE' || (change.phase === 'REFUSED' && endpoint.phase === 'AVAILABLE')
    if (comesOrGoes) await reconfigureClusters(tx, parts, endpoint.groupId)
    const { numUpdatedRows } = await tx
      .updateTable('private_endpoint')
      .set({ ...change, revision: endpoint.revision + 1 })
      .where('id', '=', endpoint.id)
      .where('revision', '=', endpoint.revision)
      .executeTakeFirst()
    const type = eventTypeOf(service.provider, endpoint, change)
    if (type === null || numUpdatedRows === 0n) return
    if (change.phase !== undefined) await wakeFeeds(tx, parts)
    const { org_id: orgId } = await groupOf(tx, { groupId: endpoint.groupId })
    await recordEvent(tx, parts, {
      type,
      orgId,
      groupId: endpoint.groupId,
      actor: null,
      sourceAddress: null,
      target: {
        endpointId: endpoint.cloudId,
        endpointServiceId: service.id,
        provider: service.provider,
        region: service.region,
        ...(change.error_message !== null && { errorMessage: change.error_message }),
      },
    })
  })
}

/** Null: nobody waits for it. */
const eventTypeOf = (
  provider: CloudProvider,
  { phase }: Pick<EndpointRow, 'phase'>,
  change: EndpointChange,
): OwnEventType | null => {
  if (change.phase !== undefined) return eventTypes[endpointStatus[provider][change.phase]]
  if (phase !== 'AVAILABLE') return null
  return change.error_message === null ? 'INTERFACE_ENDPOINT_RECOVERED' : 'INTERFACE_ENDPOINT_DEGRADED'
}

/** By what the endpoint's cloud calls its state: AWS knows REJECTED, the others FAILED. */
const eventTypes = {
  AVAILABLE: 'INTERFACE_ENDPOINT_AVAILABLE',
  REJECTED: 'INTERFACE_ENDPOINT_REJECTED',
  FAILED: 'INTERFACE_ENDPOINT_FAILED',
} as const satisfies Readonly<Record<string, OwnEventType>>

/**
 * The consumer is attached in its cloud: gives the endpoint its number and names and tells the feeds. `consumers` by
 * slot. The number is taken in the same transaction and never again, also when the endpoint goes.
 */
export const acceptEndpoint = async (
  parts: Parts,
  endpoint: EndpointRow,
  service: ServiceRow,
  consumers: readonly SeenConsumer[],
): Promise<void> => {
  await parts.store.transact(async (tx) => {
    // Two that name one rule come here one after the other; the second finds it held and looks anew.
    await lockService(tx, service.id)
    const held = await heldByOthers(tx, endpoint, service)
    if (consumers.some(({ cloudId }) => held.has(cloudId.toLowerCase()))) return
    const seen = await tx
      .selectFrom('private_endpoint')
      .select('revision')
      .where('id', '=', endpoint.id)
      .forUpdate()
      .executeTakeFirst()
    if (seen?.revision !== endpoint.revision) return
    const { hash, index } = await numberOf(tx, endpoint)
    const { provider, region } = service
    const naming: EndpointNaming = { provider, region, index, hash, domain: parts.settings.domain }
    await tx
      .updateTable('private_endpoint')
      .set({
        phase: 'ACCEPTED',
        link_ids: JSON.stringify(consumers.flatMap(({ linkIds }) => linkIds)),
        name_index: index,
        form: consumers[0]?.form ?? 'address',
        advertised: JSON.stringify(advertisedFor(naming, consumers)),
        gateway_n: null,
        forwarder_n: null,
        error_message: null,
        revision: endpoint.revision + 1,
      })
      .where('id', '=', endpoint.id)
      .execute()
    await wakeFeeds(tx, parts)
  })
}

/** The endpoint's own number, or the next of its group's count: one for `pl`, one for GCP's `psc`. */
const numberOf = async (
  tx: Transaction<Tables>,
  { groupId, provider, nameIndex }: EndpointRow,
): Promise<{ readonly hash: string; readonly index: number }> => {
  if (nameIndex !== null) {
    const { hash } = await tx.selectFrom('group').select('hash').where('id', '=', groupId).executeTakeFirstOrThrow()
    return { hash, index: nameIndex }
  }
  const column = provider === 'GCP' ? 'next_psc' : 'next_pl'
  const group = await tx
    .updateTable('group')
    .set(({ eb }) => ({ [column]: eb(column, '+', 1) }))
    .where('id', '=', groupId)
    .returning(['hash', column])
    .executeTakeFirstOrThrow()
  return { hash: group.hash, index: group[column] - 1 }
}

const advertisedFor = (naming: EndpointNaming, consumers: readonly SeenConsumer[]): Advertised => {
  const by = consumers.length === 1 ? 'ports' : 'doors'
  const doors = consumers.map(({ hosts, firstPort, portCount }, rule) => ({
    name: by === 'ports' ? endpointHost(naming) : ruleHost(naming, rule),
    hosts: [...hosts],
    firstPort,
    portCount,
  }))
  return { by, doors }
}

/**
 * Nothing is left of it anywhere: the row goes, and a service whose last endpoint it was, if its deletion said so or,
 * where that said nothing, by the setting. By the setting one that never worked leaves its service alone, since it may be
 * the wrong id that is about to be corrected; in Atlas it does not.
 */
export const forgetEndpoint = async (parts: Parts, endpoint: EndpointRow, service: ServiceRow): Promise<void> => {
  await parts.store.transact(async (tx) => {
    await tx.selectFrom('endpoint_service').select('id').where('id', '=', service.id).forUpdate().execute()
    const gone = await tx
      .deleteFrom('private_endpoint')
      .where('id', '=', endpoint.id)
      .where('revision', '=', endpoint.revision)
      .returningAll()
      .executeTakeFirst()
    if (gone === undefined) return
    await rememberEndpoint(tx, parts, { row: gone, region: service.region })
    await wakeFeeds(tx, parts)
    await parts.turns.wake(tx, 'endpointService', service.id)
    const { lastEndpoint } = await behaviourOf(tx, parts, service.groupId)
    if (!serviceFollows(endpoint, { lastEndpoint, settings: parts.settings })) return
    const left = await tx
      .selectFrom('endpoint_service')
      .innerJoin('group', 'group.id', 'endpoint_service.group_id')
      .select(({ selectFrom, fn }) => [
        'group.org_id',
        'endpoint_service.delete_requested',
        selectFrom('private_endpoint')
          .whereRef('private_endpoint.service_id', '=', 'endpoint_service.id')
          .select(fn.countAll<string>().as('count'))
          .as('endpoints'),
      ])
      .where('endpoint_service.id', '=', service.id)
      .executeTakeFirstOrThrow()
    if (left.delete_requested || Number(left.endpoints) > 0) return
    await markServiceDeleting(tx, parts, service)
    await recordEvent(tx, parts, {
      type: 'ENDPOINT_SERVICE_DELETED',
      orgId: left.org_id,
      groupId: service.groupId,
      actor: null,
      sourceAddress: null,
      target: { endpointServiceId: service.id, provider: service.provider, region: service.region },
    })
  })
}

/** Whether a service goes with this endpoint, should it be the last. Pure. */
export const serviceFollows = (
  { keepService, wasAvailable }: Pick<EndpointRow, 'keepService' | 'wasAvailable'>,
  { lastEndpoint, settings }: Pick<Behaviour, 'lastEndpoint'> & { readonly settings: Parts['settings'] },
): boolean => {
  if (keepService !== null) return !keepService
  return lastEndpoint !== 'as the server is set' || (settings.lastEndpointTakesService && wasAvailable)
}
