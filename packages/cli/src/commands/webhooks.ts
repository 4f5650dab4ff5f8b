// `postern webhooks …`: where the events of a project or of an organization are sent.

import { aliasesOf } from '../core/aliases.ts'
import type { Command } from '../core/command.ts'

export const webhooks: readonly Command[] = [
  {
    word: 'projects',
    aliases: aliasesOf('projects'),
    short: 'Manage the webhooks of a project.',
    load: async () => (await import('./webhooks/projects.ts')).projectWebhookCommands,
  },
  {
    word: 'organizations',
    aliases: aliasesOf('organizations', 'orgs', 'org'),
    short: 'Manage the webhooks of an organization.',
    load: async () => (await import('./webhooks/organizations.ts')).organizationWebhookCommands,
  },
]
