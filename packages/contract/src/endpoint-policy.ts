// What the owner of an endpoint may forbid at it, beside its limits: the words that the API, the snapshot and the gateway
// share. A rule that is null (or false) forbids nothing.

export const tlsVersions = ['TLS1_2', 'TLS1_3'] as const
export type TlsVersion = (typeof tlsVersions)[number]

/** A database user, as MongoDB knows one: a name is somebody else in another authentication database. */
export interface DatabaseUserName {
  readonly username: string
  /** `admin`, or `$external`. */
  readonly databaseName: string
}

export interface EndpointPolicy {
  /** Names of the clusters that it opens; null: every one of its project. */
  readonly clusters: readonly string[] | null
  /** Clients must speak TLS, of this version or a newer one; null: as the endpoint's form has it. */
  readonly minimumTls: TlsVersion | null
  /** A connection without a byte for as long, and with nothing on its way, is ended; null: as the gateway is set. */
  readonly idleSeconds: number | null
  /** Who may authenticate, and nobody may do anything without; null: whoever the deployment knows. */
  readonly databaseUsers: readonly DatabaseUserName[] | null
  /** Only commands and aggregation stages that are known to read. */
  readonly readOnly: boolean
  /**
   * A gateway that has not heard for as long that its snapshot is the newest lets nobody in and ends who is there; null: it
   * serves on.
   */
  readonly maxSnapshotAgeSeconds: number | null
  /** CA certificates in PEM: a client must show a certificate that one of them signed. Only with TLS; null: none is asked for. */
  readonly clientCa: string | null
  /**
   * What that certificate must be called, one of these: its subject as RFC 2253 writes it (`CN=app,O=Shop`), or a DNS name of
   * its subjectAltName. Only with `clientCa`; null: whatever it is called.
   */
  readonly clientNames: readonly string[] | null
}

/** What of it may be said of a standard listener. */
export type ListenerPolicy = Pick<EndpointPolicy, 'maxSnapshotAgeSeconds'>

export const noPolicy: EndpointPolicy = {
  clusters: null,
  minimumTls: null,
  idleSeconds: null,
  databaseUsers: null,
  readOnly: false,
  maxSnapshotAgeSeconds: null,
  clientCa: null,
  clientNames: null,
}

export const opensCluster = ({ clusters }: Pick<EndpointPolicy, 'clusters'>, name: string): boolean =>
  clusters === null || clusters.includes(name)

/** An endpoint that is told by names speaks TLS by itself: an address has no certificate that every client would check. */
export const speaksTls = (form: string | null, { minimumTls }: Pick<EndpointPolicy, 'minimumTls'>): boolean =>
  form === 'name' || minimumTls !== null
