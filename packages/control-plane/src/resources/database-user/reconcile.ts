// One turn of a database user: bring every deployment of the group that we may manage to the newest wish. A deployment
// that fails does not keep the others waiting; what it says goes into the row and the log, and the turn is tried again.

import { parseReach, type Reach } from '../../engines/engine.ts'
import type { Engines } from '../../engines/engines.ts'
import type { Parts } from '../../parts.ts'
import type { Outcome, Reconciler } from '../../reconcile/turns.ts'
import { parseSpec } from '../cluster/spec.ts'
import { recordEvent } from '../event/record.ts'
import { dropUser, putUser } from './deployment-user.ts'
import { nextUserStep, type UserWant, untilExpiry } from './next-step.ts'
import { mongoRoles } from './roles.ts'
import { isInScope, parseApplied, parseUserSpec, type UserRow, type UserState, usesPassword } from './user.ts'

interface Deployment {
  readonly id: string
  readonly name: string
  /** It stands and is not paused; else its own turn wakes all users when it does. */
  readonly serves: boolean
  readonly reach: Reach
  readonly hosts: readonly string[]
}

export const databaseUserReconciler = (parts: Parts, engines: Engines): Reconciler => {
  const { store, clock, seal, log } = parts

  const turn = async (id: string): Promise<Outcome> => {
    const row = await store.read.selectFrom('database_user').selectAll().where('id', '=', id).executeTakeFirst()
    if (row === undefined) return { do: 'settled' }
    const deployments = await deploymentsOf(row.group_id)
    const want = wantOf(row, deployments)
    const step = nextUserStep(want)
    switch (step.do) {
      case 'apply':
        return apply(row, deployments, step)
      case 'forget':
        return forget(row)
      case 'ready':
        await settle(row, { state: 'READY', problem: null })
        break
      case 'not managed':
        await settle(row, { state: 'NOT_MANAGED', problem: 'only users with a password are made on deployments' })
        break
      default:
        return step satisfies never
    }
    const expiry = untilExpiry(want, clock.now())
    return expiry === null ? { do: 'settled' } : { do: 'again', afterMs: expiry }
  }

  const wantOf = (row: UserRow, deployments: readonly Deployment[]): UserWant => {
    const spec = parseUserSpec(row.spec)
    const deleteAfter = row.delete_after?.getTime() ?? null
    return {
      gone: row.delete_requested || (deleteAfter !== null && deleteAfter <= clock.now()),
      managed: usesPassword(spec) && row.password !== null,
      wish: row.wish,
      applied: parseApplied(row.applied),
      targets: deployments.map(({ id, name, serves, reach }) => ({
        clusterId: id,
        manageable: serves && reach.admin !== null,
        inScope: isInScope(spec, name),
      })),
      deleteAfter,
    }
  }

  const deploymentsOf = async (groupId: string): Promise<readonly Deployment[]> => {
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

  const apply = async (
    row: UserRow,
    deployments: readonly Deployment[],
    { put, drop }: { readonly put: readonly string[]; readonly drop: readonly string[] },
  ): Promise<Outcome> => {
    const applied = new Map(parseApplied(row.applied))
    const problems: string[] = []
    await Promise.all(
      deployments.map(async (deployment) => {
        const task = put.includes(deployment.id) ? 'put' : drop.includes(deployment.id) ? 'drop' : null
        if (task === null) return
        try {
          await carryOut(row, deployment, task)
          if (task === 'put') applied.set(deployment.id, row.wish)
          else applied.delete(deployment.id)
        } catch (error) {
          problems.push(`${deployment.name}: ${error instanceof Error ? error.message : String(error)}`)
        }
      }),
    )
    await store.transact((tx) =>
      tx
        .updateTable('database_user')
        .set({ applied: JSON.stringify(Object.fromEntries(applied)) })
        .where('id', '=', row.id)
        .execute(),
    )
    if (problems.length === 0) return { do: 'again', afterMs: 0 }
    const problem = problems.toSorted().join('; ')
    log.warn({ databaseUserId: row.id, problem }, 'a database user did not reach every deployment')
    await settle(row, { state: 'PENDING', problem })
    return { do: 'retry', reason: problem }
  }

  const carryOut = async (row: UserRow, { id, reach, hosts }: Deployment, task: 'put' | 'drop'): Promise<void> => {
    // The deployment's own administrator is not a user of the API: it would take the ground from under our feet.
    if (row.username === reach.admin?.user) throw new Error('the name is that of the administrator that we use there')
    const seen = await engines.watch.look(id, reach, { hosts })
    if (seen.kind === 'unreachable') throw new Error(seen.reason)
    await engines.watch.asAdmin(id, reach, async (client) => {
      if (task === 'drop') return dropUser(client, row.username)
      const password = seal.open(row.id, row.password ?? '')
      await putUser(client, { username: row.username, password, roles: mongoRoles(parseUserSpec(row.spec).roles) })
    })
  }

  /** Says how it stands, unless a newer wish has come meanwhile. */
  const settle = async (
    row: UserRow,
    { state, problem }: { readonly state: UserState; readonly problem: string | null },
  ): Promise<void> => {
    if (row.state === state && row.error_message === problem) return
    await store.transact((tx) =>
      tx
        .updateTable('database_user')
        .set({ state, error_message: problem })
        .where('id', '=', row.id)
        .where('wish', '=', row.wish)
        .execute(),
    )
  }

  const forget = async (row: UserRow): Promise<Outcome> => {
    const gone = await store.transact(async (tx) => {
      const { numDeletedRows } = await tx
        .deleteFrom('database_user')
        .where('id', '=', row.id)
        .where('wish', '=', row.wish)
        .executeTakeFirst()
      if (numDeletedRows === 0n) return false
      if (row.delete_requested) return true
      const { org_id: orgId } = await tx
        .selectFrom('group')
        .select('org_id')
        .where('id', '=', row.group_id)
        .executeTakeFirstOrThrow()
      const target = { username: row.username, reason: 'deleteAfterDate has passed' }
      const who = { groupId: row.group_id, actor: null, sourceAddress: null }
      await recordEvent(tx, parts, { type: 'MONGODB_USER_DELETED', orgId, ...who, target })
      return true
    })
    return gone ? { do: 'settled' } : { do: 'again', afterMs: 0 }
  }

  return {
    kind: 'databaseUser',
    turn,
    ids: async () => (await store.read.selectFrom('database_user').select('id').execute()).map(({ id }) => id),
  }
}
