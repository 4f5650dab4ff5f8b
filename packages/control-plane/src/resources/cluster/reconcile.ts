// One turn of a cluster: look at its deployment, let next-step.ts decide, do that one thing. Everything it does may be
// done twice; the row's revision keeps a turn from saving over a newer wish. Network first, the transaction after it.

import type { RecordedEventType } from '@postern/contract/event'
import type { Transaction } from 'kysely'
import type { Engine, Made, Seen } from '../../engines/engine.ts'
import { parseReach } from '../../engines/engine.ts'
import type { Engines } from '../../engines/engines.ts'
import { heldMs } from '../../fidelity/held.ts'
import type { Parts } from '../../parts.ts'
import type { Outcome, Reconciler } from '../../reconcile/turns.ts'
import type { Tables } from '../../store/tables.ts'
import { forgetDrift } from '../database-access/forget-drift.ts'
import { type Left, takeBack } from '../database-access/take-back.ts'
import { wakeDatabaseAccess } from '../database-access/wake.ts'
import { recordEvent } from '../event/record.ts'
import { wakeFeeds } from '../feed/wake.ts'
import { type Change, lookAgain, nextStep, type Step, type Want } from './next-step.ts'
import { type ClusterRow, type MemberRow, membersOf, shownMember } from './rows.ts'
import { memberPlaces, parseSpec } from './spec.ts'

/** `engines.made` remembers, for this process, where an engine said that members listen. */
export const clusterReconciler = (parts: Parts, engines: Engines): Reconciler => {
  const { store, seal, log } = parts

  const turn = async (id: string): Promise<Outcome> => {
    const row = await store.read.selectFrom('cluster').selectAll().where('id', '=', id).executeTakeFirst()
    if (row === undefined) {
      await engines.forget(id)
      return { do: 'settled' }
    }
    const members = (await membersOf(store.read, [id])).get(id) ?? []
    const engine = engines.of(row.engine)
    if (engine === null) return { do: 'retry', reason: `this server has no engine ${row.engine}` }
    const made = current(row, engines.made.get(id))
    const want = wantOf(row, members)
    const seen = made === null || row.delete_requested || want.paused ? null : await look(row, members)
    const step = heldStep(nextStep(want, { made, seen }), row, parts.clock.now())
    return act(row, engine, { step, seen, members })
  }

  const look = (row: ClusterRow, members: readonly MemberRow[]): Promise<Seen> => {
    const reach = parseReach(seal.open(row.id, row.access ?? ''))
    const made = engines.made.get(row.id)?.hosts ?? []
    if (isSharded(row) && row.engine === 'sandbox')
      return engines.watch.look(row.id, reach, { hosts: made, complete: true })
    return engines.watch.look(row.id, reach, { hosts: [...made, ...members.map(({ host_port }) => host_port)] })
  }

  const act = async (
    row: ClusterRow,
    engine: Engine,
    {
      step,
      seen,
      members,
    }: { readonly step: Step; readonly seen: Seen | null; readonly members: readonly MemberRow[] },
  ): Promise<Outcome> => {
    switch (step.do) {
      case 'remove': {
        const left = row.engine === 'registered' ? await letGo(row, members) : null
        await engine.remove(row.id, AbortSignal.timeout(20_000))
        await engines.forget(row.id)
        return forgotten(row, left)
      }
      case 'ensure':
        await ensured(row, engine)
        return { do: 'again', afterMs: 0 }
      case 'record':
        return recorded(row, members, step.change)
      case 'wait':
        // Members that an engine made and that do not answer may listen elsewhere after a restart: ask it again.
        if (seen?.kind === 'unreachable') engines.made.delete(row.id)
        return { do: 'again', afterMs: step.afterMs }
      default:
        return step satisfies never
    }
  }

  const ensured = async (row: ClusterRow, engine: Engine): Promise<void> => {
    const wish = wishOf(row)
    const hosts = await engine.ensure(wish, AbortSignal.timeout(20_000))
    // A paused member answers nobody: there is nothing to watch.
    if (wish.paused) await engines.watch.forget(row.id)
    engines.made.set(row.id, { hosts, members: wish.members, paused: wish.paused, revision: row.revision })
  }

  const wishOf = (row: ClusterRow): Parameters<Engine['ensure']>[0] => ({
    id: row.id,
    name: row.name,
    setName: row.set_name ?? row.name,
    members: memberPlaces(parseSpec(row.spec)).length,
    routers: isSharded(row),
    paused: parseSpec(row.spec).paused,
    reach: parseReach(seal.open(row.id, row.access ?? '')),
  })

  const recorded = async (row: ClusterRow, members: readonly MemberRow[], change: Change): Promise<Outcome> => {
    const saved = await store.transact(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('cluster')
        .set({
          state: change.state,
          set_name: change.setName,
          mongodb_version: change.version,
          error_message: change.error,
          hidden_unknown: change.hiddenUnknown,
          ...(change.state === 'IDLE' && { settles_at: null, held_strings: null }),
          revision: row.revision + 1,
        })
        .where('id', '=', row.id)
        .where('revision', '=', row.revision)
        .executeTakeFirst()
      if (numUpdatedRows === 0n) return false
      await saveMembers(tx, row, change)
      const came = change.state !== row.state || (row.error_message !== null && change.error === null)
      if (came) await wakeDatabaseAccess(parts, tx, row.group_id)
      if (change.state !== row.state) await audit(tx, row, eventOf(row.state))
      await wakeFeeds(tx, parts)
      return true
    })
    if (change.error !== row.error_message) {
      log.warn({ clusterId: row.id, cluster: row.name, problem: change.error }, 'cluster answers otherwise than before')
    }
    if (saved && change.remove.length > 0) {
      const gone = members.filter(({ id }) => change.remove.includes(id)).map(({ host_port }) => host_port)
      const why = change.hiddenUnknown
      log.warn({ clusterId: row.id, cluster: row.name, gone, hiddenUnknown: why }, 'members are no longer of their set')
    }
    if (change.hiddenUnknown !== row.hidden_unknown) {
      const why = change.hiddenUnknown
      log.warn({ clusterId: row.id, cluster: row.name, why }, 'hidden members are known otherwise than before')
    }
    return { do: 'again', afterMs: saved ? lookAgain.standing : 0 }
  }

  const saveMembers = async (tx: Transaction<Tables>, row: ClusterRow, change: Change): Promise<void> => {
    // Removals first: an address that leaves one member may come to another.
    if (change.remove.length > 0) await tx.deleteFrom('member').where('id', 'in', change.remove).execute()
    for (const { id, hostPort, role, provider, region } of change.update) {
      await tx.updateTable('member').set({ host_port: hostPort, role, provider, region }).where('id', '=', id).execute()
    }
    // Nothing leads to a hidden one; at a standard listener its port is kept, unused, for when it no longer is.
    const hidden = change.update.flatMap(({ id, role }) => (role === 'hidden' ? [id] : []))
    if (hidden.length > 0) await tx.deleteFrom('member_port').where('member_id', 'in', hidden).execute()
    for (const { hostPort, role, position, provider, region } of change.add) {
      const id = parts.ids.objectId()
      const member = { id, cluster_id: row.id, host_port: hostPort, provider, region, role, position }
      await tx.insertInto('member').values(member).execute()
    }
  }

  const letGo = async (row: ClusterRow, members: readonly MemberRow[]): Promise<Left> => {
    const reach = parseReach(seal.open(row.id, row.access ?? ''))
    const hosts = members.map(({ host_port }) => host_port)
    const left = await takeBack(parts, engines, { id: row.id, groupId: row.group_id, reach, hosts })
    const stays = whatStays(left)
    if (Object.keys(stays).length > 0)
      log.warn({ clusterId: row.id, cluster: row.name, ...stays }, 'users or roles stay on a deployment that is let go')
    return left
  }

  const forgotten = async (row: ClusterRow, left: Left | null): Promise<Outcome> => {
    await store.transact(async (tx) => {
      const { numDeletedRows } = await tx.deleteFrom('cluster').where('id', '=', row.id).executeTakeFirst()
      if (numDeletedRows === 0n) return
      await audit(tx, row, 'CLUSTER_DELETED', left === null ? {} : whatStays(left))
      await forgetDrift(tx, row)
      // Those that were to go stayed known while this one was on its way out.
      if (left !== null) await wakeDatabaseAccess(parts, tx, row.group_id)
      await wakeFeeds(tx, parts)
    })
    return { do: 'settled' }
  }

  const audit = async (
    tx: Transaction<Tables>,
    row: ClusterRow,
    type: RecordedEventType,
    more: Readonly<Record<string, string>> = {},
  ): Promise<void> => {
    const group = await tx.selectFrom('group').select('org_id').where('id', '=', row.group_id).executeTakeFirst()
    if (group === undefined) return
    await recordEvent(tx, parts, {
      type,
      orgId: group.org_id,
      groupId: row.group_id,
      actor: null,
      sourceAddress: null,
      target: { clusterId: row.id, clusterName: row.name, ...more },
    })
  }

  return {
    kind: 'cluster',
    turn,
    ids: async () => (await store.read.selectFrom('cluster').select('id').execute()).map(({ id }) => id),
  }
}

/** For the event: whom the owner of the deployment has to remove, and who is otherwise than they were. */
const whatStays = ({ ours, reason, theirs }: Left): Readonly<Record<string, string>> => ({
  ...(ours.users.length > 0 && { usersLeft: ours.users.join(', ') }),
  ...(ours.roles.length > 0 && { rolesLeft: ours.roles.join(', ') }),
  ...(reason !== null && { leftBecause: reason }),
  ...(theirs.users.length > 0 && { usersChanged: theirs.users.join(', ') }),
  ...(theirs.roles.length > 0 && { rolesChanged: theirs.roles.join(', ') }),
})

const isSharded = (row: ClusterRow): boolean => row.cluster_type !== 'REPLICASET'

/** A state that is to be shown for a while holds back what would end it (fidelity/). */
const heldStep = (step: Step, row: ClusterRow, now: number): Step => {
  const ends = step.do === 'remove' || (step.do === 'record' && step.change.state !== row.state)
  const afterMs = ends ? heldMs(row.settles_at, now) : 0
  return afterMs > 0 ? { do: 'wait', afterMs } : step
}

const wantOf = (row: ClusterRow, members: readonly MemberRow[]): Want => ({
  deleteRequested: row.delete_requested,
  state: row.state === 'CREATING' || row.state === 'UPDATING' ? row.state : 'IDLE',
  engine: row.engine === 'sandbox' ? 'sandbox' : 'registered',
  paused: parseSpec(row.spec).paused,
  places: memberPlaces(parseSpec(row.spec)),
  members: members.map(shownMember),
  setName: row.set_name,
  version: row.mongodb_version,
  error: row.error_message,
  hiddenUnknown: row.hidden_unknown,
})

/**
 * What this process knows of the engine; null when it must be asked. While a wish is under way it is asked for that very
 * wish: what was last made here may have been changed since by another control plane.
 */
const current = (row: ClusterRow, made: Made | undefined): Made | null =>
  made === undefined || (row.state !== 'IDLE' && made.revision !== row.revision) ? null : made

/** What is told when a cluster is IDLE again, by the state that it leaves. */
const eventOf = (left: string): RecordedEventType =>
  left === 'CREATING' ? 'CLUSTER_READY' : 'CLUSTER_UPDATE_COMPLETED'
