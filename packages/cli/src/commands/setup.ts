// `postern setup`: a cluster and a way in, with one command: cluster, database user, endpoint service, an endpoint of the
// local cloud, and the connection string that goes through it.

import type { Leaf } from '../core/command.ts'
import { output, projectId } from '../core/global-flags.ts'
import { at, textAt } from '../print/json.ts'
import type { Template } from '../print/template.ts'
import { openShell, wantsShell } from './setup/mongosh.ts'
import { settingFlags, settingsOf } from './setup/settings.ts'
import { setUp } from './setup/steps.ts'
import { timeout, timeoutOf } from './watch-flags.ts'

export const setup: Leaf = {
  word: 'setup',
  short: 'Create a cluster, a database user and a private endpoint on this machine, and print how to connect.',
  long: [
    'It waits until the connection string works. Without a terminal --force says that the defaults will do.',
    'The password is the first line of standard input; where there is none, one is made up and printed.',
  ].join('\n'),
  role: 'Project Owner',
  flags: [
    ...settingFlags,
    { name: 'force', kind: 'switch', usage: 'Asks nothing and takes defaults.' },
    {
      name: 'connectWith',
      kind: 'text',
      default: 'skip',
      usage: 'What to connect with in the end: mongosh or skip.',
      completes: ['mongosh', 'skip'],
    },
    { name: 'skipMongosh', kind: 'switch', usage: 'The same as --connectWith skip.' },
    timeout,
    projectId,
    output,
  ],
  examples: [
    ['With defaults:', 'setup --force'],
    [
      'In a region of Azure, for a user of a given name:',
      'setup --provider AZURE --region westeurope --username shop --force',
    ],
  ],
  async run(context) {
    timeoutOf(context)
    const shell = wantsShell(context)
    const settings = await settingsOf(context)
    if (settings === undefined) return 0
    const made = await setUp(context, settings)
    await context.print(made, summary)
    return shell ? openShell(context, made) : 0
  },
}

const lines = [
  ['Cluster', 'clusterName'],
  ['Provider', 'provider'],
  ['Region', 'region'],
  ['Endpoint service', 'endpointServiceId'],
  ['Private endpoint', 'endpointId'],
  ['Database user', 'username'],
  ['Password', 'password'],
  ['Connection string', 'connectionString'],
  ['Load balanced', 'loadBalancedConnectionString'],
] as const

const summary: Template = {
  plain: (made) =>
    lines
      .filter(([, field]) => at(made, field) !== undefined)
      .map(([title, field]) => `${title.padEnd(19)}${textAt(made, field)}\n`)
      .join(''),
}
