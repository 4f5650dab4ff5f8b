// The client commands' nouns, in the order of the root's help. Each loads when it is entered.

import { applyCommands } from './apply/commands.ts'
import { aliasesOf } from './core/aliases.ts'
import type { Command } from './core/command.ts'
import { output, projectId } from './core/global-flags.ts'

export const clientCommands: readonly Command[] = [
  {
    word: 'setup',
    short: 'Create a cluster, a database user and a private endpoint on this machine, and print how to connect.',
    leaf: async () => (await import('./commands/setup.ts')).setup,
  },
  {
    word: 'privateEndpoints',
    aliases: aliasesOf('privateEndpoints'),
    short: 'Manage private endpoints: endpoint services and the interface endpoints attached to them.',
    load: async () => (await import('./commands/private-endpoints.ts')).privateEndpoints,
  },
  {
    word: 'local',
    short: "Manage the consumer's side of private endpoints on this machine.",
    load: async () => (await import('./commands/local.ts')).local,
  },
  {
    word: 'clusters',
    aliases: aliasesOf('clusters'),
    short: 'Manage clusters and show their connection strings.',
    load: async () => (await import('./commands/clusters.ts')).clusters,
  },
  {
    word: 'connections',
    short: 'List and end live connections through private endpoints.',
    load: async () => (await import('./commands/connections.ts')).connections,
  },
  {
    word: 'edges',
    short: 'Manage gateways and other edges: let them in, list them, revoke them.',
    load: async () => (await import('./commands/edges.ts')).edges,
  },
  {
    word: 'deployments',
    aliases: aliasesOf('deployments'),
    short: 'Take in MongoDB deployments of your own.',
    load: async () => (await import('./commands/deployments.ts')).deployments,
  },
  {
    word: 'dbusers',
    aliases: aliasesOf('dbusers', ...aliasesOf('databaseUsers'), 'databaseUsers'),
    short: 'Manage database users.',
    load: async () => (await import('./commands/database-users.ts')).databaseUsers,
  },
  {
    word: 'customDbRoles',
    aliases: aliasesOf('customDbRoles', 'customDBRoles'),
    short: 'Manage custom database roles.',
    load: async () => (await import('./commands/custom-db-roles.ts')).customDbRoles,
  },
  {
    word: 'accessLists',
    aliases: aliasesOf('accessLists', 'whitelists', ...aliasesOf('whitelists')),
    short: 'Manage from which addresses the clusters of a project may be reached.',
    load: async () => (await import('./commands/access-lists.ts')).accessLists,
  },
  {
    word: 'projects',
    aliases: aliasesOf('projects'),
    short: 'Manage projects.',
    load: async () => (await import('./commands/projects.ts')).projects,
  },
  {
    word: 'organizations',
    aliases: aliasesOf('organizations', 'orgs', 'org'),
    short: 'Manage organizations.',
    load: async () => (await import('./commands/organizations.ts')).organizations,
  },
  {
    word: 'teams',
    aliases: aliasesOf('teams'),
    short: 'Manage the teams of an organization.',
    load: async () => (await import('./commands/teams.ts')).teams,
  },
  {
    word: 'customDns',
    aliases: aliasesOf('customDns'),
    short: 'Manage the DNS configuration of clusters on AWS.',
    load: async () => (await import('./commands/custom-dns.ts')).customDns,
  },
  {
    word: 'doctor',
    short: 'Say why something cannot be reached: of the installation, a cluster, an endpoint or a connection string.',
    long:
      'Without an argument it checks the installation, or the connection string in POSTERN_URI. With - the string is read\n' +
      'from standard input, or asked for. The first cause is named first; what only follows from it is not named.\n' +
      'Exit code: 0 nothing failed, 1 something did, 2 a check that matters could not be made.',
    role: 'Project Read Only',
    args: [
      {
        name: 'subject',
        usage: 'Name of a cluster, id of an endpoint service or an endpoint, a connection string, or -.',
        optional: true,
      },
    ],
    flags: [{ name: 'all', kind: 'switch', usage: 'Shows every check, not only what was found.' }, projectId, output],
    examples: [
      ['Check the installation:', 'doctor'],
      ['Check one cluster and every road to it:', 'doctor Cluster0'],
      ['Check the connection string of an application, from where it runs:', 'doctor - < uri.txt'],
    ],
    run: async (context) => (await import('./doctor/doctor.ts')).doctor(context),
  },
  ...applyCommands,
  {
    word: 'events',
    aliases: aliasesOf('events'),
    short: 'Show the audit events of a project or of an organization.',
    load: async () => (await import('./commands/events.ts')).events,
  },
  {
    word: 'webhooks',
    aliases: aliasesOf('webhooks'),
    short: 'Manage where the events of a project or of an organization are sent.',
    load: async () => (await import('./commands/webhooks.ts')).webhooks,
  },
  {
    word: 'auth',
    short: 'Log in with API keys or a service account, log out, say who you are.',
    load: async () => (await import('./commands/auth.ts')).auth,
  },
  {
    word: 'console',
    short: 'Print a link that opens the console and logs in at once.',
    leaf: async () => (await import('./commands/console.ts')).consoleLink,
  },
  {
    word: 'api',
    short: 'Call any operation of the API.',
    load: async () => (await import('./commands/api.ts')).api,
  },
  {
    word: 'testing',
    short: 'Drive a server that was started for tests: faults, time that passes at once, reset to the seed.',
    load: async () => (await import('./commands/testing.ts')).testing,
  },
  {
    word: 'env',
    short: 'Print what points an official client at your server.',
    load: async () => (await import('./commands/env.ts')).env,
  },
  {
    word: 'completion',
    short: 'Print a script that completes commands and flags in your shell.',
    load: async () => (await import('./commands/completion.ts')).completion,
  },
  {
    word: 'config',
    short: 'Manage the profiles of your configuration file.',
    load: async () => (await import('./commands/config.ts')).config,
  },
]
