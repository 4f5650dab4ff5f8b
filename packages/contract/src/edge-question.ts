// What a control plane asks of an edge about its live connections, and what the edge answers. Nobody dials an edge: it
// fetches questions by long poll and posts each answer (routes/edge.ts). A question lives for seconds; one that comes
// twice, because an answer was lost, is answered twice.

/** Which connections. A field that is null lets everything through. */
export interface ConnectionFilter {
  /** Our ids of the endpoints that the caller may ask about; a connection of another one is never meant. */
  readonly endpointIds: readonly string[]
  /** Of the endpoint services of which a summary may tell who was turned away; absent or null: of none. */
  readonly serviceIds?: readonly string[] | null | undefined
  readonly clusterId: string | null
  /** As the client spells it. */
  readonly appName: string | null
  readonly connectionId: string | null
}

export const edgeDoings = ['list', 'kill', 'summarize', 'ports'] as const

export interface EdgeQuestion {
  readonly id: string
  readonly do: (typeof edgeDoings)[number]
  readonly where: ConnectionFilter
  /** Which of those that match are listed, oldest first: `limit` of them from position `from` on. */
  readonly from: number
  readonly limit: number
}

export interface EdgeAnswer {
  /** How many match; of a kill, how many were ended. */
  readonly count: number
  readonly connections: readonly LiveConnection[]
  /** Of a summary. */
  readonly summary?: EdgeSummary | undefined
  /** Of `ports`: from which ports of its own the gateway is connected to members, as these see it. */
  readonly ports?: readonly MemberPorts[] | undefined
}

export interface MemberPorts {
  /** `host:port`. */
  readonly member: string
  readonly ports: readonly number[]
}

/** Most first; each list is cut after `longestSummary`. */
export interface EdgeSummary {
  /** Those that have connections now. */
  readonly endpoints: readonly {
    readonly endpointId: string
    readonly connections: number
    /** Of these: those that have said more than hello, and count against the endpoint's limit; absent: all of them. */
    readonly working?: number | undefined
  }[]
  /** By the name that the client gives; null: none. */
  readonly appNames: readonly { readonly appName: string | null; readonly connections: number }[]
  /** By the client's address, without its port. */
  readonly sources: readonly { readonly source: string | null; readonly connections: number }[]
  /** Turned away since the gateway started, by endpoint and reason; of endpoints that are meant. */
  readonly refused: readonly {
    readonly endpointId: string
    readonly code: string
    readonly count: number
    /** Milliseconds since 1970. */
    readonly lastAt: number
    /** The last one's id, by which the log has it; null: it got none. Absent: an older edge. */
    readonly lastConnection?: string | null | undefined
  }[]
  /**
   * The same of whom it was not known yet through which endpoint they came, by the endpoint service whose port they came to.
   * Absent: an older edge.
   */
  readonly refusedUnknown?:
    | readonly {
        readonly serviceId: string
        readonly code: string
        readonly count: number
        readonly lastAt: number
        readonly lastConnection: string | null
        /** The gateway's. */
        readonly lastPort: number | null
        /** The address that connected, or that a PROXY header which is believed named. */
        readonly lastFrom: string | null
      }[]
    | undefined
  readonly limits: EdgeLimits
}

/** What one gateway lets in. */
export interface EdgeLimits {
  /** In all, of every project. */
  readonly connections: number
  readonly connectionsPerEndpoint: number
  /** 0: any number. */
  readonly newPerSecondPerEndpoint: number
}

export const longestSummary = 100

/** One joined connection. Times are milliseconds since 1970, bytes as read from either side. */
export interface LiveConnection {
  /** 24 hex digits, never given twice by any edge; of one edge, a later connection has a higher one. */
  readonly id: string
  readonly endpointId: string
  readonly clusterId: string
  /** `host:port` of the member that it was joined to. */
  readonly member: string
  /** The client as the PROXY header names it, `host:port`; null where it does not. */
  readonly source: string | null
  readonly tls: boolean
  /** What the client says of itself in its first hello; null until then, or where it does not. */
  readonly driver: string | null
  readonly appName: string | null
  readonly os: string | null
  readonly platform: string | null
  /** As whom it asked to be let in with its first hello, `name@database`; absent: an older edge. */
  readonly user?: string | null | undefined
  readonly startedAt: number
  /** When a byte came last, from either side. */
  readonly lastActivityAt: number
  /** Requests so far, hellos included. */
  readonly operations: number
  readonly bytesFromClient: number
  readonly bytesFromMember: number
}
