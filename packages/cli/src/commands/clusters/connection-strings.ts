// `clusters connectionStrings describe`. Two differences from the Atlas CLI's templates, since it prints a blank there:
// `--type privateEndpoint` prints one string a line, and the standard string stands in where there is no SRV name. And one
// type more, `loadBalanced`, since the API's optimized string is an SRV name, which no endpoint with an address has.

import type { Client } from '@postern/contract/client'
import type { Leaf } from '../../core/command.ts'
import { output, projectId } from '../../core/global-flags.ts'
import { at, type Json, printable, textAt } from '../../print/json.ts'
import type { Template } from '../../print/template.ts'
import { clusterName, getAnyCluster, namedCluster } from './any-cluster.ts'

const underHeader = (header: string, strings: (all: Json) => readonly string[]): Template => ({
  plain: (all) => [header, ...strings(all)].map((line) => `${line}\n`).join(''),
})

const standardOf = (all: Json): string => textAt(all, 'standardSrv') || textAt(all, 'standard')
const standard = underHeader('STANDARD CONNECTION STRING', (all) => [standardOf(all)])
const peering = underHeader('PRIVATE CONNECTION STRING', (all) => [textAt(all, 'privateSrv') || textAt(all, 'private')])
const perEndpoint = underHeader('PRIVATE ENDPOINT CONNECTION STRING', (all) =>
  elements(all).map((element) => textAt(element, 'connectionString')),
)
const optimized = (all: Json): readonly string[] =>
  elements(all)
    .map((element) => textAt(element, 'srvShardOptimizedConnectionString'))
    .filter((string) => string !== '')
const shardOptimized = underHeader('SHARD OPTIMIZED CONNECTION STRING', optimized)
const privateEndpoint: Template = {
  plain: (all) => perEndpoint.plain(all) + (optimized(all).length === 0 ? '' : shardOptimized.plain(all)),
}

/** Of Postern's own route. */
const loadBalanced = underHeader('LOAD BALANCED CONNECTION STRING', (all) => balancedStrings(all))

const balancedStrings = (all: Json): readonly string[] =>
  list(all, 'endpoints')
    .map((one) => textAt(one, textAt(one, 'form') === 'name' ? 'loadBalanced.srv' : 'loadBalanced.standard'))
    .filter((string) => string !== '')

/** By `--type`, lower case; anything else means standard, as in the Atlas CLI. */
const templates: Readonly<Record<string, Template>> = {
  standard,
  private: peering,
  privateendpoint: privateEndpoint,
  privateendpoints: privateEndpoint,
}

export const connectionStringCommands: readonly Leaf[] = [
  {
    word: 'describe',
    aliases: ['get'],
    short: 'Return the connection strings of one cluster.',
    role: 'Project Read Only',
    args: [clusterName],
    flags: [
      {
        name: 'type',
        kind: 'text',
        default: 'standard',
        usage: 'Kind of connection string: standard, private, privateEndpoint or loadBalanced.',
      },
      projectId,
      output,
    ],
    examples: [
      ['Show those of its private endpoints:', 'clusters connectionStrings describe Cluster0 --type privateEndpoint'],
    ],
    async run(context) {
      const params = await namedCluster(context)
      const client = await context.client()
      if (context.text('type').toLowerCase() === 'loadbalanced') {
        const { body } = await client.call('getGroupClusterConnectionStrings', { params })
        await context.print(body, loadBalanced)
        if (balancedStrings(body).length === 0) {
          const why = body.reason ?? 'Only a sharded cluster has one, through an endpoint that has a port for it.'
          context.io.stderr.write(
            `Cluster ${params.clusterName} has no load balanced connection string: ${printable(why)}\n`,
          )
        }
        return
      }
      const body = await getAnyCluster(client, params)
      const template = templates[context.text('type').toLowerCase()] ?? standard
      await context.print(body.connectionStrings, template)
      if (template === standard && standardOf(body.connectionStrings) === '') {
        context.io.stderr.write(`${await whyNoStandard(client, params)}\n`)
      }
      if (template === standard && textAt(body.connectionStrings, 'standardSrv') !== '') {
        context.io.stderr.write(await throughListener(client, params))
      }
      if (template === privateEndpoint && elements(body.connectionStrings).length === 0) {
        context.io.stderr.write(`${await whyNone(client, params)}\n`)
      }
    },
  },
]

const elements = (all: Json): readonly Json[] => list(all, 'privateEndpoint')

function list(all: Json, path: string): readonly Json[] {
  const found = at(all, path)
  return Array.isArray(found) ? found : []
}

/** What the SRV name of a cluster with a standard listener takes; nothing where it has none. */
async function throughListener(
  client: Client,
  params: { readonly groupId: string; readonly clusterName: string },
): Promise<string> {
  const listener = await client.call('getGroupClusterStandardListener', { params }).then(
    ({ body }) => body,
    () => null,
  )
  if (listener === null || listener.connectionString === null) return ''
  const { accessList, connectionString, problem } = listener
  const who = `${accessList} ${accessList === 1 ? 'entry' : 'entries'} of the IP access list`
  return [
    `It leads through the gateways, for ${who}. Where Postern's DNS server is not asked: ${printable(connectionString)}`,
    ...(problem === null ? [] : [printable(problem)]),
    '',
  ].join('\n')
}

async function whyNoStandard(
  client: Client,
  { groupId, clusterName: name }: { readonly groupId: string; readonly clusterName: string },
): Promise<string> {
  const { enabled } = (await client.call('getGroupPrivateOnly', { params: { groupId } })).body
  const why = enabled
    ? 'its project hands out private ones alone; ask with `--type privateEndpoint`'
    : 'it is not there yet'
  return `Cluster ${name} has no standard connection string: ${why}.`
}

async function whyNone(
  client: Client,
  params: { readonly groupId: string; readonly clusterName: string },
): Promise<string> {
  const none = `Cluster ${params.clusterName} has no private endpoint connection string yet`
  const reason = await client.call('getGroupClusterConnectionStrings', { params }).then(
    ({ body }) => body.reason,
    () => null,
  )
  return reason === null ? `${none}.` : `${none}: ${printable(reason)}`
}
