// A group as Atlas shows it. An item of a list has only its own link; one that is asked for has them all (recorded).

import { atlasTimestamp } from '@postern/contract/timestamp'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { Call } from '../../http/handler.ts'
import type { Tables } from '../../store/tables.ts'

export type GroupRow = Selectable<Tables['group']> & { readonly cluster_count: string | number }

const storedTags = z.array(z.object({ key: z.string(), value: z.string() }))
const storedSettings = z.object({ withDefaultAlertsSettings: z.boolean().default(true) })

const related = ['containers', 'clusters', 'databaseUsers', 'peers', 'processes', 'whitelist'] as const

/** `withTags` false leaves an empty list of tags out: so is the answer to a POST that gave none. */
export const groupView = (
  row: GroupRow,
  {
    link,
    withLinks,
    withTags,
  }: { readonly link: Call<'getGroup'>['link']; readonly withLinks: boolean; readonly withTags: boolean },
) => {
  const tags = storedTags.parse(row.tags)
  const self = link(`/api/atlas/v2/groups/${row.id}`)
  return {
    clusterCount: Number(row.cluster_count),
    created: atlasTimestamp(row.created),
    id: row.id,
    links: [
      { href: self, rel: 'self' },
      ...(withLinks
        ? related.map((each) => ({ href: `${self}/${each}`, rel: `https://cloud.mongodb.com/${each}` }))
        : []),
    ],
    name: row.name,
    orgId: row.org_id,
    ...((withTags || tags.length > 0) && { tags }),
    withDefaultAlertsSettings: storedSettings.parse(row.settings).withDefaultAlertsSettings,
  }
}
