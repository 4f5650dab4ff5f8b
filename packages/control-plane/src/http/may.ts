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

/**
 * Whether the actor may give these roles of the group to somebody: an access manager gives out every role but the
 * owner's, else they could make themselves one.
 */
export const mayGrant = (actor: Actor, group: GroupPlace, roles: readonly string[]): boolean => {
  const held = groupRolesOf(actor, group)
  return held.has('GROUP_OWNER') || (held.has('GROUP_ACCESS_MANAGER') && !roles.includes('GROUP_OWNER'))
}

/** The one exception: a user who owns the organization gives themselves what they have not on one of its groups. */
const ownsAround = (actor: Actor, { orgId }: GroupPlace): boolean =>
  actor.kind === 'USER' && holdsOrgRole(actor, orgId, ['ORG_OWNER'])

/** True when a `groupOrSelf` route let this actor in by the exception alone, so that they may do it to nobody else. */
export const onlyForThemselves = (actor: Actor, group: GroupPlace): boolean =>
  ownsAround(actor, group) && !groupRolesOf(actor, group).has('GROUP_ACCESS_MANAGER')

/** True while the exception would give this actor what they have not: a page can offer it then. */
export const mayAddThemselves = (actor: Actor, group: GroupPlace): boolean =>
  ownsAround(actor, group) && !groupRolesOf(actor, group).has('GROUP_OWNER')

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
    case 'groupOrSelf':
      if (!place.group) return 'unseen'
      return ownsAround(actor, place.group) ? 'yes' : verdict(groupRolesOf(actor, place.group), access.roles)
    case 'groupOfOrg':
      return place.group ? verdictInOrg(actor, place.group, access.roles) : 'unseen'
    case 'anyOrg':
      return [...actor.orgRoles.keys()].some((orgId) => holdsOrgRole(actor, orgId, access.roles)) ? 'yes' : 'no'
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

/** Whoever sees the group, but holds none of these roles in its organization, is told no. */
const verdictInOrg = (actor: Actor, group: GroupPlace, wanted: readonly OrgRole[]): Verdict => {
  if (holdsOrgRole(actor, group.orgId, wanted)) return 'yes'
  return groupRolesOf(actor, group).size === 0 ? 'unseen' : 'no'
}
