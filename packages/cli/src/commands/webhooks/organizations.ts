// `webhooks organizations …`.

import type { Context } from '../../core/context.ts'
import { orgId } from '../../core/global-flags.ts'
import { type Webhooks, webhookCommands } from './webhook-commands.ts'

const where = async (context: Context) => ({ orgId: await context.orgId() })
const at = async (context: Context, webhookId: string) => ({ ...(await where(context)), webhookId })

const webhooks: Webhooks = {
  commandLine: 'webhooks organizations',
  whose: 'your organization',
  owner: 'Organization Owner',
  place: orgId,
  list: async (context, query) =>
    (await (await context.client()).call('listOrgWebhooks', { params: await where(context), query })).body,
  get: async (context, id) =>
    (await (await context.client()).call('getOrgWebhook', { params: await at(context, id) })).body,
  create: async (context, body) =>
    (await (await context.client()).call('createOrgWebhook', { params: await where(context), body })).body,
  update: async (context, id, body) =>
    (await (await context.client()).call('updateOrgWebhook', { params: await at(context, id), body })).body,
  delete: async (context, id) => (await context.client()).call('deleteOrgWebhook', { params: await at(context, id) }),
  test: async (context, id) =>
    (await (await context.client()).call('testOrgWebhook', { params: await at(context, id) })).body,
  deliveries: async (context, id, query) =>
    (await (await context.client()).call('listOrgWebhookDeliveries', { params: await at(context, id), query })).body,
}

export const organizationWebhookCommands = webhookCommands(webhooks)
