// Database users: who they are and what changes them. A user's id is `<db>.<name>`, as MongoDB's is.
import { randomUUID } from 'node:crypto'
import type { Role } from './authorize.ts'
import type { Doc } from './document.ts'
import type { UserRecord } from './record.ts'
import { makeVerifier } from './scram.ts'

export const userIdOf = (db: string, user: string): string => `${db}.${user}`

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
