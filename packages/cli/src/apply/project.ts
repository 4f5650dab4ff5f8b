// The project itself: what is fixed when it is made, its tags, and the switches that have doors of their own. A switch costs
// a request only where the file speaks of it.

import type { Client } from '@postern/contract/client'
import type { ReplyOf } from '@postern/contract/schemas/operations'
import type { ProjectWish } from './form.ts'
import { type Change, type Compared, compare } from './kind.ts'

type Group = ReplyOf<'getOrgGroups'>['results'][number]

interface Switch {
  readonly field: 'hash' | 'regionalMode' | 'fidelity'
  readonly read: (client: Client, groupId: string) => Promise<unknown>
  /** Undefined: fixed when the project is made. */
  readonly write: ((client: Client, groupId: string, wish: ProjectWish) => Promise<unknown>) | undefined
}

const switches: readonly Switch[] = [
  {
    field: 'hash',
    read: async (client, groupId) => (await client.call('getGroupHash', { params: { groupId } })).body.hash,
    write: undefined,
  },
  {
    field: 'regionalMode',
    read: async (client, groupId) =>
      (await client.call('getGroupPrivateEndpointRegionalMode', { params: { groupId } })).body.enabled,
    write: (client, groupId, { regionalMode = false }) =>
      client.call('toggleGroupPrivateEndpointRegionalMode', { params: { groupId }, body: { enabled: regionalMode } }),
  },
  {
    field: 'fidelity',
    read: async (client, groupId) => (await client.call('getGroupFidelity', { params: { groupId } })).body.own,
    write: (client, groupId, { fidelity }) =>
      client.call('updateGroupFidelity', { params: { groupId }, body: { own: fidelity ?? null } }),
  },
]

export async function projectChanges(client: Client, wish: ProjectWish, group: Group): Promise<readonly Change[]> {
  const there = Object.fromEntries((group.tags ?? []).map(({ key, value }) => [key, value]))
  const rows: Compared[] = [
    ['id', wish.id, group.id, 'fixed'],
    ['tags', wish.tags, there],
  ]
  for (const { field, read, write } of switches) {
    if (wish[field] === undefined) continue
    rows.push([field, wish[field], await read(client, group.id), write === undefined ? 'fixed' : undefined])
  }
  return compare(rows)
}

/** Answers the new project's id. Its switches are `changeProject`'s. */
export async function makeProject(client: Client, orgId: string, wish: ProjectWish): Promise<string> {
  const { name, id, hash, tags } = wish
  const body = { name, ...(tags && { tags: keyValues(tags) }) }
  if (id === undefined && hash === undefined) {
    return (await client.call('createGroup', { body: { ...body, orgId } })).body.id
  }
  const chosen = { ...(id !== undefined && { id }), ...(hash !== undefined && { hash }) }
  return (await client.call('createOrgGroup', { params: { orgId }, body: { ...body, ...chosen } })).body.id
}

/** `fields`: those that differ. */
export async function changeProject(
  client: Client,
  { groupId, wish }: { readonly groupId: string; readonly wish: ProjectWish },
  fields: ReadonlySet<string>,
): Promise<void> {
  if (fields.has('tags')) {
    await client.call('updateGroup', { params: { groupId }, body: { tags: keyValues(wish.tags ?? {}) } })
  }
  for (const { field, write } of switches) if (fields.has(field)) await write?.(client, groupId, wish)
}

/** The switches of a new project that are to be otherwise than they are then. */
export const newProjectFields = ({ regionalMode, fidelity }: ProjectWish): ReadonlySet<string> =>
  new Set([...(regionalMode === true ? ['regionalMode'] : []), ...(fidelity === undefined ? [] : ['fidelity'])])

const keyValues = (tags: Readonly<Record<string, string>>) =>
  Object.entries(tags).map(([key, value]) => ({ key, value }))
