// The deployments of a group, as database users and custom roles reach them: which stand, by which hosts, with which
// administrator; and work on many at once, where one that fails does not keep the others waiting.

import { type Kysely, sql } from 'kysely'
import type { MongoClient } from 'mongodb'
import { z } from 'zod'
import { parseReach, type Reach } from '../../engines/engine.ts'
import type { Engines } from '../../engines/engines.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { parseSpec } from '../cluster/spec.ts'

export interface Deployment {
  readonly id: string
  readonly name: string
  /** Somebody's own, where users and roles of theirs may be. */
  readonly registered: boolean
  /** It stands and is not paused; else its own turn wakes users and roles when it does. */
  readonly serves: boolean
  readonly reach: Reach
  readonly hosts: readonly string[]
}

/** We hold an administrator's credentials, and it serves. */
export const isManageable = ({ serves, reach }: Deployment): boolean => serves && reach.admin !== null

/** All of a group that are not being deleted; `only` one of them where an id is given. */
export const deploymentsOf = async (
  { store, seal }: Pick<Parts, 'store' | 'seal'>,
  groupId: string,
): Promise<readonly Deployment[]> => {
  const clusters = await store.read
    .selectFrom('cluster')
    .select(['id', 'name', 'engine', 'state', 'spec', 'access'])
    .where('group_id', '=', groupId)
    .where('delete_requested', '=', false)
    .execute()
  const members = await store.read
    .selectFrom('member')
    .innerJoin('cluster', 'cluster.id', 'member.cluster_id')
    .select(['member.cluster_id', 'member.host_port'])
    .where('cluster.group_id', '=', groupId)
    .execute()
  return clusters.map(({ id, name, engine, state, spec, access }) => ({
    id,
    name,
    registered: engine === 'registered',
    serves: state !== 'CREATING' && !parseSpec(spec).paused,
    reach: parseReach(seal.open(id, access ?? '')),
    hosts: members.filter(({ cluster_id }) => cluster_id === id).map(({ host_port }) => host_port),
  }))
}

/** Registered deployments of a group that are on their way out: the cluster's own turn takes back what was made there. */
export const leavingDeployments = async (
  { store }: Pick<Parts, 'store'>,
  groupId: string,
): Promise<ReadonlySet<string>> => {
  const rows = await store.read
    .selectFrom('cluster')
    .select('id')
    .where('group_id', '=', groupId)
    .where('engine', '=', 'registered')
    .where('delete_requested', '=', true)
    .execute()
  return new Set(rows.map(({ id }) => id))
}

/** Runs `work` with the administrator's connection. Rejects with what the deployment, or its absence, says. */
export const onDeployment = async <Result>(
  { watch }: Pick<Engines, 'watch'>,
  { id, reach, hosts }: Pick<Deployment, 'id' | 'reach' | 'hosts'>,
  work: (client: MongoClient) => Promise<Result>,
): Promise<Result> => {
  const seen = await watch.look(id, reach, { hosts })
  if (seen.kind === 'unreachable') throw new Error(seen.reason)
  return watch.asAdmin(id, reach, work)
}

interface Row {
  readonly table: 'database_user' | 'custom_db_role'
  readonly id: string
}

interface Spreading {
  readonly deployments: readonly Deployment[]
  readonly step: { readonly put: readonly string[]; readonly drop: readonly string[] }
  /** As the turn read it. */
  readonly row: Row & { readonly applied: ReadonlyMap<string, number>; readonly madeThere: ReadonlySet<string> }
  readonly put: (deployment: Deployment) => Promise<string | null>
  /** The deployment has one of that name. */
  readonly isThere: (deployment: Deployment) => Promise<boolean>
  readonly drop: (deployment: Deployment) => Promise<void>
}

export interface Spread {
  /** What `put` answered, by the cluster's id. */
  readonly put: ReadonlyMap<string, string | null>
  readonly dropped: readonly string[]
  /** A sentence for each deployment that failed; null: none did. */
  readonly problem: string | null
}

/** Puts and drops on all deployments that the step names, side by side. Never rejects. */
export const spread = async (
  parts: Pick<Parts, 'store'>,
  engines: Pick<Engines, 'forget'>,
  { deployments, step, row, put, isThere, drop }: Spreading,
): Promise<Spread> => {
  const done = new Map<string, string | null>()
  const dropped: string[] = []
  const problems: string[] = []

  /** Answers whether it is ours: nobody of that name was there before. */
  const putNoted = async (deployment: Deployment): Promise<boolean> => {
    const { id, registered } = deployment
    const isNew = registered && !row.applied.has(id) && !(await isThere(deployment))
    // Before anything is made there, so that a turn that dies in between still knows.
    if (isNew) await noteMade(parts, row, id)
    try {
      done.set(id, await put(deployment))
    } catch (error) {
      // Whoever makes one of that name there from now on is its owner; where nobody can tell, it may be ours.
      if (isNew && !(await isThere(deployment).catch(() => true))) await noteNotMade(parts, row, id)
      throw error
    }
    return isNew || row.madeThere.has(id)
  }

  /** What a cluster's last turn took back, or will look for no more, does not come back by a turn that ran beside it. */
  const putToStay = async (deployment: Deployment): Promise<void> => {
    const { id, registered } = deployment
    const isOurs = await putNoted(deployment)
    if (!registered || (await whereabouts(parts, id)) === 'here') return
    if (isOurs) {
      done.delete(id)
      await drop(deployment)
      dropped.push(id)
    }
    // The work on it began to watch it again.
    if ((await whereabouts(parts, id)) === 'gone') await engines.forget(id)
  }

  await Promise.all(
    deployments.map(async (deployment) => {
      const { id, name } = deployment
      try {
        if (step.put.includes(id)) await putToStay(deployment)
        else if (step.drop.includes(id)) {
          await drop(deployment)
          dropped.push(id)
        }
      } catch (error) {
        problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)
      }
    }),
  )
  return { put: done, dropped, problem: problems.length === 0 ? null : problems.toSorted().join('; ') }
}

const whereabouts = async ({ store }: Pick<Parts, 'store'>, id: string): Promise<'here' | 'leaving' | 'gone'> => {
  const row = await store.read.selectFrom('cluster').select('delete_requested').where('id', '=', id).executeTakeFirst()
  if (row === undefined) return 'gone'
  return row.delete_requested ? 'leaving' : 'here'
}

const noteMade = ({ store }: Pick<Parts, 'store'>, { table, id }: Row, clusterId: string): Promise<unknown> =>
  store.transact((tx) =>
    sql`update ${sql.table(table)} set made_there = made_there || ${JSON.stringify({ [clusterId]: true })}::jsonb
      where id = ${id}`.execute(tx),
  )

const noteNotMade = ({ store }: Pick<Parts, 'store'>, { table, id }: Row, clusterId: string): Promise<unknown> =>
  store.transact((tx) =>
    sql`update ${sql.table(table)} set made_there = made_there - ${clusterId}::text where id = ${id}`.execute(tx),
  )

/** Parses the `made_there` column: clusters that had nobody of that name before. */
export const parseMadeThere = (column: unknown): ReadonlySet<string> =>
  new Set(Object.keys(z.record(z.string(), z.literal(true)).parse(column)))

interface Applied extends Row, Pick<Spread, 'put' | 'dropped'> {
  readonly wish: number
}

/** Notes which clusters have the wish now. Touches their entries alone: the look for drift writes beside it. */
export const saveApplied = async (db: Kysely<Tables>, { table, id, wish, put, dropped }: Applied): Promise<void> => {
  const applied = JSON.stringify(Object.fromEntries([...put.keys()].map((clusterId) => [clusterId, wish])))
  const gone = `{${dropped.join(',')}}`
  await sql`update ${sql.table(table)} set applied = (applied || ${applied}::jsonb) - ${gone}::text[], made_there = made_there - ${gone}::text[]
    where id = ${id}`.execute(db)
}
