// The sentence that says whose role it takes. Pure.

import { groupRoles, orgRoles } from '@postern/contract/roles'
import type { Access } from '@postern/contract/routes'

const words: Readonly<Record<string, string>> = { ...groupRoles, ...orgRoles }

/** `mayAddThemselves`: an Organization Owner, who is to make themselves Project Owner first. */
export function roleReason(access: Access, mayAddThemselves: boolean): string {
  const roles = 'roles' in access ? access.roles.map((role) => words[role] ?? role) : []
  const needs = roles.length === 0 ? 'Your role does not allow this.' : `This takes the role ${roles.join(' or ')}.`
  return mayAddThemselves
    ? `${needs} As Organization Owner, add yourself to the project as Project Owner first.`
    : needs
}

/** On an organization's own pages: its owner may do all, every member what a member may. */
export const allowsInOrg = (access: Access, held: readonly string[]): boolean =>
  !('roles' in access) ||
  held.includes('ORG_OWNER') ||
  access.roles.some((role) => role === 'ORG_MEMBER' || held.includes(role))
