// In Atlas a group may have one endpoint in each of many regions, or many in one region and none elsewhere, over all
// providers, unless the regionalized mode is on. Here each endpoint reaches the whole set, so this is refused only where
// Atlas's behaviour is asked for.

import { AtlasError } from '@postern/contract/errors'
import type { Transaction } from 'kysely'
import { behaviourOf } from '../../fidelity/fidelity-of.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { regionalModeProblem } from '../endpoint-service/regional-mode.ts'
import type { ServiceRow } from '../endpoint-service/row.ts'

/** Throws MULTIPLE_PRIVATE_ENDPOINTS_RESTRICTED_TO_SINGLE_REGION for one endpoint more of `service`. */
export const checkSeveralRegions = async (
  tx: Transaction<Tables>,
  parts: Pick<Parts, 'settings'>,
  { groupId, provider, region }: Pick<ServiceRow, 'groupId' | 'provider' | 'region'>,
): Promise<void> => {
  const { severalEndpoints } = await behaviourOf(tx, parts, groupId)
  if (severalEndpoints === 'anywhere') return
  // Held, so that two who attach in two regions at once come here one after the other.
  const group = await tx
    .selectFrom('group')
    .select('regional_mode')
    .where('id', '=', groupId)
    .forUpdate()
    .executeTakeFirst()
  if (group?.regional_mode === true) return
  const attached = await tx
    .selectFrom('private_endpoint')
    .innerJoin('endpoint_service', 'endpoint_service.id', 'private_endpoint.service_id')
    .select(['endpoint_service.provider', 'endpoint_service.region'])
    .where('private_endpoint.group_id', '=', groupId)
    .execute()
  const endpointRegions = [...attached, { provider, region }].map((one) => `${one.provider} ${one.region}`)
  if (regionalModeProblem(false, { clusters: [], endpointRegions }) === null) return
  throw new AtlasError('MULTIPLE_PRIVATE_ENDPOINTS_RESTRICTED_TO_SINGLE_REGION', {})
}
