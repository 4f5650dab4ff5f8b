// What a caller wishes for a custom role, checked: from a create request, or from a change of one that exists. Pure. The
// codes are Atlas's own (Atlas Administration API, "Error Codes").

import { type PrivilegeActionName, privilegeActions } from '@postern/contract/database-privilege'
import { AtlasError } from '@postern/contract/errors'
import type { CustomDbRoleBody } from '@postern/contract/schemas/custom-db-role'
import { builtInScope, isBuiltInName } from '../database-user/roles.ts'
import type { RoleResource, RoleSpec } from './role.ts'

type Asked = Pick<CustomDbRoleBody, 'actions' | 'inheritedRoles'>

/** Every custom role of the group by name, with the roles that it inherits. */
export type KnownRoles = ReadonlyMap<string, RoleSpec['inheritedRoles']>

/**
 * Throws ATLAS_CUSTOM_ROLE_INVALID_NAME, ATLAS_RESERVED_CUSTOM_ROLE_RESTRICTED, ATLAS_INVALID_CUSTOM_ROLE_RESTRICTED,
 * and as `changedRole` does.
 */
export const newRole = (body: CustomDbRoleBody, known: KnownRoles): RoleSpec => {
  const { roleName } = body
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(roleName))
    throw new AtlasError('ATLAS_CUSTOM_ROLE_INVALID_NAME', { roleName })
  if (roleName.startsWith('xgen-')) throw new AtlasError('ATLAS_RESERVED_CUSTOM_ROLE_RESTRICTED', { roleName })
  if (isBuiltInName(roleName)) throw new AtlasError('ATLAS_INVALID_CUSTOM_ROLE_RESTRICTED', { roleName })
  return changedRole(roleName, { actions: [], inheritedRoles: [] }, { asked: body, known })
}

/**
 * The role with what the body changes; what it leaves out, or sends as null, stays. Throws
 * ATLAS_CUSTOM_ROLE_HAS_NO_PERMISSIONS, ATLAS_DUPLICATE_CUSTOM_ROLE_ACTION, ATLAS_DUPLICATE_CUSTOM_ROLE_RESOURCE,
 * ATLAS_INVALID_RESOURCE, ATLAS_INVALID_CUSTOM_ROLE_INHERITANCE, …_INHERITED_SCOPE, …_SELF_REFERENTIAL,
 * …_CIRCULAR_DEPENDENCY.
 */
export const changedRole = (
  roleName: string,
  spec: RoleSpec,
  { asked, known }: { readonly asked: Asked; readonly known: KnownRoles },
): RoleSpec => {
  const actions = asked.actions == null ? spec.actions : checkActions(asked.actions)
  const inheritedRoles =
    asked.inheritedRoles == null ? spec.inheritedRoles : checkInherited(roleName, asked.inheritedRoles, known)
  if (actions.length + inheritedRoles.length === 0) throw new AtlasError('ATLAS_CUSTOM_ROLE_HAS_NO_PERMISSIONS', {})
  return { actions, inheritedRoles }
}

const checkActions = (actions: NonNullable<Asked['actions']>): RoleSpec['actions'] => {
  const twice = firstRepeated(actions.map(({ action }) => action))
  if (twice !== undefined) throw new AtlasError('ATLAS_DUPLICATE_CUSTOM_ROLE_ACTION', { action: twice })
  return actions.map(({ action, resources }, index) => {
    const checked = resources.map((resource) => checkResource(action, resource, `actions[${index}].resources`))
    if (checked.length === 0) throw invalidResource(action, `actions[${index}].resources`)
    if (firstRepeated(checked.map((resource) => JSON.stringify(resource))) !== undefined)
      throw new AtlasError('ATLAS_DUPLICATE_CUSTOM_ROLE_RESOURCE', { action })
    return { action, resources: checked }
  })
}

const checkResource = (
  action: PrivilegeActionName,
  { cluster, collection, db }: NonNullable<Asked['actions']>[number]['resources'][number],
  field: string,
): RoleResource => {
  const { on } = privilegeActions[action]
  if (cluster === true) {
    if (collection || db || on === 'namespace') throw invalidResource(action, field)
    return { cluster }
  }
  // A database must be named, and be it '' for every one: nothing at all would be a resource that somebody forgot.
  if (on === 'cluster' || typeof db !== 'string') throw invalidResource(action, field)
  return { ...(collection && { collection }), db }
}

const invalidResource = (action: string, field: string): AtlasError =>
  new AtlasError('ATLAS_INVALID_RESOURCE', { action }, { fields: [{ field, description: expected }] })

const expected = 'takes { cluster: true } for actions on the cluster, else a db and, where it is meant, a collection'

const checkInherited = (
  roleName: string,
  inherited: NonNullable<Asked['inheritedRoles']>,
  known: KnownRoles,
): RoleSpec['inheritedRoles'] => {
  for (const { role, db } of inherited) {
    const builtIn = builtInScope(role)
    if (builtIn === null && role === roleName) throw new AtlasError('ATLAS_INVALID_CUSTOM_ROLE_SELF_REFERENTIAL', {})
    if (builtIn === null && !known.has(role))
      throw new AtlasError('ATLAS_INVALID_CUSTOM_ROLE_INHERITANCE', { role, db })
    if (builtIn !== 'database' && db !== 'admin')
      throw new AtlasError('ATLAS_INVALID_CUSTOM_ROLE_INHERITED_SCOPE', { role, db })
    if (builtIn === null && inheritsFrom(role, roleName, known))
      throw new AtlasError('ATLAS_INVALID_CUSTOM_ROLE_CIRCULAR_DEPENDENCY', { role })
  }
  // Atlas's contract: a set.
  return [...new Map(inherited.map(({ db, role }) => [`${role}@${db}`, { db, role }])).values()]
}

const inheritsFrom = (role: string, ancestor: string, known: KnownRoles): boolean => {
  const reached = new Set<string>()
  const visit = (name: string): boolean => {
    if (reached.has(name)) return false
    reached.add(name)
    return (known.get(name) ?? []).some((each) => each.role === ancestor || visit(each.role))
  }
  return visit(role)
}

const firstRepeated = (words: readonly string[]): string | undefined =>
  words.find((word, index) => words.indexOf(word) !== index)
