// One turn of a custom role: bring every deployment of the group that we may manage to the newest wish, and wake those
// who wait for it. A deployment that fails does not keep the others waiting.

import type { Engines } from '../../engines/engines.ts'
import type { Parts } from '../../parts.ts'
import type { Outcome, Reconciler } from '../../reconcile/turns.ts'
import {
  type Deployment,
  deploymentsOf,
  isManageable,
  leavingDeployments,
  onDeployment,
  parseMadeThere,
  saveApplied,
  spread,
} from '../database-access/deployments.ts'
import { type AccessStep, nextAccessStep } from '../database-access/next-step.ts'
import { parseApplied } from '../database-user/user.ts'
import { deploymentRole, dropRole, putRole, seenRoles } from './deployment-role.ts'
import { awaitedRole, rolesOnClusters, wakeHolders } from './held.ts'
import { parseRoleSpec, type RoleRow } from './role.ts'

export const customDbRoleReconciler = (parts: Parts, engines: Engines): Reconciler => {
  const { store, log } = parts

  const turn = async (id: string): Promise<Outcome> => {
    const row = await store.read.selectFrom('custom_db_role').selectAll().where('id', '=', id).executeTakeFirst()
    if (row === undefined) return { do: 'settled' }
    const deployments = await deploymentsOf(parts, row.group_id)
    const step = await nextStep(row, deployments)
    switch (step.do) {
      case 'apply':
        return apply(row, deployments, step)
      case 'wait':
        await settle(row, { state: 'PENDING', problem: `it waits for the custom role ${step.for}` })
        return { do: 'settled' }
      case 'forget':
        return forget(row)
      case 'ready':
      case 'not managed':
        await settle(row, { state: 'READY', problem: null })
        return { do: 'settled' }
      default:
        return step satisfies never
    }
  }

  const nextStep = async (row: RoleRow, deployments: readonly Deployment[]): Promise<AccessStep> => {
    const inherited = parseRoleSpec(row.spec).inheritedRoles.map(({ role }) => role)
    const there = await rolesOnClusters(parts, row.group_id)
    return nextAccessStep({
      gone: row.delete_requested,
      managed: true,
      wish: row.wish,
      applied: parseApplied(row.applied),
      targets: deployments.map((deployment) => ({
        clusterId: deployment.id,
        manageable: isManageable(deployment),
        inScope: true,
        waitsFor: awaitedRole(inherited, deployment.id, there),
      })),
      leaving: await leavingDeployments(parts, row.group_id),
      deleteAfter: null,
    })
  }

  const apply = async (
    row: RoleRow,
    deployments: readonly Deployment[],
    step: Extract<AccessStep, { do: 'apply' }>,
  ): Promise<Outcome> => {
    const role = deploymentRole(row.name, parseRoleSpec(row.spec))
    const { put, dropped, problem } = await spread(parts, engines, {
      deployments,
      step,
      row: {
        table: 'custom_db_role',
        id: row.id,
        applied: parseApplied(row.applied),
        madeThere: parseMadeThere(row.made_there),
      },
      isThere: (deployment) =>
        onDeployment(engines, deployment, async (client) => (await seenRoles(client, [row.name])).size > 0),
      put: (deployment) => onDeployment(engines, deployment, (client) => putRole(client, role)).then(() => null),
      drop: (deployment) => onDeployment(engines, deployment, (client) => dropRole(client, row.name)),
    })
    await store.transact(async (tx) => {
      await saveApplied(tx, { table: 'custom_db_role', id: row.id, wish: row.wish, put, dropped })
      // Whoever holds it may wait for it.
      if (put.size > 0) await wakeHolders(parts, tx, row)
    })
    if (problem === null) return { do: 'again', afterMs: 0 }
    log.warn({ customDbRoleId: row.id, problem }, 'a custom role did not reach every deployment')
    await settle(row, { state: 'PENDING', problem })
    return { do: 'retry', reason: problem }
  }

  /** Says how it stands, unless a newer wish has come meanwhile. */
  const settle = async (
    row: RoleRow,
    { state, problem }: { readonly state: 'PENDING' | 'READY'; readonly problem: string | null },
  ): Promise<void> => {
    if (row.state === state && row.error_message === problem) return
    await store.transact((tx) =>
      tx
        .updateTable('custom_db_role')
        .set({ state, error_message: problem })
        .where('id', '=', row.id)
        .where('wish', '=', row.wish)
        .execute(),
    )
  }

  const forget = async (row: RoleRow): Promise<Outcome> => {
    const { numDeletedRows } = await store.transact((tx) =>
      tx.deleteFrom('custom_db_role').where('id', '=', row.id).where('wish', '=', row.wish).executeTakeFirst(),
    )
    return numDeletedRows === 0n ? { do: 'again', afterMs: 0 } : { do: 'settled' }
  }

  return {
    kind: 'customDbRole',
    turn,
    ids: async () => (await store.read.selectFrom('custom_db_role').select('id').execute()).map(({ id }) => id),
  }
}
