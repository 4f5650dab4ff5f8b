// One look at a deployment for drift: users and custom roles that somebody changed or removed there. Each cluster is
// looked at once a minute, with one connection for all of them. What differs is noted, told by an event, and given up as
// applied; the user's or role's own turn puts it right. Rows are read before the deployment, and a note counts only for
// the wish that was read: a change of ours that is under way is never taken for somebody else's.

import type { RecordedEventType } from '@postern/contract/event'
import { type Kysely, sql } from 'kysely'
import type { MongoClient } from 'mongodb'
import type { Engines } from '../../engines/engines.ts'
import type { Parts } from '../../parts.ts'
import type { Outcome, Reconciler } from '../../reconcile/turns.ts'
import type { Tables } from '../../store/tables.ts'
import { deploymentRole, seenRoles } from '../custom-db-role/deployment-role.ts'
import { parseRoleSpec } from '../custom-db-role/role.ts'
import { seenUsers } from '../database-user/deployment-user.ts'
import { mongoRoles } from '../database-user/roles.ts'
import { parseApplied, parseCredentials, parseUserSpec } from '../database-user/user.ts'
import { recordEvent } from '../event/record.ts'
import { type Deployment, deploymentsOf, isManageable, onDeployment } from './deployments.ts'
import { type Drift, roleDifference, userDifference } from './drift.ts'

/** Between two looks at one cluster, in milliseconds. */
const lookMs = 60_000

interface Thing {
  readonly kind: 'databaseUser' | 'customDbRole'
  readonly table: 'database_user' | 'custom_db_role'
  readonly event: RecordedEventType
  readonly id: string
  readonly wish: number
  readonly target: Readonly<Record<string, string>>
}
interface Drifted extends Thing {
  readonly difference: string
}

export const databaseAccessReconciler = (parts: Parts, engines: Engines): Reconciler => {
  const { store, clock, log } = parts

  const turn = async (clusterId: string): Promise<Outcome> => {
    const cluster = await store.read
      .selectFrom('cluster')
      .innerJoin('group', 'group.id', 'cluster.group_id')
      .select(['cluster.group_id', 'group.org_id'])
      .where('cluster.id', '=', clusterId)
      .where('cluster.delete_requested', '=', false)
      .executeTakeFirst()
    if (cluster === undefined) return { do: 'settled' }
    const deployment = (await deploymentsOf(parts, cluster.group_id)).find(({ id }) => id === clusterId)
    if (deployment !== undefined && isManageable(deployment)) {
      const drifted = await look(deployment, cluster.group_id)
      for (const each of drifted) await note(each, { deployment, orgId: cluster.org_id, groupId: cluster.group_id })
    }
    return { do: 'again', afterMs: lookMs }
  }

  const look = async (deployment: Deployment, groupId: string): Promise<readonly Drifted[]> => {
    const users = await appliedUsers(store.read, groupId, deployment.id)
    const roles = await appliedRoles(store.read, groupId, deployment.id)
    if (users.length + roles.length === 0) return []
    const see = async (client: MongoClient) => ({
      users: await seenUsers(
        client,
        users.map(({ name }) => name),
      ),
      roles: await seenRoles(
        client,
        roles.map(({ name }) => name),
      ),
    })
    // One that cannot be reached is the cluster's own affair, and told there.
    const seen = await onDeployment(engines, deployment, see).catch((err: unknown) => {
      log.debug({ err, clusterId: deployment.id }, 'a look for drift found no deployment')
      return null
    })
    if (seen === null) return []
    const differences = [
      ...users.map((user) => ({ ...user, difference: userDifference(user.wished, seen.users.get(user.name)) })),
      ...roles.map((role) => ({ ...role, difference: roleDifference(role.wished, seen.roles.get(role.name)) })),
    ]
    return differences.flatMap(({ difference, ...thing }) => (difference === null ? [] : [{ ...thing, difference }]))
  }

  const note = async (
    { kind, table, event, id, wish, target, difference }: Drifted,
    place: { readonly deployment: Deployment; readonly orgId: string; readonly groupId: string },
  ): Promise<void> => {
    const { deployment, orgId, groupId } = place
    const drift: Drift = {
      clusterName: deployment.name,
      difference,
      noticedAt: new Date(clock.now()).toISOString(),
    }
    const noted = await store.transact(async (tx) => {
      const { numAffectedRows } = await sql`update ${sql.table(table)}
        set applied = applied - ${deployment.id}::text, state = 'PENDING', drift = ${JSON.stringify(drift)}::jsonb
        where id = ${id} and wish = ${wish} and delete_requested = false
          and (applied ->> ${deployment.id}::text)::integer = ${wish}
          and exists (select 1 from cluster where id = ${deployment.id} and not delete_requested)`.execute(tx)
      if (numAffectedRows === 0n) return false
      await parts.turns.wake(tx, kind, id)
      const told = { ...target, clusterName: deployment.name, difference }
      await recordEvent(tx, parts, { type: event, orgId, groupId, actor: null, sourceAddress: null, target: told })
      return true
    })
    if (noted) log.warn({ id, kind, cluster: deployment.name, difference }, 'somebody changed it on the deployment')
  }

  return {
    kind: 'databaseAccess',
    turn,
    ids: async () => (await store.read.selectFrom('cluster').select('id').execute()).map(({ id }) => id),
  }
}

/** Users that the cluster is to have exactly as they are wished now. */
const appliedUsers = async (db: Pick<Kysely<Tables>, 'selectFrom'>, groupId: string, clusterId: string) => {
  const rows = await db
    .selectFrom('database_user')
    .select(['id', 'username', 'database_name', 'spec', 'wish', 'applied', 'credentials'])
    .where('group_id', '=', groupId)
    .where('delete_requested', '=', false)
    .execute()
  return rows
    .filter(({ applied, wish }) => parseApplied(applied).get(clusterId) === wish)
    .map(({ id, username, database_name, spec, wish, credentials }) => ({
      kind: 'databaseUser' as const,
      table: 'database_user' as const,
      event: 'MONGODB_USER_DRIFT_DETECTED' as const,
      id,
      wish,
      name: username,
      target: { username, databaseName: database_name },
      wished: {
        roles: mongoRoles(parseUserSpec(spec).roles),
        credentials: parseCredentials(credentials).get(clusterId) ?? null,
      },
    }))
}

/** As `appliedUsers`. */
const appliedRoles = async (db: Pick<Kysely<Tables>, 'selectFrom'>, groupId: string, clusterId: string) => {
  const rows = await db
    .selectFrom('custom_db_role')
    .select(['id', 'name', 'spec', 'wish', 'applied'])
    .where('group_id', '=', groupId)
    .where('delete_requested', '=', false)
    .execute()
  return rows
    .filter(({ applied, wish }) => parseApplied(applied).get(clusterId) === wish)
    .map(({ id, name, spec, wish }) => ({
      kind: 'customDbRole' as const,
      table: 'custom_db_role' as const,
      event: 'MONGODB_ROLE_DRIFT_DETECTED' as const,
      id,
      wish,
      name,
      target: { roleName: name },
      wished: deploymentRole(name, parseRoleSpec(spec)),
    }))
}
