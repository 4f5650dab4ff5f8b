// Roles of the user's own: reading them from commands, and what may not be. Pure.
import { isBuiltIn, type Privilege, type PrivilegeResource, type Role, type RoleRecord, roleIdOf } from './authorize.ts'
import { CommandError } from './command-error.ts'
import { type Doc, isDoc } from './document.ts'

type Known = ReadonlyMap<string, RoleRecord>

/**
 * Reads `roles: ["read", { role, db }]`.
 * @throws CommandError BadValue, RoleNotFound
 */
export function parseRoles(value: unknown, db: string, known: Known): readonly Role[] {
  if (!Array.isArray(value)) throw new CommandError('BadValue', '"roles" must be an array')
  return value.map((item) => {
    const role = typeof item === 'string' ? { role: item, db } : parseRole(item)
    if (!isBuiltIn(role) && !known.has(roleIdOf(role)))
      throw new CommandError('RoleNotFound', `Could not find role: ${role.role}@${role.db}`)
    return role
  })
}

function parseRole(item: unknown): Role {
  if (isDoc(item) && typeof item.role === 'string' && typeof item.db === 'string' && Object.keys(item).length === 2) {
    return { role: item.role, db: item.db }
  }
  throw new CommandError('BadValue', 'a role is a name or { role, db }')
}

/**
 * Reads `privileges: [{ resource, actions }]` of a role on `db`: only one on `admin` may reach beyond its database.
 * Actions that the sandbox has no command for are kept, and give nothing.
 * @throws CommandError BadValue, FailedToParse, InvalidRoleModification
 */
export function parsePrivileges(value: unknown, db: string): readonly Privilege[] {
  if (!Array.isArray(value)) throw new CommandError('BadValue', '"privileges" must be an array')
  return value.map((item) => {
    if (!isDoc(item) || !isDoc(item.resource) || !Array.isArray(item.actions))
      throw new CommandError('BadValue', 'a privilege is { resource, actions }')
    const resource = parseResource(item.resource)
    if (db !== 'admin' && (!('db' in resource) || resource.db !== db)) {
      throw new CommandError(
        'InvalidRoleModification',
        `Roles on the '${db}' database cannot be granted privileges that target other databases or the cluster`,
      )
    }
    return { resource, actions: item.actions.map(parseAction) }
  })
}

function parseResource({ cluster, anyResource, db, collection, ...rest }: Doc): PrivilegeResource {
  if (Object.keys(rest).length === 0) {
    const place = db !== undefined || collection !== undefined
    if (cluster === true && !place && anyResource === undefined) return { cluster }
    if (anyResource === true && !place && cluster === undefined) return { anyResource }
    const alone = cluster === undefined && anyResource === undefined
    if (alone && typeof db === 'string' && typeof collection === 'string') return { db, collection }
  }
  throw new CommandError(
    'FailedToParse',
    'a resource is { db, collection }, { cluster: true } or { anyResource: true }',
  )
}

function parseAction(action: unknown): string {
  if (typeof action === 'string' && /^[a-z][A-Za-z]*$/.test(action)) return action
  throw new CommandError('FailedToParse', `Unrecognized action: ${String(action)}`)
}

/** @throws CommandError InvalidRoleModification where a role would come to inherit from itself */
export function refuseCycle(role: RoleRecord, known: Known): void {
  const reached = new Set<string>()
  const visit = (roles: readonly Role[]): void => {
    for (const id of roles.map(roleIdOf)) {
      if (id === role.id)
        throw new CommandError('InvalidRoleModification', `Granting these roles to ${role.id} would introduce a cycle`)
      if (!reached.has(id)) visit(known.get(id)?.roles ?? [])
      reached.add(id)
    }
  }
  visit(role.roles)
}
