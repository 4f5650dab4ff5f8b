// The tables, as Kysely sees them. One set for both stores (PGlite embedded, a PostgreSQL server); migrations/ makes
// them. Ids are text (24 hex) so that they read the same from URL to row. `revision` counts saves: a save that names an
// older one changes nothing and the turn runs again. `jsonb` columns are parsed where they are read (rows.ts).

import type { ColumnType, Generated } from 'kysely'

/** Written as a JSON string, read as a parsed value of unknown shape. */
export type Json = ColumnType<unknown, string, string>
/** Read as Date; written as Date or ISO text. */
export type Timestamp = ColumnType<Date, Date | string, Date | string>

/** PostgreSQL's xid8: digits; compared by the database. Never written by us. */
export type TransactionNumber = ColumnType<string, never, never>
/** Until when the state of now is shown at least (fidelity/); null: no longer than it takes. */
export type SettlesAt = ColumnType<Date | null, Date | null | undefined, Date | null>

/** As Json, with a default where it is not written. */
type JsonOrDefault = ColumnType<unknown, string | undefined, string>

export interface Tables {
  /** One row: this store's own mark and what was made with it. */
  readonly store_mark: { id: 1; epoch: string; created: Timestamp }
  readonly organization: {
    id: string
    name: string
    created: Timestamp
    /** What was set: see resources/organization/settings.ts. */
    settings: ColumnType<unknown, string | undefined, string>
  }
  /** A project. `hash` is its label in host names; `next_pl`, `next_psc` number its endpoints and only grow. */
  readonly group: {
    id: string
    org_id: string
    name: string
    hash: string
    created: Timestamp
    next_pl: Generated<number>
    next_psc: Generated<number>
    regional_mode: Generated<boolean>
    tags: Json
    settings: Json
    revision: Generated<number>
    aws_custom_dns: Generated<boolean>
    managed_slow_ms: Generated<boolean>
    /** The group's own choice (contract/fidelity.ts); null: as the server is set. */
    fidelity: ColumnType<string | null, string | null | undefined, string | null>
  }
  /** What a group's owner set instead of a default limit. */
  readonly group_limit: { group_id: string; name: string; value: number }
  /** A person. `password` is an scrypt verifier; null for somebody who was only invited yet. */
  readonly app_user: {
    id: string
    email: string
    password: string | null
    first_name: string
    last_name: string
    created: Timestamp
    /** ISO 3166-1; ZZ where nobody said. */
    country: Generated<string>
    mobile_number: string | null
    last_auth: Timestamp | null
  }
  /** A membership that is not accepted yet: while it is here, no role of this user in the organization counts. */
  readonly invitation: {
    org_id: string
    user_id: string
    inviter: string
    created: Timestamp
    expires: Timestamp
    /** SHA-256 of what accepts it; null until somebody asked for that. */
    token_hash: string | null
  }
  /** A session of the console; the cookie's value is kept as a SHA-256. */
  readonly console_session: { token_hash: string; user_id: string; created: Timestamp; seen: Timestamp }
  readonly team: { id: string; org_id: string; name: string; created: Timestamp }
  readonly team_member: { team_id: string; user_id: string }
  /** Programmatic API key; `ha1` is digest's MD5(user:realm:key), sealed. `key_tail` is what a masked answer shows. */
  readonly api_key: {
    id: string
    org_id: string
    public_key: string
    ha1: string
    key_tail: string
    description: string
    created: Timestamp
  }
  /** Service account: a client of OAuth, which proves itself by one of its secrets. */
  readonly service_account: {
    client_id: string
    org_id: string
    name: string
    description: string
    created: Timestamp
  }
  /** The secret is kept as a SHA-256 (it is 240 random bits); `secret_tail` is what a masked answer shows. */
  readonly service_account_secret: {
    id: string
    client_id: string
    secret_hash: string
    secret_tail: string
    created: Timestamp
    expires: Timestamp
    last_used: Timestamp | null
  }
  /** Where an API key or a service account may call from; none: from anywhere. `cidr` as address-range.ts writes it. */
  readonly caller_access_entry: {
    holder_kind: 'API_KEY' | 'SERVICE_ACCOUNT'
    holder_id: string
    cidr: string
    created: Timestamp
    request_count: Generated<number>
    last_used: Timestamp | null
    last_used_address: string | null
  }
  /** A group's IP access list. `value` is a range as address-range.ts writes it, or an AWS security group. */
  readonly group_access_entry: {
    id: string
    group_id: string
    value: string
    comment: string
    delete_after: Timestamp | null
    created: Timestamp
  }
  /** A network that Atlas would make clusters in: kept as told. `region` is null on Google Cloud, which names `regions`. */
  readonly network_container: {
    id: string
    group_id: string
    provider: string
    region: string | null
    regions: Json
    cidr: string
    created: Timestamp
  }
  /** Bearer tokens that were revoked before they expired. */
  readonly revoked_token: { token_hash: string; expires: Timestamp }
  /** Who holds which role where. Exactly one of org_id and group_id. */
  readonly role_assignment: {
    holder_kind: 'USER' | 'API_KEY' | 'SERVICE_ACCOUNT' | 'TEAM'
    holder_id: string
    org_id: string | null
    group_id: string | null
    role: string
  }
  /** Digest nonces that were used: (nonce, nc) may come once while the nonce lives. */
  readonly used_nonce: { nonce: string; nc: string; expires: Timestamp }
  /** `who`: a hash of name and address; `tokens` as they were at `at` (identity/throttle.ts). */
  readonly failed_attempt: { who: string; tokens: number; at: Timestamp }
  readonly endpoint_service: {
    id: string
    group_id: string
    provider: string
    region: string
    /** GCP only: one address and ports pick the member. */
    port_mapping: boolean
    status: string
    /** The cloud's names once it made the service: see providers/provider.ts, `ServiceNames`. */
    names: Json
    supported_remote_regions: Json
    error_message: string | null
    /** Where the search for a free slot goes on; see resources/member-port. */
    next_slot: Generated<number>
    delete_requested: Generated<boolean>
    settles_at: SettlesAt
    labels: JsonOrDefault
    description: Generated<string>
    /** When its deletion was asked for. */
    terminated: Timestamp | null
    created: Timestamp
    revision: Generated<number>
  }
  /** An attached consumer endpoint. `cloud_id` is what the API shows: vpce id, Azure resource id, GCP group name. */
  readonly private_endpoint: {
    id: string
    service_id: string
    group_id: string
    provider: string
    cloud_id: string
    phase: string
    /** What the caller told: see resources/private-endpoint (address, GCP project and rules). */
    request: Json
    /** PROXY TLV identities, known once accepted: string[]. */
    link_ids: Json
    /** Number in the group's `pl` or `psc` count; null until accepted. */
    name_index: number | null
    /** AdvertisedForm; null until accepted. */
    form: string | null
    /** What is advertised: see resources/private-endpoint/advertised.ts, `Advertised`; null until accepted. */
    advertised: Json | null
    /** True once it had been AVAILABLE: its service may then go with it. */
    was_available: Generated<boolean>
    /**
     * From which number on the gateway's and the forwarder's feed say what `phase` says (there, or no longer there);
     * null until the feed was published after the phase changed.
     */
    gateway_n: number | null
    forwarder_n: number | null
    error_message: string | null
    delete_requested: Generated<boolean>
    settles_at: SettlesAt
    labels: JsonOrDefault
    description: Generated<string>
    /** What was set of contract/schemas/private-endpoint.ts, `endpointLimits`; null: nothing. */
    limits: ColumnType<unknown, string | null | undefined, string | null>
    /** What its deletion said of the service, should it be the last: stays, goes, or by the setting (null). */
    keep_service: boolean | null
    /** When its deletion was asked for. */
    terminated: Timestamp | null
    created: Timestamp
    revision: Generated<number>
  }
  /** What a service or an endpoint was that is gone, for as long as it can be taken back: see resources/termination. */
  readonly termination: {
    /** The row's own id. */
    id: string
    kind: 'endpointService' | 'endpoint'
    group_id: string
    provider: string
    region: string
    service_id: string
    /** Null for a service. */
    cloud_id: string | null
    content: Json
    terminated: Timestamp
    expires: Timestamp
  }
  readonly cluster: {
    id: string
    group_id: string
    name: string
    engine: string
    cluster_type: string
    state: string
    /** The Atlas description that the caller gave, completed with defaults. */
    spec: Json
    set_name: string | null
    mongodb_version: string | null
    /** Sealed JSON: how the control plane itself reaches the deployment (options, credentials, TLS). */
    access: string | null
    /** PEM to trust when members speak TLS, and whether names are checked; null: plain. */
    tls: Json | null
    error_message: string | null
    termination_protection: Generated<boolean>
    delete_requested: Generated<boolean>
    settles_at: SettlesAt
    /** When it was last resumed; null: never, or before this was kept. */
    resumed_at: ColumnType<Date | null, Date | undefined, Date | null>
    /** Connection strings as they were when it began to be UPDATING; null: it shows what is. */
    held_strings: ColumnType<unknown, string | undefined, string | null>
    created: Timestamp
    revision: Generated<number>
  }
  readonly member: {
    id: string
    cluster_id: string
    host_port: string
    provider: string
    region: string
    /** From the deployment's hello: primary, secondary, arbiter, passive, hidden, mongos, unknown. */
    role: string
    position: number
  }
  /** A member's place behind one endpoint service: sticky for its life. */
  readonly member_port: {
    service_id: string
    member_id: string
    slot: number
    service_port: number
    gateway_port: number
  }
  readonly database_user: {
    id: string
    group_id: string
    username: string
    database_name: string
    /** Sealed; null for users whose password lives elsewhere. */
    password: string | null
    /** The Atlas view without the password. */
    spec: Json
    state: string
    /** Counts what callers asked for; `applied` says which count each cluster has: { [clusterId]: number }. */
    wish: Generated<number>
    applied: Json
    /** A digest of the credentials that each cluster showed after we gave them: { [clusterId]: text }. */
    credentials: Generated<Json>
    /** What a deployment was last found to have otherwise; see resources/database-access/drift.ts. */
    drift: Json | null
    error_message: string | null
    delete_after: Timestamp | null
    delete_requested: Generated<boolean>
    created: Timestamp
    revision: Generated<number>
  }
  readonly database_user_cert: {
    /** Of the certificate; below 2^53, so that JSON can say it. */
    serial: number
    user_id: string
    subject: string
    created: Timestamp
    not_after: Timestamp
  }
  readonly custom_db_role: {
    id: string
    group_id: string
    name: string
    /** Actions and inherited roles, the Atlas view. */
    spec: Json
    state: string
    /** As of database_user. */
    wish: Generated<number>
    applied: Json
    error_message: string | null
    drift: Json | null
    delete_requested: Generated<boolean>
    created: Timestamp
  }
  /** The local cloud's truth: what exists in the consumer's network on this machine. See resources/local-cloud. */
  readonly local_endpoint: {
    id: string
    provider: string
    cloud_id: string
    region: string
    /** Which provider-side name it was made for: endpointServiceName, private link service id, attachment. */
    target: string
    link_id: string
    /** Addresses it listens on. */
    hosts: Json
    first_port: number
    port_count: number
    form: string
    state: string
    properties: Json
    created: Timestamp
  }
  /** The local cloud's provider side: the services that it made for endpoint_service rows. */
  readonly local_service: {
    service_id: string
    provider: string
    region: string
    names: Json
    ready_at: Timestamp
    deleted: Generated<boolean>
  }
  /** Accepted connections at the local cloud's provider side. */
  /** The place that a local endpoint was given last; no row: none yet. */
  readonly local_last_place: { id: 1; host: string; first_port: number; port_count: number }
  readonly local_acceptance: { service_id: string; local_endpoint_id: string; ready_at: Timestamp }
  readonly snapshot: {
    feed: string
    epoch: string
    n: number
    hash: string
    /** `json`, not `jsonb`: see resources/edge/wholes.ts. */
    body: Json
    created: Timestamp
    /** See snapshots/schema.ts. */
    schema: Generated<number>
  }
  /** An edge that has ever reported, per feed, with what it holds. */
  readonly edge_report: {
    edge: string
    feed: string
    epoch: string
    n: number
    bound: Json
    failed: Json
    seen: Timestamp
  }
  /** What an edge is asked about its live connections, for the seconds that somebody waits for its answer. */
  readonly edge_question: {
    id: string
    edge: string
    body: Json
    /** Null until it came. */
    answer: ColumnType<unknown, string | null | undefined, string>
    created: Timestamp
  }
  /** One row: who signs endpoints' certificates. `certificate` is PEM, `private_key` sealed. */
  /** 1 signs endpoints' certificates, 2 database users'. */
  readonly certificate_authority: { id: 1 | 2; certificate: string; private_key: string; created: Timestamp }
  readonly event: {
    id: string
    org_id: string
    group_id: string | null
    type: string
    actor_kind: string
    actor_id: string
    actor_name: string
    source_address: string | null
    target: Json
    created: Timestamp
    /** Number of the transaction that wrote it, and its place within: see resources/event/order.ts. */
    tx: TransactionNumber
    n: Generated<number>
  }
  /** Of a group, or, with `group_id` null, of an organization. `secret` is sealed; no `event_types`: all of them. */
  readonly webhook: {
    id: string
    org_id: string
    group_id: string | null
    url: string
    allow_plain_http: boolean
    description: string
    event_types: Json
    secret: string
    enabled: boolean
    disabled_reason: string | null
    created: Timestamp
  }
  /** One event for one webhook; `event_id` is null for a test. `next_attempt` is null once it is PENDING no more. */
  readonly webhook_delivery: {
    id: string
    webhook_id: string
    event_id: string | null
    event_type: string
    state: 'PENDING' | 'DELIVERED' | 'FAILED'
    attempts: Generated<number>
    status_code: number | null
    error: string | null
    next_attempt: Timestamp | null
    last_attempt: Timestamp | null
    created: Timestamp
  }
  /** What changed last when, by the names that the API has for it; written by triggers alone. */
  readonly resource_change: { group_id: string; kind: string; parent: string; id: string; tx: TransactionNumber }
}
