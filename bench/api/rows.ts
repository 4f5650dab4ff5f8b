// What stands in the store before a measurement: endpoint services as their turns would have left them, with the local
// cloud's side of each, so that a turn finds nothing to do. One project may hold far more of one provider than there are
// regions: listing is one provider in one project, so these rows cannot come through the API.

import type { Store } from '../../packages/control-plane/src/parts.ts'
import { runStatements } from '../../packages/control-plane/src/store/testing.ts'

/** `count` AVAILABLE AWS services in a project that is there. Ids are made from their number. */
export async function putServices(
  store: Store,
  { groupId, count }: { readonly groupId: string; readonly count: number },
): Promise<void> {
  const id = `lpad(to_hex(n), 24, '0')`
  const names = `jsonb_build_object('provider', 'AWS', 'endpointServiceName',
    'com.amazonaws.vpce.us-east-1.vpce-svc-' || lpad(to_hex(n), 17, '0'))`
  await runStatements(store, [
    `insert into endpoint_service (id, group_id, provider, region, port_mapping, status, names,
      supported_remote_regions, error_message, created)
    select ${id}, '${groupId}', 'AWS', 'REGION_' || n, false, 'AVAILABLE', ${names}, 'null', null, now()
    from generate_series(1, ${count}) n`,
    `insert into local_service (service_id, provider, region, names, ready_at)
    select ${id}, 'AWS', 'US_EAST_1', ${names}, now() from generate_series(1, ${count}) n`,
    'analyze',
  ])
}

export const nthService = (n: number): string => n.toString(16).padStart(24, '0')
