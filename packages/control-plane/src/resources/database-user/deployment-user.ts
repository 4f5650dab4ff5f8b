// A database user on a deployment, by the official driver and the deployment's own commands. Each may run twice: what
// is there already is brought up to date, what is gone already is gone.

import { createHash } from 'node:crypto'
import { type MongoClient, MongoServerError } from 'mongodb'
import { z } from 'zod'
import type { MongoRole } from './roles.ts'

export interface DeploymentUser {
  readonly username: string
  readonly password: string
  readonly roles: readonly MongoRole[]
}

const unauthorized = 13
const userNotFound = 11
const userAlreadyExists = 51003

/**
 * Makes the user, or gives the one of that name this password and exactly these roles. Answers a digest of the
 * credentials that it has then, as `seenUsers` does; null where the deployment shows none.
 */
export const putUser = async (
  client: MongoClient,
  { username, password, roles }: DeploymentUser,
): Promise<string | null> => {
  const admin = client.db('admin')
  const rest = { pwd: password, roles: roles.map(({ role, db }) => ({ role, db })) }
  try {
    await admin.command({ updateUser: username, ...rest })
  } catch (error) {
    if (!hasCode(error, userNotFound)) throw error
    await admin.command({ createUser: username, ...rest }).catch(async (second: unknown) => {
      if (!hasCode(second, userAlreadyExists)) throw second
      await admin.command({ updateUser: username, ...rest })
    })
  }
  return (await seenUsers(client, [username])).get(username)?.credentials ?? null
}

/** Ends the user, where there is one. */
export const dropUser = async (client: MongoClient, username: string): Promise<void> => {
  await client
    .db('admin')
    .command({ dropUser: username })
    .catch((error: unknown) => {
      if (!hasCode(error, userNotFound)) throw error
    })
}

export interface SeenUser {
  readonly roles: readonly MongoRole[]
  /** SHA-256 of its verifiers, in hex: it changes whenever a password is set, the same one too. Null: not shown. */
  readonly credentials: string | null
}

const usersInfoSchema = z.object({
  users: z.array(
    z.object({
      user: z.string(),
      roles: z.array(z.object({ role: z.string(), db: z.string() })),
      credentials: z.record(z.string(), z.unknown()).optional(),
    }),
  ),
})

/** Those of these users of `admin` that the deployment has. */
export const seenUsers = async (
  client: MongoClient,
  usernames: readonly string[],
): Promise<ReadonlyMap<string, SeenUser>> => {
  // An empty list is no question to a deployment.
  if (usernames.length === 0) return new Map()
  const usersInfo = usernames.map((user) => ({ user, db: 'admin' }))
  const ask = (showCredentials: boolean) => client.db('admin').command({ usersInfo, showCredentials })
  const answer = await ask(true).catch((error: unknown) => {
    if (!hasCode(error, unauthorized)) throw error
    return ask(false)
  })
  return new Map(
    usersInfoSchema
      .parse(answer)
      .users.map(({ user, roles, credentials }) => [
        user,
        { roles, credentials: credentials ? digest(credentials) : null },
      ]),
  )
}

const digest = (credentials: object): string => createHash('sha256').update(JSON.stringify(credentials)).digest('hex')

export const hasCode = (error: unknown, code: number): boolean =>
  error instanceof MongoServerError && error.code === code
