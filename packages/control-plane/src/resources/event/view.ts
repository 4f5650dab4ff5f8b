// An audit event as the API shows it: keys in the recorded order, what does not apply left out. Who acted is told in the
// fields of their kind; a service account, for which Atlas has no field, is told by its client id as `publicKey`.

import type { EventReply } from '@postern/contract/schemas/event'
import type { Selectable } from 'kysely'
import type { Tables } from '../../store/tables.ts'

export type EventRow = Selectable<Tables['event']>

export interface Shown {
  /** Where the caller asked: a group's own list leaves the organization out. */
  readonly within: 'group' | 'org'
  readonly withRaw: boolean
  readonly names: { readonly groupName: string | null; readonly orgName: string | null }
  readonly link: (path: string) => string
}

export const eventView = (row: EventRow, { within, withRaw, names, link }: Shown): EventReply => {
  const target = targetOf(row)
  const actor = actorOf(row)
  return {
    ...pick({ apiKeyId: actor.apiKeyId, clusterName: target.clusterName }),
    created: timestamp(row.created),
    ...pick({ dbUserUsername: target.dbUserUsername }),
    eventTypeName: row.type,
    ...pick({ groupId: row.group_id }),
    id: row.id,
    isGlobalAdmin: false,
    links: [{ href: link(`/api/atlas/v2/groups/${row.group_id}/events/${row.id}`), rel: 'self' }],
    ...pick({ orgId: within === 'org' ? row.org_id : null, publicKey: actor.publicKey }),
    ...(withRaw && { raw: rawOf(row, names) }),
    ...pick({
      remoteAddress: row.source_address,
      resourceId: target.resourceId,
      resourceType: target.resourceType,
      targetPublicKey: target.targetPublicKey,
      targetUsername: target.targetUsername,
      teamId: target.teamId,
      userId: actor.userId,
      username: actor.username,
      whitelistEntry: target.whitelistEntry,
    }),
  }
}

const timestamp = (date: Date): string => date.toISOString().replace(/\.\d{3}Z$/, 'Z')

const actorOf = ({ actor_kind, actor_id, actor_name }: EventRow) => ({
  apiKeyId: actor_kind === 'API_KEY' ? actor_id : null,
  publicKey: actor_kind === 'API_KEY' || actor_kind === 'SERVICE_ACCOUNT' ? actor_name : null,
  userId: actor_kind === 'USER' ? actor_id : null,
  username: actor_kind === 'USER' ? actor_name : null,
})

/** Atlas's fields of a target; what handlers tell beyond them stays in the store and in `raw`. */
const targetOf = ({ type, target }: EventRow) => {
  const told = typeof target === 'object' && target !== null ? target : {}
  const text = (field: string): string | null => {
    const value: unknown = Reflect.get(told, field)
    return typeof value === 'string' ? value : null
  }
  return {
    clusterName: text('clusterName'),
    dbUserUsername: text('dbUserUsername') ?? (type.startsWith('MONGODB_USER_') ? text('username') : null),
    resourceId: text('resourceId'),
    resourceType: text('resourceType'),
    targetPublicKey: text('targetPublicKey') ?? (type.startsWith('API_KEY_') ? text('publicKey') : null),
    targetUsername: text('targetUsername'),
    teamId: text('teamId'),
    whitelistEntry: text('whitelistEntry'),
  }
}

const rawOf = (row: EventRow, { groupName, orgName }: Shown['names']): NonNullable<EventReply['raw']> => ({
  _t: row.group_id === null ? 'ORG_EVENT' : 'NDS_AUDIT',
  ...pick({ cid: row.group_id }),
  cre: timestamp(row.created),
  description: JSON.stringify(row.target),
  ...pick({ gn: groupName }),
  id: row.id,
  orgId: row.org_id,
  ...pick({ orgName }),
  severity: 'INFO',
})

const pick = <Fields extends Readonly<Record<string, string | null>>>(
  fields: Fields,
): { readonly [Name in keyof Fields]?: string } =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)) as {
    readonly [Name in keyof Fields]?: string
  }
