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
