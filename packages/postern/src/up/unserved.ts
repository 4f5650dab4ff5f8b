// What the edge of this start cannot serve: strings are printed only beside it, since a port that another program holds
// makes them lead elsewhere. The edge tries again by itself, so nothing has to be started anew.

import type { Client } from '@postern/contract/client'
import type { ReplyOf } from '@postern/contract/schemas/operations'
import { listenersVariable } from '@postern/contract/snapshot'
import { until } from './wait.ts'

/** The edge reports as soon as it serves; without a word by then nothing is claimed. */
const waitMs = 3_000
const feeds: ReadonlySet<string> = new Set(['gateway', 'forwarder'])

/** A sentence for each listener that could not be bound. `since`: when the edge was started, in ms since 1970. */
export async function unservedOf(client: Client, edge: string, since: number): Promise<readonly string[]> {
  try {
    return await until('a report of the edge', waitMs, async () => {
      const { body } = await client.call('listEdges', {})
      const reports = body.results
        .filter((one) => one.edge === edge)
        .flatMap((one) => one.feeds)
        .filter(({ feed, seen }) => feeds.has(feed) && Date.parse(seen) >= since)
      if (reports.length < feeds.size) return undefined
      return unservedIn(reports)
    })
  } catch {
    return []
  }
}

type Reported = ReplyOf<'listEdges'>['results'][number]['feeds'][number]

/** What is wrong in a file of listeners takes no endpoint away. */
export const unservedIn = (reports: readonly Pick<Reported, 'feed' | 'failed'>[]): readonly string[] =>
  reports.flatMap(({ feed, failed }) =>
    (failed ?? [])
      .filter(({ id }) => id !== listenersVariable)
      .map(({ reason }) => `The ${feed} cannot serve: ${reason}.`),
  )
