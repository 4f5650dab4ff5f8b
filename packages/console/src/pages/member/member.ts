// A member of a project or of an organization, as both of the API's lists tell one. Pure.

import type { ReplyOf } from '@postern/contract/schemas/operations'

type Listed<Op extends 'listGroupUsers' | 'listOrgUsers'> = Extract<
  ReplyOf<Op>['results'][number],
  { readonly orgMembershipStatus: string }
>

export interface Member {
  readonly id: string
  readonly username: string
  /** Empty for somebody who has not accepted yet. */
  readonly name: string
  readonly status: 'ACTIVE' | 'PENDING' | 'INVITATION_EXPIRED'
  /** Of the place that was asked. */
  readonly roles: readonly string[]
  readonly lastAuth: string | undefined
  readonly invitationExpiresAt: string | undefined
}

/** The API's older answers, which this console does not ask for, have no status. */
const isMember = <Op extends 'listGroupUsers' | 'listOrgUsers'>(
  one: ReplyOf<Op>['results'][number],
): one is Listed<Op> => 'orgMembershipStatus' in one

const known = (one: Listed<'listGroupUsers'> | Listed<'listOrgUsers'>): Omit<Member, 'roles'> => {
  const { id, username } = one
  return one.orgMembershipStatus === 'ACTIVE'
    ? {
        id,
        username,
        name: `${one.firstName} ${one.lastName}`.trim(),
        status: 'ACTIVE',
        lastAuth: one.lastAuth,
        invitationExpiresAt: undefined,
      }
    : {
        id,
        username,
        name: '',
        status: one.orgMembershipStatus,
        lastAuth: undefined,
        invitationExpiresAt: one.invitationExpiresAt,
      }
}

export const membersOfGroup = ({ results }: ReplyOf<'listGroupUsers'>): readonly Member[] =>
  results.filter((one) => isMember<'listGroupUsers'>(one)).map((one) => ({ ...known(one), roles: one.roles }))

export const membersOfOrg = ({ results }: ReplyOf<'listOrgUsers'>): readonly Member[] =>
  results.filter((one) => isMember<'listOrgUsers'>(one)).map((one) => ({ ...known(one), roles: one.roles.orgRoles }))

export const statusWords = {
  ACTIVE: 'Active',
  PENDING: 'Invitation pending',
  INVITATION_EXPIRED: 'Invitation expired',
} as const
