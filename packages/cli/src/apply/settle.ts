// Waiting: until everything that the file lists of a kind stands, asked by one list a project and look.

import type { Client } from '@postern/contract/client'
import { UsageError } from '../core/usage-error.ts'
import { printable } from '../print/json.ts'
import { atOnce } from './at-once.ts'
import type { Kind, Site, Standing } from './kind.ts'
import type { Patience } from './patience.ts'

const firstMs = 100
const mostMs = 1_000

export interface Waiting {
  readonly client: Client
  readonly patience: Patience
  /** Told once, when it does not stand at the first look. */
  readonly tell: (says: string) => void
}

/** `only`: these keys, not all that are listed. Throws UsageError for what ended badly, and when the time is over. */
export async function settle(
  kind: Kind,
  sites: readonly Site[],
  { client, patience, tell }: Waiting,
  only?: ReadonlySet<string>,
): Promise<void> {
  const wait = patience.begin()
  let open = sites.filter((site) => (kind.wishes(site.wish) ?? []).length > 0)
  for (let looked = 1; ; looked += 1) {
    const waiting = (
      await atOnce(open, async (site) => ({
        site,
        unsettled: (await unsettledOf(kind, site, client)).filter(({ key }) => only?.has(key) ?? true),
      }))
    ).filter(({ unsettled }) => unsettled.length > 0)
    const all = waiting.flatMap(({ unsettled }) => unsettled)
    const failed = all.filter(({ standing }) => standing.failed !== undefined)
    if (failed.length > 0) {
      throw new UsageError(
        failed
          .map(({ key, standing }) => `${kind.noun} ${printable(key)} is ${printable(standing.failed ?? '')}`)
          .join('\n'),
      )
    }
    const [first] = all
    if (first === undefined) return
    if (looked === 1) {
      const why = first.standing.why === undefined ? '' : ` (${printable(first.standing.why)})`
      tell(
        `waiting for ${all.length === 1 ? `${kind.noun} ${printable(first.key)}${why}` : `${all.length} ${kind.noun}s`}`,
      )
    }
    await wait(
      Math.min(firstMs * looked, mostMs),
      `${kind.noun} ${printable(first.key)} is still ${printable(first.standing.state)}`,
    )
    open = waiting.map(({ site }) => site)
  }
}

async function unsettledOf(
  kind: Kind,
  site: Site,
  client: Client,
): Promise<readonly { readonly key: string; readonly standing: Standing }[]> {
  const standings = (await kind.standings?.(client, site)) ?? new Map<string, Standing>()
  return (kind.wishes(site.wish) ?? []).flatMap((wish) => {
    const key = kind.keyOf(wish)
    const standing = standings.get(key)
    return standing === undefined || standing.settled ? [] : [{ key, standing }]
  })
}
