// Entries of a project's IP access list. One request puts them all.

import type { AccessEntryWish } from '../form.ts'
import { accessValue } from '../keys.ts'
import { compare, everyItem, type Kind, momentOf } from '../kind.ts'

interface Found {
  readonly awsSecurityGroup?: string | undefined
  readonly cidrBlock?: string | undefined
  readonly comment: string
  readonly deleteAfterDate?: string | undefined
}

const valueOfFound = ({ awsSecurityGroup, cidrBlock }: Found): string => awsSecurityGroup ?? cidrBlock ?? ''

export const accessEntryKind: Kind<AccessEntryWish, Found> = {
  noun: 'access entry',
  wishes: ({ accessList }) => accessList,
  keyOf: accessValue,
  keyOfFound: valueOfFound,
  look: (client, { groupId }) =>
    everyItem((query) => client.call('listGroupAccessListEntries', { params: { groupId }, query })),
  changes: (wish, found) =>
    compare([
      ['comment', wish.comment, found.comment],
      ['deleteAfter', momentOf(wish.deleteAfter), found.deleteAfterDate],
    ]),
  async put({ client }, { groupId }, wishes) {
    await client.call('createGroupAccessListEntry', { params: { groupId }, body: wishes.map(bodyOf) })
  },
  make: async (hands, site, wish) => accessEntryKind.put?.(hands, site, [wish]),
  change: async (hands, site, { wish }) => accessEntryKind.put?.(hands, site, [wish]),
  isPruned: (_, { wish }) => wish.accessList !== undefined,
  async remove({ client }, { groupId }, found) {
    await client.call('deleteGroupAccessListEntry', { params: { groupId, entryValue: valueOfFound(found) } })
  },
}

const bodyOf = (wish: AccessEntryWish) => ({
  ...(wish.securityGroup === undefined ? { cidrBlock: accessValue(wish) } : { awsSecurityGroup: wish.securityGroup }),
  ...(wish.comment !== undefined && { comment: wish.comment }),
  ...(wish.deleteAfter !== undefined && { deleteAfterDate: momentOf(wish.deleteAfter) ?? '' }),
})
