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
  const lines = [
    ['database users', text('usersLeft')],
    ['custom roles', text('rolesLeft')],
  ].flatMap(([what, names]) => (names === '' ? [] : [`Still on the deployment, remove them there: ${what} ${names}`]))
  const why = text('leftBecause')
  return lines.length === 0 || why === '' ? lines : [...lines, `They could not be removed: ${why}`]
}
