// The turns of one endpoint service: look at the cloud, let next-step.ts decide, do that one step. Steps follow each
// other within a turn as long as each got something done, so that a fast cloud is not slowed by the queue.

import type { OwnEventType } from '@postern/contract/event'
import { heldBack } from '../../fidelity/held.ts'
import type { Parts } from '../../parts.ts'
import { CloudRefusal, type Provider, type Providers, type ServiceWish } from '../../providers/provider.ts'
import { createRound } from '../../reconcile/round.ts'
import { stepByStep } from '../../reconcile/step-by-step.ts'
import type { Outcome, Reconciler } from '../../reconcile/turns.ts'
import { recordEvent } from '../event/record.ts'
import { wakeFeeds } from '../feed/wake.ts'
import { effectiveLimit } from '../limit/effective.ts'
import { rememberService } from '../termination/remember.ts'
import { groupOf } from './group.ts'
import { nextServiceStep, type ServiceStep } from './next-step.ts'
import { loadService, type ServiceRow, serviceWish } from './row.ts'

/** How many service attachments Google Cloud's form without port mapping takes, when the service is made. */
const attachmentsLimit = 'atlas.project.deployment.privateServiceConnectionsPerRegionGroup'
/** What ends a state that is shown for a while under Atlas's behaviour. */
const endingSteps: ReadonlySet<ServiceStep['do']> = new Set(['record available', 'record failed', 'remove', 'forget'])
/** How many steps one turn may take; more than any path through the table is long. */
const stepsPerTurn = 6

export const endpointServiceReconciler = (parts: Parts, providers: Providers): Reconciler => {
  const ids = () => parts.store.read.selectFrom('endpoint_service').select('id')
  const standing = createRound(async (after, limit) => {
    const rows = await ids()
      .where('status', '=', 'AVAILABLE')
      .where('delete_requested', '=', false)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute()
    return rows.map(({ id }) => id)
  })
  return {
    kind: 'endpointService',

    turn: stepByStep(stepsPerTurn, (id) => oneStep(parts, providers, id)),

    ids: async () => {
      const moving = await ids()
        .where((eb) => eb.or([eb('status', 'not in', ['FAILED', 'AVAILABLE']), eb('delete_requested', '=', true)]))
        .execute()
      return [...moving.map(({ id }) => id), ...(await standing())]
    },
  }
}

const oneStep = async (parts: Parts, providers: Providers, id: string): Promise<Outcome | 'go on'> => {
  const { store, clock } = parts
  const service = await loadService(store.read, id)
  if (service === null) return { do: 'settled' }
  const limit = await effectiveLimit(store.read, service.groupId, attachmentsLimit)
  const wish = serviceWish(service, limit)
  const provider = providers[service.provider]
  const seen = await provider.observeService(wish)
  const { endpoints } = await store.read
    .selectFrom('private_endpoint')
    .select(({ fn }) => fn.countAll<string>().as('endpoints'))
    .where('service_id', '=', id)
    .executeTakeFirstOrThrow()
  const now = clock.now()
  const next = nextServiceStep({ ...service, endpoints: Number(endpoints) }, seen, now)
  const step = heldBack(next, { settlesAt: service.settlesAt, ends: endingSteps, now })
  return perform(parts, { service, wish, provider, step })
}

interface Performance {
  readonly service: ServiceRow
  readonly wish: ServiceWish
  readonly provider: Provider
  readonly step: ServiceStep
}

const perform = async (parts: Parts, { service, wish, provider, step }: Performance): Promise<Outcome | 'go on'> => {
  switch (step.do) {
    case 'nothing':
    case 'await endpoints':
      return { do: 'settled' }
    case 'wait':
      return { do: 'again', afterMs: Math.max(0, step.until - parts.clock.now()) }
    case 'create':
      try {
        await provider.ensureService(wish)
      } catch (error) {
        if (!(error instanceof CloudRefusal)) throw error
        return perform(parts, { service, wish, provider, step: { do: 'record failed', reason: error.message } })
      }
      return 'go on'
    case 'remove':
      await provider.removeService(wish)
      return 'go on'
    case 'record available':
      await save(parts, service, { status: 'AVAILABLE', names: JSON.stringify(step.names), error_message: null })
      return 'go on'
    case 'record failed':
      parts.log.warn({ endpointServiceId: service.id }, `endpoint service failed: ${step.reason}`)
      await save(parts, service, { status: 'FAILED', error_message: step.reason })
      return 'go on'
    case 'forget':
      await forgetService(parts, service)
      return 'go on'
  }
}

const forgetService = async (parts: Parts, { id, revision }: ServiceRow): Promise<void> => {
  await parts.store.transact(async (tx) => {
    const ports = await tx
      .selectFrom('member_port')
      .select(['service_id', 'member_id', 'cluster_id', 'slot', 'service_port', 'gateway_port'])
      .where('service_id', '=', id)
      .execute()
    const row = await tx
      .deleteFrom('endpoint_service')
      .where('id', '=', id)
      .where('revision', '=', revision)
      .returningAll()
      .executeTakeFirst()
    if (row !== undefined) await rememberService(tx, parts, { row, ports })
    await wakeFeeds(tx, parts)
  })
}

const eventTypes = {
  AVAILABLE: 'ENDPOINT_SERVICE_AVAILABLE',
  FAILED: 'ENDPOINT_SERVICE_FAILED',
} as const satisfies Readonly<Record<string, OwnEventType>>

interface ServiceChange {
  readonly status: keyof typeof eventTypes
  readonly names?: string
  readonly error_message: string | null
}

/**
 * Saves over the revision that was seen, with its event; over a newer one nothing, and the next step looks anew. Endpoints
 * that waited for the service to come back look again.
 */
const save = async (
  parts: Parts,
  { id, groupId, provider, region, revision }: ServiceRow,
  change: ServiceChange,
): Promise<void> => {
  await parts.store.transact(async (tx) => {
    const { numUpdatedRows } = await tx
      .updateTable('endpoint_service')
      .set({ ...change, revision: revision + 1 })
      .where('id', '=', id)
      .where('revision', '=', revision)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return
    const { org_id: orgId } = await groupOf(tx, { groupId })
    await recordEvent(tx, parts, {
      type: eventTypes[change.status],
      orgId,
      groupId,
      actor: null,
      sourceAddress: null,
      target: {
        endpointServiceId: id,
        provider,
        region,
        ...(change.error_message !== null && { errorMessage: change.error_message }),
      },
    })
    const waiting = await tx
      .selectFrom('private_endpoint')
      .select('id')
      .where('service_id', '=', id)
      .where('phase', '=', 'REQUESTED')
      .execute()
    for (const endpoint of waiting) await parts.turns.wake(tx, 'privateEndpoint', endpoint.id)
  })
}
