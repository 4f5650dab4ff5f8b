// What stays on a deployment that was let go: the event of its deletion names it.

import { ApiError, type Client } from '@postern/contract/client'
import { printable } from '../../print/json.ts'

/** Lines to say after the cluster is gone; none where nothing stays. */
export async function leftThere(
  client: Client,
  { groupId, clusterName }: { readonly groupId: string; readonly clusterName: string },
): Promise<readonly string[]> {
  const query = {
    eventType: ['CLUSTER_DELETED'],
    clusterNames: [clusterName],
    includeRaw: 'true' as const,
    itemsPerPage: 1,
  }
  // The cluster is gone, whoever may not read events.
  const answer = await client.call('listGroupEvents', { params: { groupId }, query }).catch((problem: unknown) => {
    if (problem instanceof ApiError) return null
    throw problem
  })
  const told: unknown = JSON.parse(answer?.body.results[0]?.raw?.description ?? '{}')
  const text = (field: string): string => {
    const value: unknown = typeof told === 'object' && told !== null ? Reflect.get(told, field) : undefined
    return typeof value === 'string' ? printable(value) : ''
  }
  const before = 'Were on the deployment before, or it is not known, and have'
  return [
    ['Still on the deployment, remove them there: database users', text('usersLeft')],
    ['Still on the deployment, remove them there: custom roles', text('rolesLeft')],
    ['They could not be removed:', text('leftBecause')],
    [`${before} the password and roles that Postern gave them: database users`, text('usersChanged')],
    [`${before} the privileges that Postern gave them: custom roles`, text('rolesChanged')],
  ].flatMap(([what, names]) => (names === '' ? [] : [`${what} ${names}`]))
}
