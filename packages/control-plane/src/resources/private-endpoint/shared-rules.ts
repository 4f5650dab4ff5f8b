// Google Cloud's endpoints are groups of forwarding rules, and two groups of one service may name the same rule. It
// belongs to the group that was let in with it: the other is refused, and its end must not take the rule from the first.

import type { Kysely } from 'kysely'
import type { Tables } from '../../store/tables.ts'
import type { ServiceRow } from '../endpoint-service/row.ts'
import { consumerRefs } from './request.ts'
import { type EndpointRow, parseEndpoint } from './row.ts'

/** What other endpoints of the service were let in with: its name in the cloud, lower-case, to the endpoint's own. */
export type HeldByOthers = ReadonlyMap<string, string>

/** AWS and Azure: nothing, since there the endpoint's own ID is the consumer, and that is unique per service. */
export const heldByOthers = async (
  db: Kysely<Tables>,
  { id }: Pick<EndpointRow, 'id'>,
  service: Pick<ServiceRow, 'id' | 'provider' | 'region'>,
): Promise<HeldByOthers> => {
  if (service.provider !== 'GCP') return new Map()
  const rows = await db
    .selectFrom('private_endpoint')
    .selectAll()
    .where('service_id', '=', service.id)
    .where('id', '<>', id)
    .where('phase', 'in', ['ACCEPTED', 'AVAILABLE'])
    .where('delete_requested', '=', false)
    .execute()
  return new Map(
    rows
      .map(parseEndpoint)
      .flatMap(({ cloudId: owner, request }) =>
        consumerRefs(owner, request, service.region).map(({ cloudId }) => [cloudId.toLowerCase(), owner] as const),
      ),
  )
}
