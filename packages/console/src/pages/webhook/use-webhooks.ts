// The webhooks of the place, and what can be done to them, by the operations of a project or of an organization.

import { useQuery } from '@tanstack/react-query'
import { call } from '../../api/operation.ts'
import { type AccessPlace, paramsOf } from '../access-manager/access-place.ts'
import type { Delivery, Webhook, WebhookBody } from './webhook.ts'

/** While a delivery is on its way no event tells of its end. */
const watchMs = 1_000
const query = { itemsPerPage: 500 } as const

export const useWebhooks = (place: AccessPlace, maySee: boolean) => {
  const { kind, id } = place
  return useQuery({
    queryKey: ['webhooks', { params: paramsOf(place) }],
    enabled: maySee,
    queryFn: async (): Promise<readonly Webhook[]> =>
      (kind === 'group'
        ? await call('listGroupWebhooks', { params: { groupId: id }, query })
        : await call('listOrgWebhooks', { params: { orgId: id }, query })
      ).results,
  })
}

/** The latest ones first. */
export const useDeliveries = (place: AccessPlace, webhookId: string, itemsPerPage: number) => {
  const { kind, id } = place
  return useQuery({
    queryKey: ['webhook-deliveries', { params: paramsOf(place) }, webhookId, itemsPerPage],
    queryFn: async (): Promise<readonly Delivery[]> =>
      (kind === 'group'
        ? await call('listGroupWebhookDeliveries', { params: { groupId: id, webhookId }, query: { itemsPerPage } })
        : await call('listOrgWebhookDeliveries', { params: { orgId: id, webhookId }, query: { itemsPerPage } })
      ).results,
    refetchInterval: ({ state: { data } }) => (data?.some(({ state }) => state === 'PENDING') ? watchMs : false),
  })
}

export const webhookOperations = {
  group: {
    list: 'listGroupWebhooks',
    create: 'createGroupWebhook',
    change: 'updateGroupWebhook',
    remove: 'deleteGroupWebhook',
    test: 'testGroupWebhook',
    deliveries: 'listGroupWebhookDeliveries',
  },
  org: {
    list: 'listOrgWebhooks',
    create: 'createOrgWebhook',
    change: 'updateOrgWebhook',
    remove: 'deleteOrgWebhook',
    test: 'testOrgWebhook',
    deliveries: 'listOrgWebhookDeliveries',
  },
} as const

/** With the secret, which is told this once. */
export const createWebhook = ({ kind, id }: AccessPlace, body: WebhookBody) =>
  kind === 'group'
    ? call('createGroupWebhook', { params: { groupId: id }, body })
    : call('createOrgWebhook', { params: { orgId: id }, body })

export const changeWebhook = ({ kind, id }: AccessPlace, webhookId: string, body: WebhookBody) =>
  kind === 'group'
    ? call('updateGroupWebhook', { params: { groupId: id, webhookId }, body })
    : call('updateOrgWebhook', { params: { orgId: id, webhookId }, body })

export const removeWebhook = ({ kind, id }: AccessPlace, webhookId: string): Promise<unknown> =>
  kind === 'group'
    ? call('deleteGroupWebhook', { params: { groupId: id, webhookId } })
    : call('deleteOrgWebhook', { params: { orgId: id, webhookId } })

export const testWebhook = ({ kind, id }: AccessPlace, webhookId: string) =>
  kind === 'group'
    ? call('testGroupWebhook', { params: { groupId: id, webhookId } })
    : call('testOrgWebhook', { params: { orgId: id, webhookId } })
