// Access Manager shows a project's people and machines, or an organization's: which one, and the roles that are given there.

import { groupRoles, orgRoles } from '@postern/contract/roles'
import { useGroupId, useOrgId } from '../../frame/place.ts'

export interface AccessPlace {
  readonly kind: 'group' | 'org'
  /** Of the project, or of the organization. */
  readonly id: string
  /** The organization around it, or itself. */
  readonly orgId: string
}

export const useAccessPlace = (): AccessPlace => {
  const groupId = useGroupId()
  const orgId = useOrgId()
  return groupId === '' ? { kind: 'org', id: orgId, orgId } : { kind: 'group', id: groupId, orgId }
}

/** Roles that can be given there, by API name, with the words for them. */
export const rolesAt = { group: groupRoles, org: orgRoles } as const

const words: Readonly<Record<string, string>> = { ...groupRoles, ...orgRoles }

export const rolesTold = (roles: readonly string[]): string => roles.map((role) => words[role] ?? role).join(', ')

/** What the place is called in a sentence. */
export const placeWord = { group: 'project', org: 'organization' } as const

/** For `live.ts`: a query's key names the place that it is of. */
export const paramsOf = ({ kind, id }: AccessPlace) => (kind === 'group' ? { groupId: id } : { orgId: id })
