// `--role`: names as the API has them. Which there are, and who may give them, is the server's to say: its errors name
// the one that is wrong.

import type { GroupRole, OrgRole } from '@postern/contract/roles'
import type { Flag } from '../core/command.ts'
import type { Context } from '../core/context.ts'

export const groupRole: Flag = {
  name: 'role',
  kind: 'list',
  required: true,
  usage: 'Roles on the project, for instance GROUP_READ_ONLY; they replace those that are held.',
}
export const orgRole: Flag = {
  name: 'role',
  kind: 'list',
  required: true,
  usage: 'Roles on the organization, for instance ORG_MEMBER; they replace those that are held.',
}

export const groupRolesOf = (context: Context): GroupRole[] => [...context.list('role')] as GroupRole[]

export const orgRolesOf = (context: Context, flag = 'role'): OrgRole[] => [...context.list(flag)] as OrgRole[]
