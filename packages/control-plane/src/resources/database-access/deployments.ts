// The deployments of a group, as database users and custom roles reach them: which stand, by which hosts, with which
// administrator; and work on many at once, where one that fails does not keep the others waiting.

import { type Kysely, sql } from 'kysely'
import type { MongoClient } from 'mongodb'
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

interface Spreading {
  readonly deployments: readonly Deployment[]
  readonly step: { readonly put: readonly string[]; readonly drop: readonly string[] }
  readonly applied: ReadonlyMap<string, number>
  readonly put: (deployment: Deployment) => Promise<string | null>
  /** The deployment has one of that name, and we did not give it. */
  readonly isTheirs: (deployment: Deployment) => Promise<boolean>
  /** Stored before anything is made there, so that a turn that dies in between still knows. */
  readonly noteMade: (clusterId: string) => Promise<unknown>
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
export const spread = async ({
  deployments,
  step,
  applied,
  put,
  isTheirs,
  noteMade,
  drop,
}: Spreading): Promise<Spread> => {
  const done = new Map<string, string | null>()
  const dropped: string[] = []
  const problems: string[] = []
  await Promise.all(
    deployments.map(async (deployment) => {
      const { id, name, registered } = deployment
      try {
        if (step.put.includes(id)) {
          const first = registered && !applied.has(id)
          if (first && !(await isTheirs(deployment))) await noteMade(id)
          done.set(id, await put(deployment))
        } else if (step.drop.includes(id)) {
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

interface Row {
  readonly table: 'database_user' | 'custom_db_role'
  readonly id: string
}

/** Notes that the cluster had none of that name. */
export const saveMade = ({ store }: Pick<Parts, 'store'>, { table, id }: Row, clusterId: string): Promise<unknown> =>
  store.transact((tx) =>
    sql`update ${sql.table(table)} set made_there = made_there || ${JSON.stringify({ [clusterId]: true })}::jsonb
      where id = ${id}`.execute(tx),
  )

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
