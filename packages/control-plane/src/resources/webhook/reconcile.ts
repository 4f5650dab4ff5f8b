// The turns of a webhook: send what is due, write down what came of it, say when to come again. A turn that dies between
// the two sends again: at least once, under the same id, in no promised order. Network first, the transaction after it.

import type { Selectable, Transaction } from 'kysely'
import { sql } from 'kysely'
import type { Parts } from '../../parts.ts'
import type { Outcome, Reconciler } from '../../reconcile/turns.ts'
import type { Tables } from '../../store/tables.ts'
import { recordEvent } from '../event/record.ts'
import { judgeAttempt, type Verdict } from './judge.ts'
import { messageOf } from './message.ts'
import { dropPending } from './outbox.ts'
import type { Send } from './send.ts'
import { signedHeaders } from './sign.ts'

type Webhook = Selectable<Tables['webhook']>
type Delivery = Selectable<Tables['webhook_delivery']>

interface Attempted {
  readonly delivery: Delivery
  readonly status: number | null
  readonly verdict: Verdict
}

/** How many are under way at once for one webhook. */
const atOnce = 8
/** Finished deliveries that are kept to be looked at. */
const kept = 500

export const webhookReconciler = (
  parts: Parts,
  { send, random }: { readonly send: Send; readonly random: () => number },
): Reconciler => {
  const { store, clock, seal, log } = parts

  const turn = async (id: string): Promise<Outcome> => {
    const webhook = await store.read.selectFrom('webhook').selectAll().where('id', '=', id).executeTakeFirst()
    if (webhook === undefined || !webhook.enabled) return { do: 'settled' }
    const due = await pending(id)
      .selectAll()
      .where('next_attempt', '<=', new Date(clock.now()))
      .orderBy('next_attempt')
      .limit(atOnce)
      .execute()
    if (due.length === 0) return rest(id)
    const secret = seal.open(id, webhook.secret)
    const attempted = await Promise.all(due.map((delivery) => attempt(webhook, delivery, secret)))
    await store.transact((tx) => writeDown(tx, webhook, attempted))
    return { do: 'again', afterMs: 0 }
  }

  const pending = (id: string) =>
    store.read.selectFrom('webhook_delivery').where('webhook_id', '=', id).where('state', '=', 'PENDING')

  /** Nothing is due: old deliveries go, and the next one is waited for. */
  const rest = async (id: string): Promise<Outcome> => {
    await store.transact((tx) =>
      tx
        .deleteFrom('webhook_delivery')
        .where('webhook_id', '=', id)
        .where('state', '<>', 'PENDING')
        .where('id', 'in', (of) =>
          of
            .selectFrom('webhook_delivery')
            .select('id')
            .where('webhook_id', '=', id)
            .orderBy('created', 'desc')
            .orderBy('id', 'desc')
            .offset(kept),
        )
        .execute(),
    )
    const { next } = await pending(id)
      .select(({ fn }) => fn.min('next_attempt').as('next'))
      .executeTakeFirstOrThrow()
    return next === null ? { do: 'settled' } : { do: 'again', afterMs: Math.max(0, next.getTime() - clock.now()) }
  }

  const attempt = async (webhook: Webhook, delivery: Delivery, secret: string): Promise<Attempted> => {
    const event =
      delivery.event_id === null
        ? undefined
        : await store.read.selectFrom('event').selectAll().where('id', '=', delivery.event_id).executeTakeFirst()
    const body = messageOf(webhook, delivery, event ?? null)
    const signed = signedHeaders(secret, { id: delivery.id, timestamp: clock.now(), body })
    const headers = { 'content-type': 'application/json', 'user-agent': 'postern-webhooks', ...signed }
    const answer = await send({ url: webhook.url, headers, body })
    return {
      delivery,
      status: answer.kind === 'answered' ? answer.status : null,
      verdict: judgeAttempt(delivery.attempts + 1, answer, random),
    }
  }

  const writeDown = async (
    tx: Transaction<Tables>,
    webhook: Webhook,
    attempted: readonly Attempted[],
  ): Promise<void> => {
    const now = clock.now()
    for (const { delivery, status, verdict } of attempted)
      await tx
        .updateTable('webhook_delivery')
        .set({
          state: verdict.do === 'deliver' ? 'DELIVERED' : verdict.do === 'retry' ? 'PENDING' : 'FAILED',
          attempts: delivery.attempts + 1,
          status_code: status,
          error: verdict.do === 'deliver' ? null : verdict.error,
          next_attempt: verdict.do === 'retry' ? new Date(now + verdict.afterMs) : null,
          last_attempt: new Date(now),
        })
        .where('id', '=', delivery.id)
        // Written down already by another turn, or dropped with the webhook meanwhile.
        .where('attempts', '=', delivery.attempts)
        .where('state', '=', 'PENDING')
        .execute()
    for (const { delivery, verdict } of attempted) {
      if (verdict.do !== 'give up') continue
      if (verdict.gone) return disable(tx, webhook, 'the receiver answered 410 Gone')
      if (await nothingSince(tx, delivery))
        return disable(tx, webhook, `nothing was delivered for more than a day; last: ${verdict.error}`)
    }
  }

  const nothingSince = async (tx: Transaction<Tables>, { webhook_id, created }: Delivery): Promise<boolean> => {
    const delivered = await tx
      .selectFrom('webhook_delivery')
      .select('id')
      .where('webhook_id', '=', webhook_id)
      .where('state', '=', 'DELIVERED')
      .where('last_attempt', '>=', created)
      .limit(1)
      .executeTakeFirst()
    return delivered === undefined
  }

  const disable = async (tx: Transaction<Tables>, webhook: Webhook, reason: string): Promise<void> => {
    const { numUpdatedRows } = await tx
      .updateTable('webhook')
      .set({ enabled: false, disabled_reason: reason })
      .where('id', '=', webhook.id)
      .where('enabled', '=', true)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return
    await dropPending(tx, webhook.id)
    log.warn({ webhookId: webhook.id }, `webhook disabled: ${reason}`)
    await recordEvent(tx, parts, {
      type: 'WEBHOOK_DISABLED',
      orgId: webhook.org_id,
      groupId: webhook.group_id,
      actor: null,
      sourceAddress: null,
      target: { webhookId: webhook.id, origin: new URL(webhook.url).origin, reason },
    })
  }

  return {
    kind: 'webhook',
    turn,
    ids: async () => {
      const { rows } = await sql<{ id: string }>`
        select distinct webhook_id as id from webhook_delivery where state = 'PENDING'
      `.execute(store.read)
      return rows.map(({ id }) => id)
    },
  }
}
