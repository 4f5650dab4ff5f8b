// What the three doors of the local cloud share: find what an endpoint is made for, store it, list it, delete it.

import { atlasRegion, type CloudProvider } from '@postern/contract/cloud'
import { AtlasError } from '@postern/contract/errors'
import type { Kysely } from 'kysely'
import type { Parts } from '../../parts.ts'
import { portsNeeded } from '../../providers/local/addresses.ts'
import {
  addConsumers,
  type Consumer,
  findTarget,
  type LocalTarget,
  type NewConsumer,
  parseConsumer,
} from '../../providers/local/consumer.ts'
import type { Probe } from '../../providers/local/probe.ts'
import type { Tables } from '../../store/tables.ts'
import { wakeFeeds } from '../feed/wake.ts'
import type { ShownConsumer } from './view.ts'

/** Throws POSTERN_LOCAL_TARGET_NOT_FOUND. */
export const requireTarget = async (parts: Parts, provider: CloudProvider, target: string): Promise<LocalTarget> => {
  const found = await findTarget(parts, provider, target)
  if (found === null) throw new AtlasError('POSTERN_LOCAL_TARGET_NOT_FOUND', { provider, target })
  return found
}

/** A region in any spelling, or the service's own. Throws INVALID_ATTRIBUTE. */
export const regionOr = (provider: CloudProvider, text: string | undefined, own: string, field: string): string => {
  if (text === undefined) return own
  const region = atlasRegion(provider, text)
  if (region !== undefined) return region
  const description = `${provider} has no region ${text}.`
  throw new AtlasError('INVALID_ATTRIBUTE', { attribute: field }, { fields: [{ field, description }] })
}

/** All or none. Throws POSTERN_LOCAL_ENDPOINT_ALREADY_EXISTS, POSTERN_NO_LOCAL_ADDRESS. */
export const makeConsumers = async (
  parts: Parts,
  probe: Probe,
  { target, wanted }: { readonly target: LocalTarget; readonly wanted: readonly NewConsumer[] },
): Promise<readonly Consumer[]> =>
  addConsumers(parts, probe, {
    wanted,
    portCount: portsNeeded(target.provider, target.targets.length),
    check: async (tx) => {
      for (const { cloudId, provider } of wanted) {
        if (cloudId === undefined) continue
        const there = await byCloudId(tx, provider, cloudId)
        if (there !== null) {
          throw new AtlasError('POSTERN_LOCAL_ENDPOINT_ALREADY_EXISTS', { endpointId: cloudId, provider })
        }
      }
    },
  })

const byCloudId = async (db: Kysely<Tables>, provider: CloudProvider, cloudId: string): Promise<Consumer | null> => {
  const row = await db
    .selectFrom('local_endpoint')
    .selectAll()
    .where('provider', '=', provider)
    .where(({ fn, eb }) => eb(fn<string>('lower', ['cloud_id']), '=', cloudId.toLowerCase()))
    .executeTakeFirst()
  return row === undefined ? null : parseConsumer(row)
}

/** Everything of one provider, oldest first. */
export const listConsumers = async (parts: Parts, provider: CloudProvider): Promise<readonly ShownConsumer[]> => {
  const rows = await parts.store.read
    .selectFrom('local_endpoint')
    .leftJoin('local_acceptance', 'local_acceptance.local_endpoint_id', 'local_endpoint.id')
    .selectAll('local_endpoint')
    .select('local_acceptance.ready_at')
    .where('local_endpoint.provider', '=', provider)
    .execute()
  const now = parts.clock.now()
  return rows.toSorted(oldestFirst).map((row) => {
    const consumer = parseConsumer(row)
    return { consumer, connection: connectionOf(consumer, row.ready_at, now), settings: parts.settings }
  })
}

/** The rules of one `--count` are made at one moment: they come in the order of their numbers, rule-2 before rule-10. */
const oldestFirst = (one: Made, other: Made): number =>
  one.created.getTime() - other.created.getTime() || byNumber.compare(one.cloud_id, other.cloud_id)

const byNumber = new Intl.Collator('en', { numeric: true })

interface Made {
  readonly created: Date
  readonly cloud_id: string
}

const connectionOf = ({ state }: Consumer, readyAt: Date | null, now: number): ShownConsumer['connection'] => {
  if (state !== 'accepted') return state
  return readyAt !== null && readyAt.getTime() <= now ? 'connected' : 'connecting'
}

/** What was just made: nobody has accepted it yet. */
export const freshlyMade = (parts: Parts, consumer: Consumer): ShownConsumer => ({
  consumer,
  connection: 'pending',
  settings: parts.settings,
})

/**
 * Takes it away and lets those look again who had accepted it: an attached endpoint that is gone in its cloud ends
 * REJECTED or FAILED. Throws POSTERN_LOCAL_ENDPOINT_NOT_FOUND.
 */
export const deleteConsumer = async (parts: Parts, provider: CloudProvider, cloudId: string): Promise<void> => {
  await parts.store.transact(async (tx) => {
    const consumer = await byCloudId(tx, provider, cloudId)
    if (consumer === null) throw new AtlasError('POSTERN_LOCAL_ENDPOINT_NOT_FOUND', { endpointId: cloudId, provider })
    const attached = await tx
      .selectFrom('local_acceptance')
      .innerJoin('private_endpoint', 'private_endpoint.service_id', 'local_acceptance.service_id')
      .select('private_endpoint.id')
      .where('local_acceptance.local_endpoint_id', '=', consumer.id)
      .where('private_endpoint.phase', '<>', 'REFUSED')
      .execute()
    await tx.deleteFrom('local_acceptance').where('local_endpoint_id', '=', consumer.id).execute()
    await tx.deleteFrom('local_endpoint').where('id', '=', consumer.id).execute()
    for (const { id } of attached) await parts.turns.wake(tx, 'privateEndpoint', id)
    if (attached.length > 0) await wakeFeeds(tx, parts)
  })
}
