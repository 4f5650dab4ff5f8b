// `postern connections …`: live connections through private endpoints, as the gateways know them now; ours, Atlas has none.

import type { Client } from '@postern/contract/client'
import { isObjectId } from '@postern/contract/ids'
import type { Flag, Leaf } from '../core/command.ts'
import type { Context } from '../core/context.ts'
import { output, pages, projectId } from '../core/global-flags.ts'
import { UsageError } from '../core/usage-error.ts'
import { column, rows, sentence } from '../print/template.ts'
import { pageQuery } from './pages.ts'

const filters: readonly Flag[] = [
  { name: 'endpoint', kind: 'text', usage: "Only connections through this interface endpoint, by its cloud's id." },
  { name: 'cluster', kind: 'text', usage: 'Only connections to this cluster.' },
  { name: 'appName', kind: 'text', usage: 'Only connections of this application, as its connection string names it.' },
]

const names = { endpoint: 'endpointId', cluster: 'clusterName', appName: 'appName' } as const

const filterOf = (context: Context): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(names).flatMap(([flag, name]) => {
      const value = context.optional(flag)
      return value === undefined ? [] : [[name, value]]
    }),
  )

/** Says on stderr which edges are not counted; true where there are any. */
function warnOf(context: Context, edges: readonly string[]): boolean {
  if (edges.length > 0) context.warn(`not answered, and so not counted: ${edges.join(', ')}`)
  return edges.length > 0
}

const list: Leaf = {
  word: 'list',
  aliases: ['ls'],
  short: 'Return the live connections of your project.',
  role: 'Project Read Only',
  flags: [...filters, ...pages, projectId, output],
  examples: [
    ['List those of one application:', 'connections list --appName shop'],
    [
      'List those through one endpoint, with bytes and times:',
      'connections list --endpoint vpce-0123456789abcdef0 -o json',
    ],
  ],
  async run(context) {
    const { body } = await (await context.client()).call('listGroupConnections', {
      params: { groupId: await context.groupId() },
      query: { ...pageQuery(context), ...filterOf(context) },
    })
    await context.print(
      body,
      rows(
        column('ID', 'id'),
        column('ENDPOINT', 'endpointId'),
        column('MEMBER', 'member'),
        column('SOURCE', 'source'),
        column('DRIVER', 'driver'),
        column('APP', 'appName'),
        column('USER', 'user'),
        column('SINCE', 'since'),
      ),
    )
    warnOf(context, body.unansweredEdges)
  },
}

const kill: Leaf = {
  word: 'kill',
  short: 'End one live connection, or all of an endpoint, a cluster or an application.',
  long: [
    'Drivers connect again by themselves: to keep an application out, delete its endpoint or its database user.',
    'The command asks before it ends anything, unless --force is given. Exit code 1: an edge did not answer.',
  ].join('\n'),
  role: 'Project Owner',
  args: [{ name: 'id', usage: 'Id of one connection.', optional: true }],
  flags: [...filters, { name: 'force', kind: 'switch', usage: 'Skips the question.' }, projectId, output],
  examples: [
    ['End one:', 'connections kill 6553f0c8a3b1000000000001'],
    ['End all through one endpoint, without a question:', 'connections kill --endpoint vpce-0123456789abcdef0 --force'],
  ],
  async run(context) {
    const id = context.optionalArg('id')
    const query = filterOf(context)
    const filtered = Object.keys(query).length > 0
    if ((id === undefined) === !filtered)
      throw new UsageError('name either the id of a connection, or --endpoint, --cluster or --appName')
    if (id !== undefined && !isObjectId(id)) throw new UsageError(`the provided value '${id}' is not a valid ID`)
    const groupId = await context.groupId()
    const whose =
      id ??
      Object.entries(query)
        .map(([name, value]) => `${name} ${value}`)
        .join(', ')
    const question = `Are you sure you want to end ${id === undefined ? 'every connection of' : 'connection'}: ${whose}`
    if (!(await context.confirmed(question, 'Nothing was ended'))) return 0
    const body = await end(await context.client(), groupId, id ?? query)
    await context.print(
      body,
      sentence(() => `${body.killed} connection${body.killed === 1 ? '' : 's'} ended`),
    )
    return warnOf(context, body.unansweredEdges) ? 1 : 0
  },
}

const end = async (client: Client, groupId: string, which: string | Readonly<Record<string, string>>) =>
  typeof which === 'string'
    ? (await client.call('killGroupConnection', { params: { groupId, connectionId: which } })).body
    : (await client.call('killGroupConnections', { params: { groupId }, query: which })).body

export const connections: readonly Leaf[] = [list, kill]
