// What a gateway has counted of each endpoint, as it travels with its report. Counters only grow within one run, so that a
// report which comes twice, or late, changes nothing; the control plane adds up by how much they grew.

export interface TrafficReport {
  /** Of one start of the edge; the next start has another, and begins at zero. */
  readonly run: string
  /** Grows from one report of a run to the next. */
  readonly n: number
  /** Those that moved since the last report that was accepted. */
  readonly endpoints: readonly EndpointTraffic[]
}

/** Since the run began, but for `connections`. */
export interface EndpointTraffic {
  /** Ours. */
  readonly endpointId: string
  readonly bytesFromClient: number
  readonly bytesFromMember: number
  /** Joined to a member now. */
  readonly connections: number
  /** Ever joined. */
  readonly newConnections: number
  /** Turned away. */
  readonly refused: number
}

/** Endpoints in one report; a gateway tells the rest with its next ones. */
export const mostTraffic = 5_000
