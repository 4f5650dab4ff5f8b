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
    .select(['id', 'name', 'state', 'spec', 'access'])
    .where('group_id', '=', groupId)
    .where('delete_requested', '=', false)
    .execute()
  const members = await store.read
    .selectFrom('member')
    .innerJoin('cluster', 'cluster.id', 'member.cluster_id')
    .select(['member.cluster_id', 'member.host_port'])
    .where('cluster.group_id', '=', groupId)
    .execute()
  return clusters.map(({ id, name, state, spec, access }) => ({
    id,
    name,
    serves: state !== 'CREATING' && !parseSpec(spec).paused,
    reach: parseReach(seal.open(id, access ?? '')),
    hosts: members.filter(({ cluster_id }) => cluster_id === id).map(({ host_port }) => host_port),
  }))
}

/** Runs `work` with the administrator's connection. Rejects with what the deployment, or its absence, says. */
export const onDeployment = async <Result>(
  { watch }: Pick<Engines, 'watch'>,
  { id, reach, hosts }: Deployment,
  work: (client: MongoClient) => Promise<Result>,
): Promise<Result> => {
  const seen = await watch.look(id, reach, { hosts })
  if (seen.kind === 'unreachable') throw new Error(seen.reason)
  return watch.asAdmin(id, reach, work)
}

interface Spreading {
  readonly deployments: readonly Deployment[]
  readonly step: { readonly put: readonly string[]; readonly drop: readonly string[] }
  readonly put: (deployment: Deployment) => Promise<string | null>
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
export const spread = async ({ deployments, step, put, drop }: Spreading): Promise<Spread> => {
  const done = new Map<string, string | null>()
  const dropped: string[] = []
  const problems: string[] = []
  await Promise.all(
    deployments.map(async (deployment) => {
      const { id, name } = deployment
      try {
        if (step.put.includes(id)) done.set(id, await put(deployment))
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

interface Applied extends Pick<Spread, 'put' | 'dropped'> {
  readonly table: 'database_user' | 'custom_db_role'
  readonly id: string
  readonly wish: number
}

/** Notes which clusters have the wish now. Touches their entries alone: the look for drift writes beside it. */
export const saveApplied = async (db: Kysely<Tables>, { table, id, wish, put, dropped }: Applied): Promise<void> => {
  const applied = JSON.stringify(Object.fromEntries([...put.keys()].map((clusterId) => [clusterId, wish])))
  const gone = `{${dropped.join(',')}}`
  await sql`update ${sql.table(table)} set applied = (applied || ${applied}::jsonb) - ${gone}::text[]
    where id = ${id}`.execute(db)
}
