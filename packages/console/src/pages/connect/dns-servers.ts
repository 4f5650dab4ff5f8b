// Where the names of this installation are asked for: the DNS servers of its edges, as they say it. Pure.

import type { ReplyOf } from '@postern/contract/schemas/operations'

type Edge = ReplyOf<'listEdges'>['results'][number]

/** One that listens on every address of its machine has none of its own to tell. */
const everywhere = /^(0\.0\.0\.0|\[::\]):(\d+)$/

/** Each once: an address as a resolver takes it, or where it is to be looked for. Only of edges that answer. */
export const dnsServers = (edges: readonly Pick<Edge, 'edge' | 'state' | 'dnsAddress'>[]): readonly string[] => [
  ...new Set(
    edges.flatMap(({ edge, state, dnsAddress }) => {
      if (state !== 'LIVE' || dnsAddress === null) return []
      const port = everywhere.exec(dnsAddress)?.[2]
      return [port === undefined ? dnsAddress : `port ${port} of the machine of edge ${edge}`]
    }),
  ),
]
