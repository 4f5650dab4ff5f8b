// `clusters standardListener describe | enable | update | disable`: the way into a cluster through the gateways for addresses of the
// IP access list, without a private endpoint.

import type { StandardListenerView } from '@postern/contract/schemas/standard-listener'
import type { Leaf } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { force, output, projectId } from '../../core/global-flags.ts'
import { UsageError } from '../../core/usage-error.ts'
import { at, printable, textAt } from '../../print/json.ts'
import { column, row, sentence, type Template } from '../../print/template.ts'
import { currentAddress } from '../current-address.ts'
import { maxSnapshotAge, maxSnapshotAgeOf } from '../private-endpoints/interface-policy.ts'
import { policyTable } from '../private-endpoints/policy-table.ts'
import { timeout, timeoutOf, watch } from '../watch-flags.ts'
import { watchUntil } from '../watch-until.ts'
import { clusterName, namedCluster } from './any-cluster.ts'

const listed = row(
  column('ID', 'id'),
  column('ENABLED', 'enabled'),
  column('STATE', 'state'),
  column('ACCESS LIST', 'accessList'),
  column('CONNECTION STRING', 'connectionString'),
)

/** Where something is forbidden, that follows. */
const described: Template = { plain: (listener) => listed.plain(listener) + policyTable(at(listener, 'policy')) }

const warn = (context: Context, { problem }: Pick<StandardListenerView, 'problem'>): void => {
  if (problem !== null) context.warn(printable(problem))
}

/** Where each of the two ends; what is closed by private only does not come to stand open. */
const ends = {
  enable: { done: ['OPEN'], failed: ['FAILED', 'CLOSED_BY_PRIVATE_ONLY'] },
  disable: { done: ['OFF'], failed: [] },
} as const

const told = (word: 'enable' | 'disable'): Template =>
  sentence((listener) => {
    const state = textAt(listener, 'state')
    if (word === 'disable') return state === 'OFF' ? 'Standard listener closed.' : 'Standard listener closing.'
    if (state === 'OPEN') return `Standard listener open:\n${textAt(listener, 'connectionString')}`
    return state === 'OPENING' ? 'Standard listener opening.' : `Standard listener enabled: it is ${state}.`
  })

interface ToggleParts extends Pick<Leaf, 'short' | 'long' | 'flags'> {
  /** False: it was not meant. */
  readonly isMeant?: (context: Context, clusterName: string) => Promise<boolean>
}

const toggle = (word: 'enable' | 'disable', { isMeant, ...parts }: ToggleParts): Leaf => ({
  ...parts,
  word,
  role: 'Project Cluster Manager',
  args: [clusterName],
  flags: [...(parts.flags ?? []), watch, timeout, projectId, output],
  examples: [
    [
      `${parts.short.split(' ')[0]} it, and wait until every gateway has:`,
      `clusters standardListener ${word} Cluster0${word === 'disable' ? ' --force' : ''} --watch`,
    ],
  ],
  async run(context) {
    timeoutOf(context)
    const policy = word === 'enable' ? maxSnapshotAgeOf(context) : {}
    const params = await namedCluster(context)
    if ((await isMeant?.(context, params.clusterName)) === false) return
    const client = await context.client()
    const ipAddress = word === 'enable' && context.isOn('currentIp') ? await currentAddress(context) : null
    let { body } = await client.call('updateGroupClusterStandardListener', {
      params,
      body: { enabled: word === 'enable', ...(Object.keys(policy).length > 0 && { policy }) },
    })
    if (ipAddress !== null) {
      // Only now: whoever may not open the listener leaves no entry behind.
      await client.call('createGroupAccessListEntry', { params: { groupId: params.groupId }, body: [{ ipAddress }] })
      body = (await client.call('getGroupClusterStandardListener', { params })).body
    }
    if (context.isOn('watch')) {
      body = await watchUntil(context.io, {
        what: `the standard listener of cluster ${params.clusterName}`,
        look: async () => {
          const seen = (await client.call('getGroupClusterStandardListener', { params })).body
          return { ...seen, errorMessage: seen.problem ?? '' }
        },
        statusOf: ({ state }) => state,
        ...ends[word],
        timeoutSeconds: timeoutOf(context),
      }).then(({ errorMessage: _, ...seen }) => seen)
    }
    await context.print(body, told(word))
    warn(context, body)
  },
})

export const standardListenerCommands: readonly Leaf[] = [
  {
    word: 'describe',
    aliases: ['get'],
    short: 'Return whether a cluster has a standard listener at the gateways, and how far it has come.',
    role: 'Project Read Only',
    args: [clusterName],
    flags: [projectId, output],
    examples: [['Show it with its ports:', 'clusters standardListener describe Cluster0 --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('getGroupClusterStandardListener', {
        params: await namedCluster(context),
      })
      await context.print(body, described)
      warn(context, body)
    },
  },
  toggle('enable', {
    short: 'Open a way into a cluster through the gateways for addresses of the IP access list.',
    long: 'An empty list lets nobody in. Members’ own ports stay as they are: nobody but their owner can close them.',
    flags: [
      {
        name: 'currentIp',
        kind: 'switch',
        usage:
          'Adds the address that this command comes from to the access list, once the listener is enabled; needs the role Project Network Access Manager too.',
      },
      maxSnapshotAge,
    ],
  }),
  {
    word: 'update',
    short: 'Set what is forbidden at a standard listener, whether it is open or not.',
    role: 'Project Cluster Manager',
    args: [clusterName],
    flags: [maxSnapshotAge, projectId, output],
    examples: [
      [
        'Let nobody in where the control plane has not been heard of for five minutes:',
        'clusters standardListener update Cluster0 --maxSnapshotAge 300',
      ],
    ],
    async run(context) {
      const policy = maxSnapshotAgeOf(context)
      if (Object.keys(policy).length === 0) throw new UsageError('nothing to change: give at least one flag')
      const params = await namedCluster(context)
      const { body } = await (await context.client()).call('updateGroupClusterStandardListener', {
        params,
        body: { policy },
      })
      await context.print(
        body,
        sentence(() => `Standard listener of cluster '${params.clusterName}' updated.`),
      )
    },
  },
  toggle('disable', {
    short: 'Close it, and end its connections.',
    long: 'The command asks before it closes, unless --force is given.',
    flags: [force],
    isMeant: (context, name) =>
      context.confirmed(
        `Are you sure you want to close the standard listener and end its connections: ${name}`,
        'Standard listener not closed',
      ),
  }),
]
