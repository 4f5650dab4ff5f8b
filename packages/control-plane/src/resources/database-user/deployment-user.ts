// A database user on a deployment, by the official driver and the deployment's own commands. Each may run twice: what
// is there already is brought up to date, what is gone already is gone.

import { type MongoClient, MongoServerError } from 'mongodb'
import type { MongoRole } from './roles.ts'

export interface DeploymentUser {
  readonly username: string
  readonly password: string
  readonly roles: readonly MongoRole[]
}

const userNotFound = 11
const userAlreadyExists = 51003

/** Makes the user, or gives the one of that name this password and exactly these roles. */
export const putUser = async (client: MongoClient, { username, password, roles }: DeploymentUser): Promise<void> => {
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

const hasCode = (error: unknown, code: number): boolean => error instanceof MongoServerError && error.code === code
