// Webhooks of a group and of an organization: the same in both places, which is the one difference, as data. Changes of
// webhooks are told as Atlas tells those of integrations, and name the receiver's origin alone: its path may be a secret.

import { AtlasError } from '@postern/contract/errors'
import { isRecordedEventType, type RecordedEventType } from '@postern/contract/event'
import type { BodyOf } from '@postern/contract/schemas/operations'
import type { Kysely, Transaction } from 'kysely'
import type { Call, Handlers } from '../../http/handler.ts'
import { pageOf, rowsOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'
import { recordEvent } from '../event/record.ts'
import { testType } from './message.ts'
import { dropPending, post } from './outbox.ts'
import { newSecret } from './sign.ts'
import { targetProblem } from './target.ts'
import { deliveryView, type WebhookRow, webhookView } from './view.ts'

type Operation =
  | `list${'Group' | 'Org'}Webhooks`
  | `${'create' | 'get' | 'update' | 'delete' | 'test'}${'Group' | 'Org'}Webhook`
  | `list${'Group' | 'Org'}WebhookDeliveries`

type Asked = Call<Operation>
type Wish = BodyOf<'createGroupWebhook'>

/** Each is one more read for every event of its place. */
const perPlace = 20

export const webhookHandlers = (parts: Parts): Handlers<Operation> => {
  const { store, clock, ids, seal } = parts

  const list = async (call: Pick<Asked, 'params' | 'paging' | 'self' | 'link'>) => {
    const { limit, offset } = rowsOf(call)
    const here = webhooksAt(store.read, call.params)
    const rows = await here.selectAll().orderBy('created').orderBy('id').limit(limit).offset(offset).execute()
    return { body: pageOf(call, { results: rows.map(webhookView), total: await countOf(here) }) }
  }

  const create = async (call: Pick<Asked, 'params' | 'actor' | 'sourceAddress'> & { readonly body: Wish }) => {
    const { url, allowPlainHttp = false, description = '', enabled = true, eventTypes = [] } = call.body
    checkTarget(url, allowPlainHttp)
    checkTypes(eventTypes)
    const id = ids.objectId()
    const secret = newSecret(ids)
    const row = await store.transact(async (tx) => {
      if ((await countOf(webhooksAt(tx, call.params))) >= perPlace)
        throw new AtlasError('POSTERN_WEBHOOKS_LIMIT_EXCEEDED', { limit: perPlace })
      const { orgId, groupId } = await placeOf(tx, call.params)
      const made = {
        id,
        org_id: orgId,
        group_id: groupId,
        url,
        allow_plain_http: allowPlainHttp,
        description,
        event_types: JSON.stringify(eventTypes),
        secret: seal.close(id, secret),
        enabled,
        created: new Date(clock.now()),
      }
      // Told before it is there: a receiver's first message is what happens next.
      await tell(tx, call, { type: 'INTEGRATION_CONFIGURED', orgId, groupId, id, url })
      return tx.insertInto('webhook').values(made).returningAll().executeTakeFirstOrThrow()
    })
    return { body: { ...webhookView(row), secret } }
  }

  const update = async (
    call: Pick<Asked, 'params' | 'actor' | 'sourceAddress'> & { readonly body: BodyOf<'updateGroupWebhook'> },
  ) => {
    const { url, allowPlainHttp, description, enabled, eventTypes } = call.body
    checkTypes(eventTypes ?? [])
    const row = await store.transact(async (tx) => {
      const known = await find(tx, call.params)
      checkTarget(url ?? known.url, allowPlainHttp ?? known.allow_plain_http)
      const saved = await tx
        .updateTable('webhook')
        .set({
          url: url ?? known.url,
          allow_plain_http: allowPlainHttp ?? known.allow_plain_http,
          description: description ?? known.description,
          enabled: enabled ?? known.enabled,
          event_types: JSON.stringify(eventTypes ?? known.event_types),
          disabled_reason: enabled === undefined ? known.disabled_reason : null,
        })
        .where('id', '=', known.id)
        .returningAll()
        .executeTakeFirstOrThrow()
      if (!saved.enabled) await dropPending(tx, saved.id)
      await tell(tx, call, { type: 'INTEGRATION_CONFIGURED', orgId: saved.org_id, groupId: saved.group_id, ...saved })
      return saved
    })
    return { body: webhookView(row) }
  }

  const remove = async (call: Pick<Asked, 'params' | 'actor' | 'sourceAddress'>) => {
    await store.transact(async (tx) => {
      const known = await find(tx, call.params)
      await tx.deleteFrom('webhook').where('id', '=', known.id).execute()
      await tell(tx, call, { type: 'INTEGRATION_REMOVED', orgId: known.org_id, groupId: known.group_id, ...known })
    })
    return {}
  }

  const test = async ({ params }: Pick<Asked, 'params'>) => {
    const row = await store.transact(async (tx) => {
      const { id, enabled } = await find(tx, params)
      if (!enabled) throw new AtlasError('POSTERN_WEBHOOK_DISABLED', { webhookId: id })
      const posted = await post(tx, parts, { webhookId: id, eventId: null, type: testType })
      return tx.selectFrom('webhook_delivery').selectAll().where('id', '=', posted).executeTakeFirstOrThrow()
    })
    return { body: deliveryView(row) }
  }

  const deliveries = async (call: Pick<Asked, 'params' | 'paging' | 'self' | 'link'>) => {
    const { id } = await find(store.read, call.params)
    const { limit, offset } = rowsOf(call)
    const own = store.read.selectFrom('webhook_delivery').where('webhook_id', '=', id)
    const rows = await own
      .selectAll()
      .orderBy('created', 'desc')
      .orderBy('id', 'desc')
      .limit(limit)
      .offset(offset)
      .execute()
    const { total } = await own.select(({ fn }) => fn.countAll<string>().as('total')).executeTakeFirstOrThrow()
    return { body: pageOf(call, { results: rows.map(deliveryView), total: Number(total) }) }
  }

  const tell = (
    tx: Transaction<Tables>,
    { actor, sourceAddress }: Pick<Asked, 'actor' | 'sourceAddress'>,
    event: {
      readonly type: RecordedEventType
      readonly orgId: string
      readonly groupId: string | null
      readonly id: string
      readonly url: string
    },
  ): Promise<void> => {
    const { type, orgId, groupId, id, url } = event
    const target = { webhookId: id, origin: new URL(url).origin }
    return recordEvent(tx, parts, { type, orgId, groupId, actor, sourceAddress, target })
  }

  return {
    listGroupWebhooks: list,
    createGroupWebhook: create,
    getGroupWebhook: async ({ params }) => ({ body: webhookView(await find(store.read, params)) }),
    updateGroupWebhook: update,
    deleteGroupWebhook: remove,
    testGroupWebhook: test,
    listGroupWebhookDeliveries: deliveries,
    listOrgWebhooks: list,
    createOrgWebhook: create,
    getOrgWebhook: async ({ params }) => ({ body: webhookView(await find(store.read, params)) }),
    updateOrgWebhook: update,
    deleteOrgWebhook: remove,
    testOrgWebhook: test,
    listOrgWebhookDeliveries: deliveries,
  }
}

type Params = Asked['params']

/** Those of the group, or those of the organization itself. */
const webhooksAt = (db: Kysely<Tables>, { groupId, orgId = '' }: Params) => {
  const all = db.selectFrom('webhook')
  return groupId === undefined
    ? all.where('org_id', '=', orgId).where('group_id', 'is', null)
    : all.where('group_id', '=', groupId)
}

const countOf = async (here: ReturnType<typeof webhooksAt>): Promise<number> => {
  const { total } = await here.select(({ fn }) => fn.countAll<string>().as('total')).executeTakeFirstOrThrow()
  return Number(total)
}

const find = async (db: Kysely<Tables>, params: Params): Promise<WebhookRow> => {
  const { webhookId = '' } = params
  const row = await webhooksAt(db, params).selectAll().where('id', '=', webhookId).executeTakeFirst()
  if (row === undefined) throw new AtlasError('POSTERN_WEBHOOK_NOT_FOUND', { webhookId })
  return row
}

const placeOf = async (
  db: Kysely<Tables>,
  { groupId, orgId = '' }: Params,
): Promise<{ readonly orgId: string; readonly groupId: string | null }> => {
  if (groupId === undefined) return { orgId, groupId: null }
  const group = await db.selectFrom('group').select('org_id').where('id', '=', groupId).executeTakeFirst()
  if (!group) throw new AtlasError('GROUP_NOT_FOUND', { groupId })
  return { orgId: group.org_id, groupId }
}

/** Throws INVALID_ATTRIBUTE, naming the field. */
const checkTarget = (url: string, allowPlainHttp: boolean): void => {
  const description = targetProblem(url, allowPlainHttp)
  if (description !== null)
    throw new AtlasError('INVALID_ATTRIBUTE', { attribute: 'url' }, { fields: [{ field: 'url', description }] })
}

/** A type that is never recorded would be waited for in vain. */
const checkTypes = (eventTypes: readonly string[]): void => {
  const at = eventTypes.findIndex((type) => !isRecordedEventType(type))
  if (at < 0) return
  const field = `eventTypes[${at}]`
  const description = `no event of this server has the type ${eventTypes[at]}`
  throw new AtlasError('INVALID_ATTRIBUTE', { attribute: field }, { fields: [{ field, description }] })
}
