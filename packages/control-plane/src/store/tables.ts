// The tables, as Kysely sees them. One set for both stores (PGlite embedded, a PostgreSQL server); migrations/ makes
// them. Ids are text (24 hex) so that they read the same from URL to row. `revision` counts saves: a save that names an
// older one changes nothing and the turn runs again. `jsonb` columns are parsed where they are read (rows.ts).

import type { ColumnType, Generated, GeneratedAlways } from 'kysely'
import type { AccessTables } from './access-tables.ts'
import type { Json, JsonOrDefault, Made, SettlesAt, Timestamp, TransactionNumber } from './columns.ts'
import type { DeploymentTables } from './deployment-tables.ts'

export interface Tables extends AccessTables, DeploymentTables {
  /** One row: this store's own mark and what was made with it. */
  readonly store_mark: { id: 1; epoch: string; created: Timestamp }
  /** Homes whose first identities were made here. No reference: it outlives the organization. */
  readonly seed_mark: { org_id: string; created: Timestamp }
  readonly organization: {
    id: string
    name: string
    created: Timestamp
    /** What was set: see resources/organization/settings.ts. */
    settings: JsonOrDefault
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
    /** Private connection strings are handed out alone. */
    private_only: Generated<boolean>
    /** The group's own choice (contract/fidelity.ts); null: as the server is set. */
    fidelity: ColumnType<string | null, string | null | undefined, string | null>
  }
  /** What a group's owner set instead of a default limit. */
  readonly group_limit: { group_id: string; name: string; value: number }
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
    /** Its deletion waits for no edge that is silent. */
    without_silent: Generated<boolean>
    /** What was set of contract/schemas/private-endpoint.ts, `endpointLimits`; null: nothing. */
    limits: ColumnType<unknown, string | null | undefined, string | null>
    /** What was set of contract/schemas/private-endpoint.ts, `endpointPolicy`; null: nothing. */
    policy: ColumnType<unknown, string | null | undefined, string | null>
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
  /** A member's place behind one endpoint service: sticky for its life. Or a sharded cluster's, over all of its routers. */
  readonly member_port: {
    service_id: string
    /** Or `cluster_id`. */
    member_id: string
    cluster_id: string | null
    /** `member_id`, where it is a member's. */
    only_member: Made<string | null>
    slot: number
    service_port: number
    gateway_port: number
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
  /** The place that a local endpoint was given last; no row: none yet. */
  readonly local_last_place: { id: 1; host: string; first_port: number; port_count: number }
  /** Accepted connections at the local cloud's provider side. */
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
  /** See resources/feed/changes.ts. */
  readonly snapshot_change: { feed: string; epoch: string; n: number; schema: number; hash: string; change: Json }
  /** An edge that has ever reported, per feed, with what it holds. */
  readonly edge_report: {
    edge: string
    feed: string
    epoch: string
    n: number
    bound: Json
    failed: Json
    /** Of the DNS server. */
    dns_address: string | null
    seen: Timestamp
    /** CIDRs from which a gateway believes PROXY headers. */
    trusts: JsonOrDefault
    /** Of its program; null: it told none. */
    version: string | null
    /** SHA-256 over bound, failed and trusts, as the store writes them (resources/edge/lists-hash.ts). */
    lists_hash: GeneratedAlways<Uint8Array>
  }
  /** An edge that enrolled, and what it proves itself by; see identity/edge-identity.ts. */
  readonly edge_identity: {
    edge: string
    proof: string
    /** SHA-256 of its public key, in hex; unique. */
    key_hash: string
    /** SHA-256 of its own secret, in hex. */
    credential_hash: string
    /** Of the token that it enrolled with. */
    token_hash: string
    programs: Json
    /** Null: every organization, of which `group_ids` may then name some groups. */
    org_ids: ColumnType<unknown, string | null, string | null>
    group_ids: ColumnType<unknown, string | null, string | null>
    /** Organizations of whose owner the token came: they are told, and may revoke it. */
    owner_org_ids: Json
    enrolled: Timestamp
    revoked: ColumnType<Date | null, Date | null | undefined, Date | null>
  }
  /** What edges of these names proved themselves by until another took the name, or they were revoked and forgotten. */
  readonly edge_former_proof: {
    edge: string
    /** SHA-256, in hex. */
    hash: string
    ended: Timestamp
  }
  /** A token that an edge of this name may enrol with, once; kept as a SHA-256. */
  readonly edge_enrolment: {
    edge: string
    token_hash: string
    programs: Json
    org_ids: ColumnType<unknown, string | null, string | null>
    group_ids: ColumnType<unknown, string | null, string | null>
    owner_org_ids: Json
    expires: Timestamp
    created: Timestamp
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
  /** The start of an edge that last told of traffic, and the one before it; see resources/traffic. */
  readonly edge_run: { edge: string; run: string; run_before: string | null; n: number; at: Timestamp }
  /** What each counter of that run stood at; `endpoint_id` is that of a private endpoint or a standard listener. */
  readonly edge_traffic: {
    edge: string
    endpoint_id: string
    bytes_from_client: number
    bytes_from_member: number
    connections: number
    new_connections: number
    refused: number
  }
  /** What flowed in one minute, which begins at `at`; `connections` were open at its end. */
  readonly traffic_point: {
    endpoint_id: string
    edge: string
    at: Timestamp
    bytes_from_client: number
    bytes_from_member: number
    connections: number
    new_connections: number
    refused: number
  }
  /** 1 signs endpoints' certificates, 2 database users', 3 edges'. `certificate` is PEM, `private_key` sealed. */
  readonly certificate_authority: { id: 1 | 2 | 3; certificate: string; private_key: string; created: Timestamp }
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
