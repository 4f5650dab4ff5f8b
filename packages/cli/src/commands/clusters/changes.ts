// `clusters update | pause | start | failover`.

import type { Client } from '@postern/contract/client'
import type { BodyInputOf } from '@postern/contract/schemas/operations'
import type { Flag, Leaf } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { force, output, projectId } from '../../core/global-flags.ts'
import { UsageError } from '../../core/usage-error.ts'
import { textAt } from '../../print/json.ts'
import { sentence } from '../../print/template.ts'
import { atMostOne, enabledOrDisabled } from '../flag-groups.ts'
import { file, readJsonFile } from '../json-file.ts'
import { tag, tagsOf } from '../tags.ts'
import { clusterName, namedCluster } from './any-cluster.ts'

type Change = BodyInputOf<'updateGroupCluster'>

const settingFlags: readonly Flag[] = [
  { name: 'tier', kind: 'text', usage: 'Tier of every member.' },
  { name: 'diskSizeGB', kind: 'number', usage: 'Size of the disk of every member, in gigabytes.' },
  { name: 'mdbVersion', kind: 'text', usage: 'MongoDB major version.' },
  {
    name: 'enableTerminationProtection',
    kind: 'switch',
    usage: 'Refuses to delete the cluster until this is turned off.',
  },
  { name: 'disableTerminationProtection', kind: 'switch', usage: 'Lets the cluster be deleted.' },
  { ...tag, usage: 'Tags, each as key=value, in the place of those that it has; `=` takes all away.' },
]

const pausing = (parts: { readonly word: 'pause' | 'start'; readonly short: string; readonly says: string }): Leaf => ({
  word: parts.word,
  short: parts.short,
  role: 'Project Cluster Manager',
  args: [clusterName],
  flags: [projectId, output],
  examples: [['By its name:', `clusters ${parts.word} Cluster0`]],
  async run(context) {
    const { body } = await (await context.client()).call('updateGroupCluster', {
      params: await namedCluster(context),
      body: { paused: parts.word === 'pause' },
    })
    await context.print(
      body,
      sentence((cluster) => `${parts.says} cluster '${textAt(cluster, 'name')}'.`),
    )
  },
})

export const clusterChanges: readonly Leaf[] = [
  {
    word: 'update',
    short: 'Change the settings of one cluster of your project.',
    long: 'What is not named stays as it is.',
    role: 'Project Cluster Manager',
    args: [{ ...clusterName, optional: true }],
    flags: [...settingFlags, file, projectId, output],
    examples: [
      ['Give it another tier:', 'clusters update Cluster0 --tier M30'],
      ['Take all tags away:', 'clusters update Cluster0 --tag ='],
      ['Change what a file says:', 'clusters update Cluster0 --file cluster.json'],
    ],
    async run(context) {
      const client = await context.client()
      const { name, body } = context.isSet('file') ? await fromFile(context) : await fromFlags(context, client)
      const reply = await client.call('updateGroupCluster', { params: await namedCluster(context, name), body })
      await context.print(
        reply.body,
        sentence((cluster) => `Updating cluster '${textAt(cluster, 'name')}'.`),
      )
    },
  },
  pausing({ word: 'pause', short: 'Pause one running cluster of your project.', says: 'Pausing' }),
  pausing({ word: 'start', short: 'Start one paused cluster of your project.', says: 'Starting' }),
  {
    word: 'failover',
    short: 'Start a failover test of one cluster of your project.',
    long: 'Its primaries step down and others are elected. The command asks first, unless --force is given.',
    role: 'Project Cluster Manager',
    args: [clusterName],
    flags: [{ ...force, usage: 'Skips the question.' }, projectId],
    examples: [['Without a question:', 'clusters failover Cluster0 --force']],
    async run(context) {
      const params = await namedCluster(context)
      const question = `Are you sure you want to start a failover test for "${params.clusterName}"`
      if (!(await context.confirmed(question, 'Failover test not started'))) return
      await (await context.client()).call('restartGroupClusterPrimaries', { params })
      context.say(`Failover test for '${params.clusterName}' started`)
    },
  },
]

interface NamedChange {
  readonly name: string
  readonly body: Change
}

async function fromFile(context: Context): Promise<NamedChange> {
  for (const { name } of settingFlags) atMostOne(context, 'file', name)
  const { name: named, ...settings } = await readJsonFile(context.text('file'))
  const name = context.optionalArg('clusterName') ?? named
  if (typeof name !== 'string') throw new UsageError('cluster name missing')
  // A cluster cannot be given another name, and the rest of the file is for the server to judge.
  return { name, body: settings as Change }
}

async function fromFlags(context: Context, client: Client): Promise<NamedChange> {
  const name = context.optionalArg('clusterName')
  if (name === undefined) throw new UsageError('cluster name missing')
  const mongoDBMajorVersion = context.optional('mdbVersion')
  const terminationProtectionEnabled = enabledOrDisabled(context, 'TerminationProtection')
  const tags = tagsOf(context)
  const hardware = hardwareOf(context)
  const body: Change = {
    ...(mongoDBMajorVersion === undefined ? {} : { mongoDBMajorVersion }),
    ...(terminationProtectionEnabled === undefined ? {} : { terminationProtectionEnabled }),
    ...(tags === undefined ? {} : { tags }),
    ...(hardware === undefined ? {} : { replicationSpecs: await specsWith(hardware, context, client) }),
  }
  if (Object.keys(body).length === 0) throw new UsageError('nothing to change: give at least one flag')
  return { name, body }
}

type Specs = NonNullable<Change['replicationSpecs']>
interface Hardware {
  readonly instanceSize?: string
  readonly diskSizeGB?: number
}

function hardwareOf(context: Context): Hardware | undefined {
  const tier = context.optional('tier')
  const diskSizeGB = context.number('diskSizeGB')
  if (tier === undefined && diskSizeGB === undefined) return undefined
  return {
    ...(tier === undefined ? {} : { instanceSize: tier.toUpperCase() }),
    ...(diskSizeGB === undefined ? {} : { diskSizeGB }),
  }
}

/** Every member gets the same hardware, as the API demands within a shard. */
async function specsWith(hardware: Hardware, context: Context, client: Client): Promise<Specs> {
  const { body } = await client.call('getGroupCluster', { params: await namedCluster(context) })
  const specs = body.replicationSpecs as Specs
  return specs.map((spec) => ({
    ...spec,
    ...(spec.regionConfigs === undefined
      ? {}
      : {
          regionConfigs: spec.regionConfigs.map((config) => ({
            ...config,
            ...Object.fromEntries(
              (['electableSpecs', 'readOnlySpecs', 'analyticsSpecs'] as const).flatMap((kind) =>
                config[kind] === undefined ? [] : [[kind, { ...config[kind], ...hardware }]],
              ),
            ),
          })),
        }),
  }))
}
