// What a deployment has otherwise than we gave it: somebody changed or removed a user or a role there. Pure. Atlas owns
// its users, so a difference is put right; what is told of it is a sentence without a secret.

import { z } from 'zod'
import type { SeenRole } from '../custom-db-role/deployment-role.ts'
import type { SeenUser } from '../database-user/deployment-user.ts'
import type { MongoRole } from '../database-user/roles.ts'

const driftSchema = z.object({ clusterName: z.string(), difference: z.string(), noticedAt: z.string() })

/** The `drift` column: the last difference that was noticed. */
export type Drift = z.output<typeof driftSchema>

/** Parses the `drift` column; null: there never was one. Throws ZodError on a row that this program never wrote. */
export const parseDrift = (column: unknown): Drift | null => driftSchema.nullable().parse(column ?? null)

export interface WishedUser {
  readonly roles: readonly MongoRole[]
  /** As it was shown after we gave the password; null: it was not. */
  readonly credentials: string | null
}

/** Null: none. `seen` undefined: the deployment has no such user. */
export const userDifference = (wished: WishedUser, seen: SeenUser | undefined): string | null => {
  if (seen === undefined) return 'the user was removed'
  const shown = wished.credentials !== null && seen.credentials !== null
  return sentence([
    spelledRoles(wished.roles) !== spelledRoles(seen.roles) && 'its roles were changed',
    shown && wished.credentials !== seen.credentials && 'its password was set',
  ])
}

/** As `userDifference`. */
export const roleDifference = (wished: SeenRole, seen: SeenRole | undefined): string | null => {
  if (seen === undefined) return 'the role was removed'
  return sentence([
    spelledPrivileges(wished.privileges) !== spelledPrivileges(seen.privileges) && 'its privileges were changed',
    spelledRoles(wished.roles) !== spelledRoles(seen.roles) && 'its inherited roles were changed',
  ])
}

const sentence = (parts: readonly (string | false)[]): string | null => {
  const told = parts.filter((part) => part !== false)
  return told.length === 0 ? null : told.join(', ')
}

const spelledRoles = (roles: readonly MongoRole[]): string =>
  roles
    .map(({ role, db }) => `${role}@${db}`)
    .toSorted()
    .join()

/** A deployment orders privileges as it likes, and may list one resource in several. */
const spelledPrivileges = (privileges: SeenRole['privileges']): string =>
  [
    ...new Set(
      privileges.flatMap(({ resource, actions }) => {
        const on = JSON.stringify(Object.entries(resource).toSorted())
        return actions.map((action) => `${action} ${on}`)
      }),
    ),
  ]
    .toSorted()
    .join()
