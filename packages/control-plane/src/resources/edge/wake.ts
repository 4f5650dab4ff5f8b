// Which endpoints have a turn because of what an edge said, or because of what became of an edge.

import type { Feed } from '@postern/contract/snapshot'
import { sql, type Transaction } from 'kysely'
import { type EdgeServes, everything } from '../../identity/edge-identity.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'

type Tx = Transaction<Tables>

/** Endpoints that wait for an edge to take them over or to let go of them, and those that are told not to be served; of what it serves. */
export const wakeWaiting = async (
  tx: Tx,
  parts: Pick<Parts, 'turns'>,
  { orgIds, groupIds }: Pick<EdgeServes, 'orgIds' | 'groupIds'> = everything,
): Promise<void> => {
  const waiting = await tx
    .selectFrom('private_endpoint')
    .select('private_endpoint.id')
    .$if(orgIds !== null, (query) =>
      query
        .innerJoin('group', 'group.id', 'private_endpoint.group_id')
        .where('group.org_id', 'in', [...(orgIds ?? []), '']),
    )
    .$if(groupIds !== null, (query) => query.where('private_endpoint.group_id', 'in', [...(groupIds ?? []), '']))
    .where((eb) =>
      eb.or([
        eb('phase', 'in', ['ACCEPTED', 'DELETING']),
        eb.and([eb('phase', '=', 'AVAILABLE'), eb('error_message', 'is not', null)]),
      ]),
    )
    .execute()
  for (const { id } of waiting) await parts.turns.wake(tx, 'privateEndpoint', id)
}

/** Every endpoint that is AVAILABLE: whether it is served is told in errorMessage. */
export const wakeAvailable = async (tx: Tx, parts: Pick<Parts, 'turns'>): Promise<void> => {
  const available = await tx.selectFrom('private_endpoint').select('id').where('phase', '=', 'AVAILABLE').execute()
  for (const { id } of available) await parts.turns.wake(tx, 'privateEndpoint', id)
}

/** Those that stand behind these listeners. */
export const wakeServed = async (
  tx: Tx,
  parts: Pick<Parts, 'turns'>,
  { feed, listeners }: { readonly feed: Feed; readonly listeners: readonly string[] },
): Promise<void> => {
  if (feed === 'dns' || listeners.length === 0) return
  const names = feed === 'gateway' ? listeners : listeners.map((id) => id.slice(0, id.lastIndexOf(':')))
  const named = sql<string>`(select jsonb_array_elements_text(${JSON.stringify(names)}::jsonb))`
  const behind =
    feed === 'gateway'
      ? sql<boolean>`id in ${named} or service_id in
          (select service_id from member_port where gateway_port::text in ${named})`
      : sql<boolean>`exists (select from jsonb_array_elements_text(link_ids) link where link in ${named})`
  const served = await tx
    .selectFrom('private_endpoint')
    .select('id')
    .where('phase', '=', 'AVAILABLE')
    .where(behind)
    .execute()
  for (const { id } of served) await parts.turns.wake(tx, 'privateEndpoint', id)
}
