// An invitation in a sentence. Pure.

import type { ReplyOf } from '@postern/contract/schemas/operations'

export type Invitation = ReplyOf<'describeInvitation'>

export function invitationTold({ inviterUsername, orgName, groupNames }: Invitation): string {
  const projects = new Intl.ListFormat('en').format(groupNames)
  const where = groupNames.length === 0 ? '' : `, with roles in ${groupNames.length === 1 ? 'project' : 'projects'} `
  return `${inviterUsername} invites you to the organization ${orgName}${where}${projects}.`
}
