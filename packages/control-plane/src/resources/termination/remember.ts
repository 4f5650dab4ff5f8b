// What is left of a service or an endpoint when its row goes: the row as it was, and of a service its members' places,
// until the window for taking it back is over. It is written in the transaction that takes the row away, so nothing waits
// for it, and it holds nothing: region, endpoint id and ports are free for whoever comes next.

import type { Selectable, Transaction } from 'kysely'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'

export type ServiceColumns = Selectable<Tables['endpoint_service']>
export type EndpointColumns = Selectable<Tables['private_endpoint']>
type PortColumns = Omit<Selectable<Tables['member_port']>, 'only_member'>

type World = Pick<Parts, 'clock' | 'settings'>

/** `ports` must be read before the service's row goes, which takes them along. */
export const rememberService = (
  tx: Transaction<Tables>,
  parts: World,
  { row, ports }: { readonly row: ServiceColumns; readonly ports: readonly PortColumns[] },
): Promise<void> =>
  remember(tx, parts, {
    kind: 'endpointService',
    row,
    place: { provider: row.provider, region: row.region, service_id: row.id, cloud_id: null },
    content: { row, ports },
  })

/** One that is attached, terminated, attached again and terminated again has one way back: to the newest. */
export const rememberEndpoint = async (
  tx: Transaction<Tables>,
  parts: World,
  { row, region }: { readonly row: EndpointColumns; readonly region: string },
): Promise<void> => {
  const { provider, service_id, cloud_id } = row
  await tx
    .deleteFrom('termination')
    .where('service_id', '=', service_id)
    .where(({ fn, eb }) => eb(fn<string>('lower', ['cloud_id']), '=', cloud_id.toLowerCase()))
    .execute()
  await remember(tx, parts, {
    kind: 'endpoint',
    row,
    place: { provider, region, service_id, cloud_id },
    content: { row },
  })
}

const remember = async (
  tx: Transaction<Tables>,
  { clock, settings }: World,
  {
    kind,
    row,
    place,
    content,
  }: {
    readonly kind: Tables['termination']['kind']
    readonly row: ServiceColumns | EndpointColumns
    readonly place: Pick<Tables['termination'], 'provider' | 'region' | 'service_id' | 'cloud_id'>
    readonly content: object
  },
): Promise<void> => {
  const now = clock.now()
  await tx.deleteFrom('termination').where('expires', '<=', new Date(now)).execute()
  const terminated = row.terminated ?? new Date(now)
  const expires = new Date(terminated.getTime() + settings.undoWindowMs)
  if (expires.getTime() <= now) return
  const left = {
    kind,
    group_id: row.group_id,
    ...place,
    content: JSON.stringify(content),
    terminated,
    expires,
  }
  await tx
    .insertInto('termination')
    .values({ id: row.id, ...left })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(left))
    .execute()
}
