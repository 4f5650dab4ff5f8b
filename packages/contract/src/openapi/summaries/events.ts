// What happened, and who is told. See ../summaries.ts.

import type { Tag } from './tag.ts'

export const eventTags = {
  Events: {
    description: 'What was changed, by whom, from where.',
    operations: {
      listGroupEvents: 'List the events of a project, newest first',
      getGroupEvent: 'Describe an event of a project',
      listOrgEvents: 'List the events of an organization, newest first',
      getOrgEvent: 'Describe an event of an organization',
      searchGroupEvents: 'List the events of a project by cluster and by who acted, newest first',
      searchOrgEvents: 'List the events of an organization by cluster and by who acted, newest first',
      streamGroupEvents: 'Follow the events of a project as they happen',
      streamOrgEvents: 'Follow the events of an organization as they happen',
    },
  },
  Webhooks: {
    description:
      'Events sent by POST, signed by the Standard Webhooks specification: at least once, under one `webhook-id`, in no promised order.',
    operations: {
      listGroupWebhooks: 'List the webhooks of a project',
      createGroupWebhook: 'Create a webhook of a project; its secret is shown this once',
      getGroupWebhook: 'Describe a webhook of a project',
      updateGroupWebhook: 'Change, enable or disable a webhook of a project',
      deleteGroupWebhook: 'Delete a webhook of a project',
      testGroupWebhook: 'Send a test message to a webhook of a project',
      listGroupWebhookDeliveries: 'List the last deliveries of a webhook of a project',
      listOrgWebhooks: 'List the webhooks of an organization',
      createOrgWebhook: 'Create a webhook of an organization; its secret is shown this once',
      getOrgWebhook: 'Describe a webhook of an organization',
      updateOrgWebhook: 'Change, enable or disable a webhook of an organization',
      deleteOrgWebhook: 'Delete a webhook of an organization',
      testOrgWebhook: 'Send a test message to a webhook of an organization',
      listOrgWebhookDeliveries: 'List the last deliveries of a webhook of an organization',
    },
  },
} as const satisfies Readonly<Record<string, Tag>>
