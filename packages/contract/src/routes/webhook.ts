// Operations on webhooks of a group and of an organization: of our own, since Atlas's integrations speak of alerts. Part
// of the one table in ../routes.ts. Who sees a webhook sees its URL, which may hold a secret of the receiver's: owners only.

import type { Route } from './route.ts'

const ofGroup = '/api/postern/v1/groups/{groupId}/webhooks'
const ofOrg = '/api/postern/v1/orgs/{orgId}/webhooks'
const groupOwner = { kind: 'group', roles: ['GROUP_OWNER'] } as const
const orgOwner = { kind: 'org', roles: ['ORG_OWNER'] } as const

export const webhookRoutes = {
  listGroupWebhooks: { method: 'GET', path: ofGroup, versions: [], status: 200, access: groupOwner, paged: true },
  createGroupWebhook: { method: 'POST', path: ofGroup, versions: [], status: 201, access: groupOwner },
  getGroupWebhook: { method: 'GET', path: `${ofGroup}/{webhookId}`, versions: [], status: 200, access: groupOwner },
  updateGroupWebhook: {
    method: 'PATCH',
    path: `${ofGroup}/{webhookId}`,
    versions: [],
    status: 200,
    access: groupOwner,
  },
  deleteGroupWebhook: {
    method: 'DELETE',
    path: `${ofGroup}/{webhookId}`,
    versions: [],
    status: 204,
    access: groupOwner,
  },
  testGroupWebhook: {
    method: 'POST',
    path: `${ofGroup}/{webhookId}:test`,
    versions: [],
    status: 202,
    access: groupOwner,
  },
  listGroupWebhookDeliveries: {
    method: 'GET',
    path: `${ofGroup}/{webhookId}/deliveries`,
    versions: [],
    status: 200,
    access: groupOwner,
    paged: true,
  },
  listOrgWebhooks: { method: 'GET', path: ofOrg, versions: [], status: 200, access: orgOwner, paged: true },
  createOrgWebhook: { method: 'POST', path: ofOrg, versions: [], status: 201, access: orgOwner },
  getOrgWebhook: { method: 'GET', path: `${ofOrg}/{webhookId}`, versions: [], status: 200, access: orgOwner },
  updateOrgWebhook: { method: 'PATCH', path: `${ofOrg}/{webhookId}`, versions: [], status: 200, access: orgOwner },
  deleteOrgWebhook: { method: 'DELETE', path: `${ofOrg}/{webhookId}`, versions: [], status: 204, access: orgOwner },
  testOrgWebhook: { method: 'POST', path: `${ofOrg}/{webhookId}:test`, versions: [], status: 202, access: orgOwner },
  listOrgWebhookDeliveries: {
    method: 'GET',
    path: `${ofOrg}/{webhookId}/deliveries`,
    versions: [],
    status: 200,
    access: orgOwner,
    paged: true,
  },
} as const satisfies Record<string, Route>
