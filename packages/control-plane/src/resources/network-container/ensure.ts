// Atlas makes a container by itself when the first cluster or endpoint service comes to a region. So do we, in the same
// transaction: clients look there for the container of a cluster that they have just made.

import type { CloudProvider } from '@postern/contract/cloud'
import type { Transaction } from 'kysely'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { freeCidr } from './container.ts'

/** Does nothing where the group has one there already. `region` in Atlas's spelling. */
export const ensureContainer = async (
  tx: Transaction<Tables>,
  parts: Pick<Parts, 'ids' | 'clock'>,
  place: { readonly groupId: string; readonly provider: CloudProvider; readonly region: string },
): Promise<void> => {
  const { groupId, provider } = place
  const region = provider === 'GCP' ? null : place.region
  const known = await tx
    .selectFrom('network_container')
    .select(['region', 'cidr'])
    .where('group_id', '=', groupId)
    .where('provider', '=', provider)
    .execute()
  if (known.some((each) => each.region === region)) return
  await tx
    .insertInto('network_container')
    .values({
      id: parts.ids.objectId(),
      group_id: groupId,
      provider,
      region,
      regions: '[]',
      cidr: freeCidr(
        provider,
        known.map(({ cidr }) => cidr),
      ),
      created: new Date(parts.clock.now()),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
