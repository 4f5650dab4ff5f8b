// `postern clusters …`: list, describe, create, delete, watch and the connection strings.

import { ApiError } from '@postern/contract/client'
import { aliasesOf } from '../core/aliases.ts'
import type { Argument, Command, Flag } from '../core/command.ts'
import type { Context } from '../core/context.ts'
import { force, output, pages, projectId } from '../core/global-flags.ts'
import { textAt } from '../print/json.ts'
import { column, row, rows, sentence } from '../print/template.ts'
import { newCluster, newClusterFlags } from './clusters/new-cluster.ts'
import { pageQuery } from './pages.ts'
import { watchUntil } from './watch-until.ts'

const clusterName: Argument = { name: 'clusterName', usage: 'Name of the cluster.' }
const columns = [
  column('ID', 'id'),
  column('NAME', 'name'),
  column('MDB VER', 'mongoDBVersion'),
  column('STATE', 'stateName'),
] as const
const watch: Flag = { name: 'watch', short: 'w', kind: 'switch', usage: 'Waits until it is done.' }

export const clusters: readonly Command[] = [
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all clusters of your project.',
    role: 'Project Read Only',
    flags: [...pages, projectId, output],
    examples: [['List them as JSON:', 'clusters list --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('listGroupClusters', {
        params: { groupId: await context.groupId() },
        query: pageQuery(context),
      })
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
      await context.print((await getCluster(context)).body, row(...columns))
    },
  },
  {
    word: 'create',
    short: 'Create a cluster in your project.',
    long: 'It is made of the sandbox that Postern brings along; `deployments register` takes in one of your own.',
    role: 'Project Owner',
    args: [{ name: 'name', usage: 'Name of the cluster; it cannot be changed.' }],
    flags: [...newClusterFlags, watch, projectId, output],
    examples: [
      [
        'Create a three-member replica set and wait for it:',
        'clusters create Shop --provider AWS --region US_EAST_1 -w',
      ],
    ],
    async run(context) {
      const { body } = await (await context.client()).call('createGroupCluster', {
        params: { groupId: await context.groupId() },
        body: newCluster(context),
      })
      if (!context.isOn('watch')) {
        await context.print(
          body,
          sentence((cluster) => `Cluster '${textAt(cluster, 'name')}' is being created.`),
        )
        return
      }
      const ready = await untilIdle(context, context.arg('name'))
      await context.print(
        ready,
        sentence((cluster) => `Cluster '${textAt(cluster, 'name')}' created successfully.`),
      )
    },
  },
  {
    word: 'delete',
    aliases: ['rm'],
    short: 'Remove one cluster from your project.',
    long: 'The command asks before it deletes, unless --force is given.',
    role: 'Project Owner',
    args: [clusterName],
    flags: [watch, force, projectId],
    examples: [['Remove one without a question:', 'clusters delete Cluster0 --force']],
    async run(context) {
      const params = { groupId: await context.groupId(), clusterName: context.arg('clusterName') }
      const question = [
        'This operation deletes the cluster and all of its data. It cannot be undone.',
        `Are you sure you want to terminate ${params.clusterName}?`,
      ].join('\n')
      if (!(await context.confirmed(question, 'Cluster not deleted'))) return
      await (await context.client()).call('deleteGroupCluster', { params })
      if (!context.isOn('watch')) {
        context.say(`Deleting cluster '${params.clusterName}'`)
        return
      }
      await untilGone(context)
      context.say('Cluster deleted')
    },
  },
  {
    word: 'watch',
    short: 'Wait until one cluster is available.',
    role: 'Project Read Only',
    args: [clusterName],
    flags: [projectId],
    examples: [['Wait for one:', 'clusters watch Cluster0']],
    async run(context) {
      await untilIdle(context, context.arg('clusterName'))
      context.say('\nCluster available.')
    },
  },
  {
    word: 'connectionStrings',
    aliases: aliasesOf('connectionStrings', 'cs'),
    short: 'Show the connection strings of a cluster.',
    load: async () => (await import('./clusters/connection-strings.ts')).connectionStringCommands,
  },
]

async function getCluster(context: Context, name = context.arg('clusterName')) {
  const params = { groupId: await context.groupId(), clusterName: name }
  return (await context.client()).call('getGroupCluster', { params })
}

const untilIdle = (context: Context, name: string) =>
  watchUntil(context.io, {
    what: `cluster ${name}`,
    look: async () => (await getCluster(context, name)).body,
    statusOf: (cluster) => cluster.stateName,
    done: ['IDLE'],
    failed: ['DELETING'],
  })

const untilGone = (context: Context) =>
  watchUntil(context.io, {
    what: `cluster ${context.arg('clusterName')}`,
    look: async () => {
      try {
        return (await getCluster(context)).body.stateName
      } catch (problem) {
        if (problem instanceof ApiError && problem.errorCode === 'CLUSTER_NOT_FOUND') return 'GONE'
        throw problem
      }
    },
    statusOf: (state) => state,
    done: ['GONE'],
    failed: [],
  })
