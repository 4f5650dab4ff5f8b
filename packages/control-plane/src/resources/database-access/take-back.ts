// A registered deployment is let go: users and custom roles that were made there are taken back first, in one try that
// is bounded in time, because a deployment that is unreachable for ever must be forgotten all the same. What stays is named.
// Nobody who was there before is touched, though Postern gave them another password or other roles since.

import { setTimeout as delay } from 'node:timers/promises'
import { sql } from 'kysely'
import type { MongoClient } from 'mongodb'
import type { Engines } from '../../engines/engines.ts'
import type { Parts } from '../../parts.ts'
import { dropRole } from '../custom-db-role/deployment-role.ts'
import { dropUser } from '../database-user/deployment-user.ts'
import { type Deployment, onDeployment, saveApplied } from './deployments.ts'

/** How long one try lasts, in milliseconds. */
const patienceMs = 10_000

/** Names. */
interface Names {
  readonly users: readonly string[]
  readonly roles: readonly string[]
}

/** What stays on a deployment. */
export interface Left {
  /** Made there, and could not be removed. */
  readonly ours: Names
  /** Why, a sentence without its full stop; null: there are none. */
  readonly reason: string | null
  /** Were there before, or it is not known: with the password, roles and privileges that Postern gave them. */
  readonly theirs: Names
}

interface Thing {
  readonly table: 'database_user' | 'custom_db_role'
  readonly id: string
  readonly name: string
  /** Nobody of that name was there before. */
  readonly ours: boolean
}

type From = Pick<Deployment, 'id' | 'reach' | 'hosts'> & { readonly groupId: string }

/** May run twice: what is gone already is gone. Rejects only with the store's own error. */
export const takeBack = async (parts: Parts, engines: Engines, from: From): Promise<Left> => {
  const things = await thingsOn(parts, from)
  const ours = things.filter((thing) => thing.ours)
  const gone = new Set<Thing>()
  const drop = async (client: MongoClient): Promise<void> => {
    for (const thing of ours) {
      if (thing.table === 'database_user') await dropUser(client, thing.name)
      else await dropRole(client, thing.name)
      gone.add(thing)
    }
  }
  const reason = ours.length === 0 ? null : await problemOf(onDeployment(engines, from, drop))
  for (const { table, id } of gone) {
    await parts.store.transact((tx) => saveApplied(tx, { table, id, wish: 0, put: new Map(), dropped: [from.id] }))
  }
  return {
    ours: namesOf(ours.filter((thing) => !gone.has(thing))),
    reason,
    theirs: namesOf(things.filter((thing) => !thing.ours)),
  }
}

const namesOf = (things: readonly Thing[]): Names => ({
  users: things.filter(({ table }) => table === 'database_user').map(({ name }) => name),
  roles: things.filter(({ table }) => table === 'custom_db_role').map(({ name }) => name),
})

/** Why it failed; null: it did not. What runs on after its time is over is not waited for. */
const problemOf = async (work: Promise<void>): Promise<string | null> => {
  const over = new AbortController()
  const late = delay(patienceMs, 'the deployment did not answer in time', { signal: over.signal }).catch(() => null)
  const done = work.then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  return Promise.race([done, late]).finally(() => over.abort())
}

/** Users before the roles that they hold. */
const thingsOn = async ({ store }: Pick<Parts, 'store'>, { id, groupId }: From): Promise<readonly Thing[]> => {
  const made = sql<boolean>`made_there -> ${id}::text is not null`
  const there = sql<boolean>`(applied -> ${id}::text is not null or made_there -> ${id}::text is not null)`
  const users = await store.read
    .selectFrom('database_user')
    .select(['id', 'username as name', made.as('ours')])
    .where('group_id', '=', groupId)
    .where(there)
    .orderBy('username')
    .execute()
  const roles = await store.read
    .selectFrom('custom_db_role')
    .select(['id', 'name', made.as('ours')])
    .where('group_id', '=', groupId)
    .where(there)
    .orderBy('name')
    .execute()
  return [
    ...users.map((user) => ({ table: 'database_user' as const, ...user })),
    ...roles.map((role) => ({ table: 'custom_db_role' as const, ...role })),
  ]
}
