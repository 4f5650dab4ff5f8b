// A new group: its row, its label in host names, its owner. Used by POST /groups and by the first start alike.

import { AtlasError } from '@postern/contract/errors'
import type { Transaction } from 'kysely'
import type { Actor } from '../../http/handler.ts'
import { grantRole } from '../../identity/grant.ts'
import type { Ids, Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { recordEvent } from '../event/record.ts'

export interface NewGroup {
  readonly id?: string
  /** Its label in host names, of the caller's choice. */
  readonly hash?: string
  readonly orgId: string
  readonly name: string
  readonly tags: readonly { readonly key: string; readonly value: string }[]
  readonly withDefaultAlertsSettings: boolean
  /** Each becomes GROUP_OWNER. */
  readonly owners: readonly Pick<Actor, 'kind' | 'id'>[]
  readonly actor: Actor | null
  readonly sourceAddress: string | null
}

/**
 * Answers the new group's id. Fails on the constraint `group_name_once` where the organization has that name, on
 * `group_pkey` where the id is taken; throws POSTERN_CHOICE_TAKEN where the hash is.
 */
export const createGroup = async (
  tx: Transaction<Tables>,
  parts: Pick<Parts, 'clock' | 'ids' | 'turns'>,
  wish: NewGroup,
): Promise<string> => {
  const id = wish.id ?? parts.ids.objectId()
  let stored: unknown
  while (!stored) {
    stored = await tx
      .insertInto('group')
      .values({
        id,
        org_id: wish.orgId,
        name: wish.name,
        hash: wish.hash ?? newHash(parts.ids),
        created: new Date(parts.clock.now()),
        tags: JSON.stringify(wish.tags),
        settings: JSON.stringify({ withDefaultAlertsSettings: wish.withDefaultAlertsSettings }),
      })
      .onConflict((conflict) => conflict.column('hash').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (!stored && wish.hash !== undefined) {
      throw new AtlasError('POSTERN_CHOICE_TAKEN', { attribute: 'hash', value: wish.hash })
    }
  }
  for (const owner of wish.owners) await grantRole(tx, owner, { groupId: id, role: 'GROUP_OWNER' })
  await recordEvent(tx, parts, {
    type: 'GROUP_CREATED',
    orgId: wish.orgId,
    groupId: id,
    actor: wish.actor,
    sourceAddress: wish.sourceAddress,
    target: { groupName: wish.name },
  })
  return id
}

/** Five of [a-z0-9]: the label that a group's host names share. */
const newHash = (ids: Pick<Ids, 'hex'>): string =>
  (Number.parseInt(ids.hex(6), 16) % 36 ** 5).toString(36).padStart(5, '0')
