// `clusters connectionStrings describe`. Two differences from the Atlas CLI's templates, since it prints a blank there:
// `--type privateEndpoint` prints one string a line, and the standard string stands in where there is no SRV name.

import type { Client } from '@postern/contract/client'
import type { Leaf } from '../../core/command.ts'
import { output, projectId } from '../../core/global-flags.ts'
import { at, type Json, printable, textAt } from '../../print/json.ts'
import type { Template } from '../../print/template.ts'
import { clusterName, getAnyCluster, namedCluster } from './any-cluster.ts'

const underHeader = (header: string, strings: (all: Json) => readonly string[]): Template => ({
  plain: (all) => [header, ...strings(all)].map((line) => `${line}\n`).join(''),
})

const standard = underHeader('STANDARD CONNECTION STRING', (all) => [
  textAt(all, 'standardSrv') || textAt(all, 'standard'),
])
const peering = underHeader('PRIVATE CONNECTION STRING', (all) => [textAt(all, 'privateSrv') || textAt(all, 'private')])
const privateEndpoint = underHeader('PRIVATE ENDPOINT CONNECTION STRING', (all) =>
  elements(all).map((element) => textAt(element, 'connectionString')),
)

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
        usage: 'Kind of connection string: standard, private or privateEndpoint.',
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
      const body = await getAnyCluster(client, params)
      const template = templates[context.text('type').toLowerCase()] ?? standard
      await context.print(body.connectionStrings, template)
      if (template === privateEndpoint && elements(body.connectionStrings).length === 0) {
        context.io.stderr.write(`${await whyNone(client, params)}\n`)
      }
    },
  },
]

function elements(all: Json): readonly Json[] {
  const found = at(all, 'privateEndpoint')
  return Array.isArray(found) ? found : []
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
