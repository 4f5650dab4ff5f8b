// `webhooks projects …`.

import type { Context } from '../../core/context.ts'
import { projectId } from '../../core/global-flags.ts'
import { type Webhooks, webhookCommands } from './webhook-commands.ts'

const where = async (context: Context) => ({ groupId: await context.groupId() })
const at = async (context: Context, webhookId: string) => ({ ...(await where(context)), webhookId })

const webhooks: Webhooks = {
  commandLine: 'webhooks projects',
  whose: 'your project',
  owner: 'Project Owner',
  place: projectId,
  list: async (context, query) =>
    (await (await context.client()).call('listGroupWebhooks', { params: await where(context), query })).body,
  get: async (context, id) =>
    (await (await context.client()).call('getGroupWebhook', { params: await at(context, id) })).body,
  create: async (context, body) =>
    (await (await context.client()).call('createGroupWebhook', { params: await where(context), body })).body,
  update: async (context, id, body) =>
    (await (await context.client()).call('updateGroupWebhook', { params: await at(context, id), body })).body,
  delete: async (context, id) => (await context.client()).call('deleteGroupWebhook', { params: await at(context, id) }),
  test: async (context, id) =>
    (await (await context.client()).call('testGroupWebhook', { params: await at(context, id) })).body,
  deliveries: async (context, id, query) =>
    (await (await context.client()).call('listGroupWebhookDeliveries', { params: await at(context, id), query })).body,
}

export const projectWebhookCommands = webhookCommands(webhooks)
