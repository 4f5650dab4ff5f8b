// By how much an edge's counters grew since its report before. Pure. A report that came late, or twice, is of no account;
// a new run began at zero; where a counter fell within a run, the gateway had let go of the endpoint and has it again, so
// that what it counted meanwhile is not known: rather a moment too little than anything twice.

import type { EndpointTraffic, TrafficReport } from '@postern/contract/edge-traffic'

/** What the edge's report before said. */
export interface Said {
  readonly run: string
  readonly runBefore: string | null
  readonly n: number
  readonly endpoints: ReadonlyMap<string, EndpointTraffic>
}

export interface Growth {
  /** The edge was started anew since. */
  readonly newRun: boolean
  /** What came on top; `connections` are those that are open. */
  readonly grown: readonly EndpointTraffic[]
  /** Endpoints whose connections ended with the run before. */
  readonly cut: readonly string[]
}

/** Null: it says nothing that is not known. */
export const growthOf = (said: Said | null, { run, n, endpoints }: TrafficReport): Growth | null => {
  if (said !== null && (run === said.runBefore || (run === said.run && n <= said.n))) return null
  if (said === null) return { newRun: true, grown: endpoints, cut: [] }
  if (run !== said.run) {
    const open = [...said.endpoints.values()].filter(({ connections }) => connections > 0)
    return { newRun: true, grown: endpoints, cut: open.map(({ endpointId }) => endpointId) }
  }
  return { newRun: false, grown: endpoints.map((now) => since(said.endpoints.get(now.endpointId), now)), cut: [] }
}

const counters = ['bytesFromClient', 'bytesFromMember', 'newConnections', 'refused'] as const

const since = (before: EndpointTraffic | undefined, now: EndpointTraffic): EndpointTraffic => {
  if (before === undefined) return now
  const fell = counters.some((counter) => now[counter] < before[counter])
  const by = (counter: (typeof counters)[number]): number => (fell ? 0 : now[counter] - before[counter])
  return {
    endpointId: now.endpointId,
    connections: now.connections,
    bytesFromClient: by('bytesFromClient'),
    bytesFromMember: by('bytesFromMember'),
    newConnections: by('newConnections'),
    refused: by('refused'),
  }
}
