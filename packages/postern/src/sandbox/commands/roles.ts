// Roles of the user's own as mongod speaks of them: createRole, updateRole, dropRole, rolesInfo.
import { isBuiltIn, type RoleRecord, roleIdOf } from '../authorize.ts'
import { CommandError } from '../command-error.ts'
import { type Doc, isDoc } from '../document.ts'
import { type Context, type Handler, requireAction } from '../execute.ts'
import { parsePrivileges, parseRoles, refuseCycle } from '../roles.ts'

function createRole({ set, command }: Context): Doc {
  const { db, args } = command
  const name = { role: command.string('createRole'), db }
  const id = roleIdOf(name)
  if (name.role === '') throw new CommandError('BadValue', 'Role name must be non-empty')
  if (set.data.roles.has(id) || isBuiltIn(name))
    throw new CommandError('RoleAlreadyExists', `Role "${name.role}@${db}" already exists`)
  const roles = parseRoles(args.roles, db, set.data.roles)
  const role = { ...name, id, privileges: parsePrivileges(args.privileges, db), roles }
  refuseCycle(role, set.data.roles)
  set.commit({ kind: 'role', role })
  return { ok: 1 }
}

function updateRole(context: Context): Doc {
  const { set, command } = context
  const { db, args } = command
  const known = roleNamed(context, command.string('updateRole'))
  if (args.privileges === undefined && args.roles === undefined)
    throw new CommandError('BadValue', 'Must specify at least one field to update in updateRole')
  const role = {
    ...known,
    ...(args.privileges === undefined ? {} : { privileges: parsePrivileges(args.privileges, db) }),
    ...(args.roles === undefined ? {} : { roles: parseRoles(args.roles, db, set.data.roles) }),
  }
  refuseCycle(role, set.data.roles)
  set.commit({ kind: 'role', role })
  return { ok: 1 }
}

function dropRole(context: Context): Doc {
  const { set, command } = context
  set.commit({ kind: 'dropRole', id: roleNamed(context, command.string('dropRole')).id })
  return { ok: 1 }
}

function roleNamed({ set, command }: Context, role: string): RoleRecord {
  const known = set.data.roles.get(roleIdOf({ role, db: command.db }))
  if (!known) throw new CommandError('RoleNotFound', `Role '${role}@${command.db}' not found`)
  return known
}

function rolesInfo(context: Context): Doc {
  const { set, command } = context
  const { db } = command
  requireAction(context, 'viewUser', { db, collection: '' })
  const wanted = command.args.rolesInfo
  const chosen = wanted === 1 ? undefined : new Set([wanted].flat().map((one) => roleIdFrom(one, db)))
  const found = [...set.data.roles.values()].filter((role) => (chosen ? chosen.has(role.id) : role.db === db))
  const privileges = command.args.showPrivileges === true
  return { roles: found.map((role) => shown(role, privileges)), ok: 1 }
}

function roleIdFrom(one: unknown, db: string): string {
  if (typeof one === 'string') return roleIdOf({ role: one, db })
  if (isDoc(one) && typeof one.role === 'string' && typeof one.db === 'string')
    return roleIdOf({ role: one.role, db: one.db })
  throw new CommandError('BadValue', 'rolesInfo takes a name, { role, db }, a list of these, or 1')
}

const shown = ({ id, role, db, roles, privileges }: RoleRecord, withPrivileges: boolean): Doc => ({
  _id: id,
  role,
  db,
  ...(withPrivileges ? { privileges: privileges.map((one) => ({ ...one })) } : {}),
  roles: roles.map((one) => ({ ...one })),
  isBuiltin: false,
})

const changes = (run: Handler['run']): Handler => ({
  needs: { action: 'changeUser', on: 'database' },
  at: 'primary',
  run,
})

export const roleCommands: Readonly<Record<string, Handler>> = {
  createRole: changes(createRole),
  updateRole: changes(updateRole),
  dropRole: changes(dropRole),
  rolesInfo: { needs: 'user', at: 'any', run: rolesInfo },
}
