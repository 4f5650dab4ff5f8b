// One turn of a database user: bring every deployment of the group that we may manage to the newest wish. A deployment
// that fails does not keep the others waiting; what it says goes into the row and the log, and the turn is tried again.

import { type Kysely, sql } from 'kysely'
import type { MongoClient } from 'mongodb'
import type { Engines } from '../../engines/engines.ts'
import type { Parts } from '../../parts.ts'
import type { Outcome, Reconciler } from '../../reconcile/turns.ts'
import type { Tables } from '../../store/tables.ts'
import { awaitedRole, rolesOnClusters } from '../custom-db-role/held.ts'
import {
  type Deployment,
  deploymentsOf,
  isManageable,
  leavingDeployments,
  onDeployment,
  parseMadeThere,
  type Spread,
  saveApplied,
  spread,
} from '../database-access/deployments.ts'
import { type AccessStep, type AccessWant, nextAccessStep, untilExpiry } from '../database-access/next-step.ts'
import { recordEvent } from '../event/record.ts'
import { type DeploymentUser, dropUser, putUser, seenUsers } from './deployment-user.ts'
import { customRoleNames, mongoRoles } from './roles.ts'
import { isInScope, parseApplied, parseUserSpec, type UserRow, type UserState, usesPassword } from './user.ts'

export const databaseUserReconciler = (parts: Parts, engines: Engines): Reconciler => {
  const { store, clock, seal, log } = parts

  const turn = async (id: string): Promise<Outcome> => {
    const row = await store.read.selectFrom('database_user').selectAll().where('id', '=', id).executeTakeFirst()
    if (row === undefined) return { do: 'settled' }
    const deployments = await deploymentsOf(parts, row.group_id)
    const want = wantOf(row, deployments, {
      leaving: await leavingDeployments(parts, row.group_id),
      roles: await rolesOnClusters(parts, row.group_id),
    })
    const step = nextAccessStep(want)
    switch (step.do) {
      case 'apply':
        return apply(row, deployments, step)
      case 'wait':
        await settle(row, { state: 'PENDING', problem: `it waits for the custom role ${step.for}` })
        break
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

  const wantOf = (
    row: UserRow,
    deployments: readonly Deployment[],
    {
      leaving,
      roles: there,
    }: {
      readonly leaving: ReadonlySet<string>
      readonly roles: Awaited<ReturnType<typeof rolesOnClusters>>
    },
  ): AccessWant => {
    const spec = parseUserSpec(row.spec)
    const custom = customRoleNames(spec.roles)
    const deleteAfter = row.delete_after?.getTime() ?? null
    return {
      gone: row.delete_requested || (deleteAfter !== null && deleteAfter <= clock.now()),
      managed: usesPassword(spec) && row.password !== null,
      wish: row.wish,
      applied: parseApplied(row.applied),
      targets: deployments.map((deployment) => ({
        clusterId: deployment.id,
        manageable: isManageable(deployment),
        inScope: isInScope(spec, deployment.name),
        waitsFor: awaitedRole(custom, deployment.id, there),
      })),
      leaving,
      deleteAfter,
    }
  }

  const apply = async (
    row: UserRow,
    deployments: readonly Deployment[],
    step: Extract<AccessStep, { do: 'apply' }>,
  ): Promise<Outcome> => {
    const { put, dropped, problem } = await spread(parts, engines, {
      deployments,
      step,
      row: {
        table: 'database_user',
        id: row.id,
        applied: parseApplied(row.applied),
        madeThere: parseMadeThere(row.made_there),
      },
      isThere: (deployment) =>
        onDeployment(engines, deployment, async (client) => (await seenUsers(client, [row.username])).size > 0),
      put: (deployment) => carryOut(row, deployment, (client) => putUser(client, deploymentUser(row))),
      drop: (deployment) => carryOut(row, deployment, (client) => dropUser(client, row.username)),
    })
    await store.transact(async (tx) => {
      await saveApplied(tx, { table: 'database_user', id: row.id, wish: row.wish, put, dropped })
      await saveCredentials(tx, row.id, put)
    })
    if (problem === null) return { do: 'again', afterMs: 0 }
    log.warn({ databaseUserId: row.id, problem }, 'a database user did not reach every deployment')
    await settle(row, { state: 'PENDING', problem })
    return { do: 'retry', reason: problem }
  }

  const deploymentUser = (row: UserRow): DeploymentUser => ({
    username: row.username,
    password: seal.open(row.id, row.password ?? ''),
    roles: mongoRoles(parseUserSpec(row.spec).roles),
  })

  const carryOut = async <Result>(
    { username }: UserRow,
    deployment: Deployment,
    work: (client: MongoClient) => Promise<Result>,
  ): Promise<Result> => {
    // The deployment's own administrator is not a user of the API: it would take the ground from under our feet.
    if (username === deployment.reach.admin?.user)
      throw new Error('the name is that of the administrator that we use there')
    return onDeployment(engines, deployment, work)
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

/** What each cluster shows of the credentials that it was just given: another digest later means that they were changed. */
const saveCredentials = async (db: Kysely<Tables>, id: string, put: Spread['put']): Promise<void> => {
  const credentials = JSON.stringify(Object.fromEntries(put))
  await sql`update database_user set credentials = credentials || ${credentials}::jsonb where id = ${id}`.execute(db)
}
