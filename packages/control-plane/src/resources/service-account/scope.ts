// Accounts are reached through their organization or through a group that they hold a role in; what is done to them is
// the same. This is the one difference, as data: where the path leads, and which accounts are seen from there.

import { AtlasError } from '@postern/contract/errors'
import type { RecordedEventType } from '@postern/contract/event'
import type { OperationId } from '@postern/contract/routes'
import type { Kysely, Transaction } from 'kysely'
import type { Call } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { recordEvent } from '../event/record.ts'
import type { AccountRow, Place } from './account.ts'

type Asked = Pick<Call<OperationId>, 'params'>

export interface Scope {
  readonly place: Place
  readonly orgId: string
  readonly groupId: string | null
}

/** The organization or group that the path names. Throws GROUP_NOT_FOUND. */
export const scopeOf = async (db: Kysely<Tables>, { params }: Asked): Promise<Scope> => {
  const { orgId, groupId } = params
  if (groupId === undefined) return { place: { orgId: orgId ?? '' }, orgId: orgId ?? '', groupId: null }
  const group = await db.selectFrom('group').select('org_id').where('id', '=', groupId).executeTakeFirst()
  if (!group) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
  return { place: { groupId }, orgId: group.org_id, groupId }
}

/** Every account that is seen from there. */
export const accountsIn = (db: Kysely<Tables>, { orgId, groupId }: Scope) => {
  const inOrg = db.selectFrom('service_account').where('org_id', '=', orgId)
  return groupId === null
    ? inOrg
    : inOrg.where('client_id', 'in', (of) =>
        of
          .selectFrom('role_assignment')
          .select('holder_id')
          .where('holder_kind', '=', 'SERVICE_ACCOUNT')
          .where('group_id', '=', groupId),
      )
}

/** The account that the path names, with its scope. Throws SERVICE_ACCOUNT_NOT_FOUND. */
export const accountOf = async (
  db: Kysely<Tables>,
  call: Asked,
): Promise<{ readonly account: AccountRow; readonly scope: Scope }> => {
  const clientId = call.params.clientId ?? ''
  const scope = await scopeOf(db, call)
  const account = await accountsIn(db, scope).selectAll().where('client_id', '=', clientId).executeTakeFirst()
  if (!account) throw new AtlasError('SERVICE_ACCOUNT_NOT_FOUND', { clientId })
  return { account, scope }
}

/** Leaves the audit event of a change to one account. */
export const tell = (
  tx: Transaction<Tables>,
  parts: Parts,
  event: {
    readonly call: Pick<Call<OperationId>, 'actor' | 'sourceAddress'>
    readonly scope: Scope
    readonly type: RecordedEventType
    readonly clientId: string
    readonly more?: Readonly<Record<string, string>>
  },
): Promise<void> =>
  recordEvent(tx, parts, {
    type: event.type,
    orgId: event.scope.orgId,
    groupId: event.scope.groupId,
    actor: event.call.actor,
    sourceAddress: event.call.sourceAddress,
    target: { clientId: event.clientId, ...event.more },
  })
