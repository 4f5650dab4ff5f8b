// `postern clusters …`.

import { aliasesOf } from '../core/aliases.ts'
import type { Command } from '../core/command.ts'
import { force, output, pages, projectId } from '../core/global-flags.ts'
import { column, row, rows } from '../print/template.ts'
import {
  clusterName,
  deleteAnyCluster,
  getAnyCluster,
  namedCluster,
  untilGone,
  untilIdle,
} from './clusters/any-cluster.ts'
import { clusterChanges } from './clusters/changes.ts'
import { createCluster } from './clusters/create.ts'
import { leftThere } from './clusters/left-there.ts'
import { pageQuery } from './pages.ts'
import { timeout, timeoutOf, watch } from './watch-flags.ts'

const columns = [
  column('ID', 'id'),
  column('NAME', 'name'),
  column('MDB VER', 'mongoDBVersion'),
  column('STATE', 'stateName'),
] as const

export const clusters: readonly Command[] = [
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all clusters of your project.',
    role: 'Project Read Only',
    flags: [
      { name: 'tier', kind: 'text', usage: 'FLEX for Flex clusters, which the list does not show otherwise.' },
      ...pages,
      projectId,
      output,
    ],
    examples: [['List them as JSON:', 'clusters list --output json']],
    async run(context) {
      const client = await context.client()
      const request = { params: { groupId: await context.groupId() }, query: pageQuery(context) }
      const { body } =
        context.optional('tier')?.toUpperCase() === 'FLEX'
          ? await client.call('listGroupFlexClusters', request)
          : await client.call('listGroupClusters', request)
      await context.print(body, rows(...columns))
    },
  },
  {
    word: 'describe',
    aliases: ['get'],
    short: 'Return one cluster of your project.',
    role: 'Project Read Only',
    args: [clusterName],
    flags: [projectId, output],
    examples: [['Show one as JSON:', 'clusters describe Cluster0 --output json']],
    async run(context) {
      await context.print(await getAnyCluster(await context.client(), await namedCluster(context)), row(...columns))
    },
  },
  createCluster,
  ...clusterChanges,
  {
    word: 'delete',
    aliases: ['rm'],
    short: 'Remove one cluster from your project.',
    long: 'The command asks before it deletes, unless --force is given.',
    role: 'Project Owner',
    args: [clusterName],
    flags: [watch, timeout, force, projectId],
    examples: [['Remove one without a question:', 'clusters delete Cluster0 --force']],
    async run(context) {
      timeoutOf(context)
      const params = await namedCluster(context)
      const question = [
        'This operation deletes the cluster and all of its data. It cannot be undone.',
        `Are you sure you want to terminate ${params.clusterName}?`,
      ].join('\n')
      if (!(await context.confirmed(question, 'Cluster not deleted'))) return
      await deleteAnyCluster(await context.client(), params)
      if (!context.isOn('watch')) {
        context.say(`Deleting cluster '${params.clusterName}'`)
        return
      }
      await untilGone(context, params)
      context.say('Cluster deleted')
      for (const line of await leftThere(await context.client(), params)) context.say(line)
    },
  },
  {
    word: 'watch',
    short: 'Wait until one cluster is available.',
    role: 'Project Read Only',
    args: [clusterName],
    flags: [timeout, projectId],
    examples: [['Wait for one:', 'clusters watch Cluster0']],
    async run(context) {
      await untilIdle(context, await namedCluster(context))
      context.say('\nCluster available.')
    },
  },
  {
    word: 'availableRegions',
    aliases: aliasesOf('availableRegions'),
    short: 'Show where a new cluster can stand.',
    load: async () => (await import('./clusters/available-regions.ts')).availableRegionCommands,
  },
  {
    word: 'connectionStrings',
    aliases: aliasesOf('connectionStrings', 'cs'),
    short: 'Show the connection strings of a cluster.',
    load: async () => (await import('./clusters/connection-strings.ts')).connectionStringCommands,
  },
  {
    word: 'standardListener',
    aliases: aliasesOf('standardListener'),
    short: 'Manage the way into a cluster through the gateways for addresses of the IP access list.',
    load: async () => (await import('./clusters/standard-listener.ts')).standardListenerCommands,
  },
]
