// What is there of what a file speaks of: the projects by one list, then in each project every kind that is listed there by
// one list. How many requests that takes depends on the number of projects and kinds, not on the number of things.

import type { Client } from '@postern/contract/client'
import { UsageError } from '../core/usage-error.ts'
import { atOnce } from './at-once.ts'
import type { Wishes } from './form.ts'
import { everyItem, type Kind, type Site } from './kind.ts'
import type { LookedAt } from './plan.ts'
import { projectChanges } from './project.ts'

/** Throws UsageError for an organization that is not there. */
export async function organizationOf(
  client: Client,
  { organization }: Wishes,
  otherwise: () => Promise<string>,
): Promise<string> {
  if (organization === undefined) return otherwise()
  const found = (await everyItem((query) => client.call('listOrgs', { query }))).filter(
    ({ name }) => name === organization,
  )
  const [only, another] = found
  if (only === undefined) throw new UsageError(`there is no organization "${organization}" that these keys may see`)
  if (another !== undefined) {
    throw new UsageError(`several organizations are named "${organization}"; leave it out of the file and give --orgId`)
  }
  return only.id
}

export async function lookAt(
  client: Client,
  { wishes, orgId, kinds }: { readonly wishes: Wishes; readonly orgId: string; readonly kinds: readonly Kind[] },
): Promise<readonly LookedAt[]> {
  const groups = await everyItem((query) => client.call('getOrgGroups', { params: { orgId }, query }))
  const byName = new Map(groups.map((group) => [group.name, group]))
  return atOnce(wishes.projects, async (wish): Promise<LookedAt> => {
    const group = byName.get(wish.name)
    const site: Site = { wish, groupId: group?.id ?? '', services: new Map(), consumers: new Map() }
    if (group === undefined) return { site, project: null, found: new Map() }
    const found = new Map<Kind, readonly unknown[]>()
    // One after the other: an endpoint is told apart by its service.
    for (const kind of kinds) if (kind.wishes(wish) !== undefined) found.set(kind, await kind.look(client, site))
    const changes = await projectChanges(client, wish, group)
    return { site, project: { changes }, found }
  })
}
