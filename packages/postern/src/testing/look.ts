// What a server tells of itself where nobody else did: its first organization and project, and the strings of that.

import type { Client } from '@postern/contract/client'
import type { TakenPostern } from '../testing.ts'
import { variablesOf } from './variables.ts'

interface At {
  readonly url: string
  readonly publicKey: string
  readonly privateKey: string
  readonly orgId?: string
  readonly groupId?: string
}

export const look = async (
  client: Client,
  { url, publicKey, privateKey, ...known }: At,
): Promise<Pick<TakenPostern, 'orgId' | 'groupId' | 'env' | 'connectionStrings'>> => {
  const orgId = known.orgId ?? (await client.call('listOrgs')).body.results[0]?.id
  const groupId = known.groupId ?? (await client.call('listGroups')).body.results[0]?.id
  if (orgId === undefined || groupId === undefined)
    throw new Error(`${url} shows this key no organization with a project.`)
  const { body } = await client.call('listGroupClusters', { params: { groupId }, query: { itemsPerPage: 500 } })
  const strings = body.results.flatMap(({ connectionStrings }) => connectionStrings?.privateEndpoint ?? [])
  return {
    orgId,
    groupId,
    env: variablesOf({ apiUrl: url.replace(/\/+$/, ''), publicKey, privateKey, orgId, groupId }),
    connectionStrings: strings.map(({ connectionString }) => connectionString),
  }
}
