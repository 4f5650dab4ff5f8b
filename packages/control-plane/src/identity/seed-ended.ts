// What of the first start does not hold any more, because somebody changed or deleted it since: so that a later start
// tells nobody of a password or a key that nothing takes.

import { digestHa1 } from '../http/digest.ts'
import type { Parts } from '../parts.ts'
import { verifyPassword } from './password.ts'
import { secretHash } from './secret-hash.ts'
import type { SeedSecrets } from './seed.ts'

/** The names by which the first start told them. */
export interface FirstTold extends SeedSecrets {
  readonly clusterName: string
  readonly dbUser: string
  readonly dbPassword: string
}

export type Ended = Partial<Readonly<Record<keyof FirstTold, true>>>

/** Every field that is not true any more. The sample's, which `up` makes later, are among them until it did. */
export const endedOf = async (parts: Parts, told: FirstTold): Promise<Ended> => {
  const ended = await Promise.all([
    ownerEnded(parts, told),
    keyEnded(parts, told),
    accountEnded(parts, told),
    groupEnded(parts, told),
    clusterEnded(parts, told),
    databaseUserEnded(parts, told),
  ])
  return Object.fromEntries(ended.flat().map((field) => [field, true]))
}

type Fields = readonly (keyof FirstTold)[]

const ownerEnded = async ({ store }: Parts, { ownerEmail, ownerPassword }: FirstTold): Promise<Fields> => {
  const found = await store.read
    .selectFrom('app_user')
    .select('password')
    .where((where) => where(where.fn('lower', ['email']), '=', ownerEmail.toLowerCase()))
    .executeTakeFirst()
  if (!found) return ['ownerEmail', 'ownerPassword']
  const holds = found.password !== null && (await verifyPassword(found.password, ownerPassword))
  return holds ? [] : ['ownerPassword']
}

const keyEnded = async ({ store, seal }: Parts, { publicKey, privateKey }: FirstTold): Promise<Fields> => {
  const found = await store.read
    .selectFrom('api_key')
    .select(['id', 'ha1'])
    .where('public_key', '=', publicKey)
    .executeTakeFirst()
  const holds = found !== undefined && seal.open(found.id, found.ha1) === digestHa1(publicKey, privateKey)
  return holds ? [] : ['publicKey', 'privateKey']
}

const accountEnded = async ({ store, clock }: Parts, { clientId, clientSecret }: FirstTold): Promise<Fields> => {
  const account = await store.read
    .selectFrom('service_account')
    .select('client_id')
    .where('client_id', '=', clientId)
    .executeTakeFirst()
  if (!account) return ['clientId', 'clientSecret']
  const secret = await store.read
    .selectFrom('service_account_secret')
    .select('id')
    .where('client_id', '=', clientId)
    .where('secret_hash', '=', secretHash(clientSecret))
    .where('expires', '>', new Date(clock.now()))
    .executeTakeFirst()
  return secret ? [] : ['clientSecret']
}

const groupEnded = async ({ store }: Parts, { groupId }: FirstTold): Promise<Fields> => {
  const found = await store.read.selectFrom('group').select('id').where('id', '=', groupId).executeTakeFirst()
  return found ? [] : ['groupId']
}

const clusterEnded = async ({ store }: Parts, { groupId, clusterName }: FirstTold): Promise<Fields> => {
  const found = await store.read
    .selectFrom('cluster')
    .select('id')
    .where('group_id', '=', groupId)
    .where('name', '=', clusterName)
    .executeTakeFirst()
  return found ? [] : ['clusterName']
}

const databaseUserEnded = async (
  { store, seal }: Parts,
  { groupId, dbUser, dbPassword }: FirstTold,
): Promise<Fields> => {
  const found = await store.read
    .selectFrom('database_user')
    .select(['id', 'password'])
    .where('group_id', '=', groupId)
    .where('database_name', '=', 'admin')
    .where('username', '=', dbUser)
    .executeTakeFirst()
  if (!found) return ['dbUser', 'dbPassword']
  return found.password !== null && seal.open(found.id, found.password) === dbPassword ? [] : ['dbPassword']
}
