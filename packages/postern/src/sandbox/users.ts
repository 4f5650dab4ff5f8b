// Database users: who they are and what changes them. A user's id is `<db>.<name>`, as MongoDB's is.
import { randomUUID } from 'node:crypto'
import { isRole, type Role } from './authorize.ts'
import { CommandError } from './command-error.ts'
import { type Doc, isDoc } from './document.ts'
import type { UserRecord } from './record.ts'
import { makeVerifier } from './scram.ts'

export const userIdOf = (db: string, user: string): string => `${db}.${user}`

/**
 * Reads `roles: ["read", { role, db }]`.
 * @throws CommandError BadValue, RoleNotFound
 */
export function parseRoles(value: unknown, db: string): readonly Role[] {
  if (!Array.isArray(value)) throw new CommandError('BadValue', '"roles" must be an array')
  return value.map((item) => {
    const role = typeof item === 'string' ? { role: item, db } : parseRole(item)
    if (!isRole(role)) throw new CommandError('RoleNotFound', `Could not find role: ${role.role}@${role.db}`)
    return role
  })
}

function parseRole(item: unknown): Role {
  if (isDoc(item) && typeof item.role === 'string' && typeof item.db === 'string' && Object.keys(item).length === 2) {
    return { role: item.role, db: item.db }
  }
  throw new CommandError('BadValue', 'a role is a name or { role, db }')
}

export type NewUser = {
  readonly db: string
  readonly user: string
  readonly password: string
  readonly roles: readonly Role[]
  readonly customData?: Doc
}

export async function newUser({ password, ...rest }: NewUser): Promise<UserRecord> {
  return { id: userIdOf(rest.db, rest.user), uuid: randomUUID(), verifier: await makeVerifier(password), ...rest }
}

const same = (a: Role, b: Role): boolean => a.role === b.role && a.db === b.db

export const withRoles = (user: UserRecord, roles: readonly Role[]): UserRecord => ({
  ...user,
  roles: [...user.roles, ...roles.filter((role) => !user.roles.some((held) => same(held, role)))],
})

export const withoutRoles = (user: UserRecord, roles: readonly Role[]): UserRecord => ({
  ...user,
  roles: user.roles.filter((held) => !roles.some((role) => same(held, role))),
})
