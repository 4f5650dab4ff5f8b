// `clusters create`: from flags or from a JSON file, a Flex cluster through operations of its own.

import type { BodyInputOf } from '@postern/contract/schemas/operations'
import type { Leaf } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { output, projectId } from '../../core/global-flags.ts'
import { UsageError } from '../../core/usage-error.ts'
import { textAt } from '../../print/json.ts'
import { sentence } from '../../print/template.ts'
import { allOf, atMostOne } from '../flag-groups.ts'
import { file, readJsonFile } from '../json-file.ts'
import { timeout, timeoutOf, watch } from '../watch-flags.ts'
import { untilIdle } from './any-cluster.ts'
import { isFlex, newCluster, newClusterFlags, newFlexCluster } from './new-cluster.ts'

type NewCluster = BodyInputOf<'createGroupCluster'>
type NewFlexCluster = BodyInputOf<'createGroupFlexCluster'>

export const createCluster: Leaf = {
  word: 'create',
  short: 'Create a cluster in your project.',
  long: [
    'It is made of the sandbox that Postern brings along; `deployments register` takes in one of your own.',
    'Name, --provider and --region are needed, unless --file gives them.',
  ].join('\n'),
  role: 'Project Owner',
  args: [{ name: 'name', usage: 'Name of the cluster; it cannot be changed.', optional: true }],
  flags: [...newClusterFlags, file, watch, timeout, projectId, output],
  examples: [
    ['Create a three-member replica set and wait for it:', 'clusters create Shop --provider AWS --region US_EAST_1 -w'],
    ['Create one from a file:', 'clusters create --file cluster.json'],
  ],
  async run(context) {
    timeoutOf(context)
    const body = context.isSet('file') ? await fromFile(context) : fromFlags(context)
    const groupId = await context.groupId()
    const cluster = await create(context, groupId, body)
    if (!context.isOn('watch')) {
      await context.print(
        cluster,
        sentence((reply) => `Cluster '${textAt(reply, 'name')}' is being created.`),
      )
      return
    }
    await context.print(
      await untilIdle(context, { groupId, clusterName: cluster.name }),
      sentence((reply) => `Cluster '${textAt(reply, 'name')}' created successfully.`),
    )
  },
}

type Body = { readonly flex: NewFlexCluster } | { readonly dedicated: NewCluster }

async function create(context: Context, groupId: string, body: Body) {
  const client = await context.client()
  return 'flex' in body
    ? (await client.call('createGroupFlexCluster', { params: { groupId }, body: body.flex })).body
    : (await client.call('createGroupCluster', { params: { groupId }, body: body.dedicated })).body
}

function fromFlags(context: Context): Body {
  const name = context.optionalArg('name')
  if (name === undefined) throw new UsageError('cluster name missing')
  allOf(context, 'provider', 'region')
  return isFlex(context) ? { flex: newFlexCluster(context, name) } : { dedicated: newCluster(context, name) }
}

async function fromFile(context: Context): Promise<Body> {
  for (const { name } of newClusterFlags) {
    if (name !== 'backup' && name !== 'enableTerminationProtection') atMostOne(context, 'file', name)
  }
  const settings = await readJsonFile(context.text('file'))
  const name = context.optionalArg('name') ?? settings.name
  if (typeof name !== 'string') throw new UsageError('cluster name missing')
  // What the file says beside its name is for the server to judge.
  const body = { ...settings, name } as unknown
  return 'replicationSpecs' in settings ? { dedicated: body as NewCluster } : { flex: body as NewFlexCluster }
}
