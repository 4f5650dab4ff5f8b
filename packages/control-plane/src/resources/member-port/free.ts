// Whether there is a port of the gateways that no member has yet, behind an endpoint service or a standard listener.

import type { Kysely } from 'kysely'
import type { Settings } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'

export const portsAreFree = async (db: Kysely<Tables>, { from, to }: Settings['gatewayPorts']): Promise<boolean> => {
  const { taken } = await db
    .selectFrom(
      db
        .selectFrom('member_port')
        .select('gateway_port')
        .union(db.selectFrom('standard_port').select('gateway_port'))
        .as('port'),
    )
    .select(({ fn }) => fn.countAll<string>().as('taken'))
    .where('gateway_port', '>=', from)
    .where('gateway_port', '<=', to)
    .executeTakeFirstOrThrow()
  return Number(taken) <= to - from
}
