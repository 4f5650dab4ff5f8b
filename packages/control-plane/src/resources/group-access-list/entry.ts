// An entry of a group's IP access list: what a caller may give, how it is written down, how it is shown. An address is
// kept as the range of its own (`192.0.2.7/32`), so that both spellings find it.

import { AtlasError } from '@postern/contract/errors'
import type { BodyOf } from '@postern/contract/schemas/operations'
import { atlasTimestamp } from '@postern/contract/timestamp'
import type { Kysely, Selectable } from 'kysely'
import { endOfLife, type TemporaryRules } from '../../fidelity/temporary.ts'
import { parseRange } from '../../identity/address-range.ts'
import type { Tables } from '../../store/tables.ts'
import { wantedRange } from '../caller-access/entries.ts'

export type AccessEntryRow = Selectable<Tables['group_access_entry']>
type Wanted = BodyOf<'createGroupAccessListEntry'>[number]

export interface AccessEntryWish {
  readonly value: string
  readonly comment: string
  readonly deleteAfter: Date | null
}

const securityGroup = /^(\d+\/)?sg-[0-9a-f]+$/

/** Throws INVALID_ATTRIBUTE or MISSING_ATTRIBUTE naming `[index].field`, EXPIRATION_DATE_IN_PAST. */
export const accessEntryWish = (entry: Wanted, index: number, rules: TemporaryRules): AccessEntryWish => {
  const deleteAfter = endOfLife(entry.deleteAfterDate, `[${index}].deleteAfterDate`, rules)
  const comment = entry.comment ?? ''
  if (!entry.awsSecurityGroup) return { value: wantedRange(entry, index).cidr, comment, deleteAfter }
  if (entry.cidrBlock || entry.ipAddress) {
    const field = `[${index}].awsSecurityGroup`
    const fields = [{ field, description: 'cannot be combined with cidrBlock or ipAddress' }]
    throw new AtlasError('INVALID_ATTRIBUTE', { attribute: field }, { fields })
  }
  return { value: entry.awsSecurityGroup, comment, deleteAfter }
}

/** The value that a path names: an address, a range, a security group; null for what no entry could be. */
export const accessEntryValue = (text: string): string | null =>
  securityGroup.test(text) ? text : (parseRange(text)?.cidr ?? null)

/** An entry whose time is over does not exist, whether its turn has come yet or not. */
export const liveEntries = (db: Kysely<Tables>, groupId: string, now: number) =>
  db
    .selectFrom('group_access_entry')
    .where('group_id', '=', groupId)
    .where((where) => where.or([where('delete_after', 'is', null), where('delete_after', '>', new Date(now))]))

export const accessEntryView = (row: AccessEntryRow, link: (path: string) => string) => {
  const range = parseRange(row.value)
  return {
    ...(range === null && { awsSecurityGroup: row.value }),
    ...(range !== null && { cidrBlock: range.cidr }),
    comment: row.comment,
    ...(row.delete_after !== null && { deleteAfterDate: atlasTimestamp(row.delete_after) }),
    groupId: row.group_id,
    ...(range !== null && range.single !== null && { ipAddress: range.single }),
    links: [
      {
        href: link(`/api/atlas/v2/groups/${row.group_id}/accessList/${encodeURIComponent(row.value)}`),
        rel: 'self',
      },
    ],
  }
}
