// `postern api <tag> <operation>`: every operation of the route table as a command, so that nothing of the API waits for
// a command of its own. Made from plain data only: routes, summaries, and the names of parameters.

import { tags } from '@postern/contract/openapi/summaries'
import type { Tag } from '@postern/contract/openapi/summaries/tag'
import type { OperationId } from '@postern/contract/routes'
import type { Branch, Leaf } from '../core/command.ts'
import { operationCommand } from './api/operation-command.ts'

/** Tags of Atlas's API that have another name there, or are told apart further. */
const atlasTags: Readonly<Partial<Record<keyof typeof tags, readonly string[]>>> = {
  'Private endpoints': ['privateEndpointServices'],
  Clusters: ['flexClusters'],
  'Custom database roles': ['customDatabaseRoles'],
  'Database users': ['x509Authentication'],
  'Network access': ['projectIpAccessList', 'networkPeering', 'awsClustersDns'],
  People: ['mongoDbCloudUsers'],
  'API keys': ['programmaticApiKeys'],
}

export const api: readonly Branch[] = (Object.entries(tags) as readonly [keyof typeof tags, Tag][]).map(
  ([name, { description, operations }]) => ({
    word: camelCase(name),
    aliases: (atlasTags[name] ?? []).filter((alias) => alias !== camelCase(name)),
    short: description,
    load: async (): Promise<readonly Leaf[]> =>
      (Object.entries(operations) as readonly [OperationId, string][]).map(([operation, summary]) =>
        operationCommand(operation, summary),
      ),
  }),
)

/** `API keys` is `apiKeys`. */
function camelCase(name: string): string {
  const [first = '', ...rest] = name.toLowerCase().split(' ')
  return [first, ...rest.map((word) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`)].join('')
}
