// Who may do what, as a pure decision over Atlas's roles. Three rules are worth knowing (design, section 4): every
// group role can read its group; an organization's owner that is an API key or a service account acts as owner of every
// group there; one that is a *user* does not: they must first add themselves to the group.

import { type GroupRole, groupRoles, type OrgRole, orgRoles } from '@postern/contract/roles'
import type { Access } from '@postern/contract/routes'
import type { Actor } from './handler.ts'

const everyGroupRole = Object.keys(groupRoles) as readonly GroupRole[]
const everyOrgRole = Object.keys(orgRoles) as readonly OrgRole[]

/** What a group role brings with it, besides itself and GROUP_READ_ONLY, which all of them bring. */
const groupImplies: Partial<Record<GroupRole, readonly GroupRole[]>> = {
  GROUP_OWNER: everyGroupRole,
  GROUP_DATA_ACCESS_ADMIN: ['GROUP_DATA_ACCESS_READ_WRITE', 'GROUP_DATA_ACCESS_READ_ONLY'],
  GROUP_DATA_ACCESS_READ_WRITE: ['GROUP_DATA_ACCESS_READ_ONLY'],
}

/** What an organization role brings with it, besides itself and ORG_MEMBER, which all of them bring. */
const orgImplies: Partial<Record<OrgRole, readonly OrgRole[]>> = {
  ORG_OWNER: everyOrgRole,
  ORG_BILLING_ADMIN: ['ORG_BILLING_READ_ONLY'],
}

export interface GroupPlace {
  readonly id: string
  readonly orgId: string
}

/** Every role that the actor holds in this organization, implied ones included. */
export const orgRolesOf = (actor: Actor, orgId: string): ReadonlySet<string> => {
  const held = [...(actor.orgRoles.get(orgId) ?? [])]
  return new Set(held.flatMap((role) => [role, 'ORG_MEMBER', ...(orgImplies[role as OrgRole] ?? [])]))
}

/** Every role that the actor holds on this group, by themselves and through its organization. */
export const groupRolesOf = (actor: Actor, group: GroupPlace): ReadonlySet<string> => {
  const inOrg = orgRolesOf(actor, group.orgId)
  const held = [...(actor.groupRoles.get(group.id) ?? [])]
  if (inOrg.has('ORG_OWNER') && actor.kind !== 'USER') held.push('GROUP_OWNER')
  if (inOrg.has('ORG_READ_ONLY')) held.push('GROUP_READ_ONLY')
  return new Set(held.flatMap((role) => [role, 'GROUP_READ_ONLY', ...(groupImplies[role as GroupRole] ?? [])]))
}

/** True when the actor holds one of `roles` there, by itself or implied. */
export const holdsOrgRole = (actor: Actor, orgId: string, roles: readonly OrgRole[]): boolean =>
  roles.some((role) => orgRolesOf(actor, orgId).has(role))

export type Verdict = 'yes' | 'no' | 'unseen'

/**
 * `unseen`: the actor has no role at all there, so the place answers as if it did not exist.
 * `place` is the group or organization that the path names.
 */
export const may = (
  access: Access,
  actor: Actor,
  place: { readonly group?: GroupPlace; readonly orgId?: string },
): Verdict => {
  switch (access.kind) {
    case 'public':
    case 'authenticated':
    case 'local':
    case 'bodyOrg':
      return 'yes'
    case 'edge':
      return 'no'
    case 'group':
      return place.group ? verdict(groupRolesOf(actor, place.group), access.roles) : 'unseen'
    case 'org':
      return place.orgId === undefined ? 'unseen' : verdict(orgRolesOf(actor, place.orgId), access.roles)
    default:
      return access satisfies never
  }
}

const verdict = (held: ReadonlySet<string>, wanted: readonly string[]): Verdict => {
  if (held.size === 0) return 'unseen'
  return wanted.some((role) => held.has(role)) ? 'yes' : 'no'
}
