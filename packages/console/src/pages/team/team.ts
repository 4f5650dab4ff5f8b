// Teams and the people in them, as an organization's members tell: each names the teams that they are in. Pure.

import type { ReplyOf } from '@postern/contract/schemas/operations'

export type Team = ReplyOf<'listOrgTeams'>['results'][number]

type Listed = Extract<ReplyOf<'listOrgUsers'>['results'][number], { readonly orgMembershipStatus: string }>
export type OrgMember = Pick<Listed, 'id' | 'username' | 'orgMembershipStatus' | 'teamIds'>

/** The API's older answers, which this console does not ask for, have no status. */
export const membersOf = (people: readonly ReplyOf<'listOrgUsers'>['results'][number][]): readonly OrgMember[] =>
  people.filter((one): one is Listed => 'orgMembershipStatus' in one)

export const isIn =
  (teamId: string) =>
  ({ teamIds }: OrgMember): boolean =>
    teamIds.includes(teamId)

/** Nobody, one name, two, or a number. */
export function peopleTold(people: readonly OrgMember[]): string {
  if (people.length === 0) return 'Nobody'
  return people.length <= 2 ? people.map(({ username }) => username).join(', ') : `${people.length} people`
}
