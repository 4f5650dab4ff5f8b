// The tables of what endpoints lead to: clusters with their members, and who may sign in there.

import type { ColumnType, Generated } from 'kysely'
import type { Json, SettlesAt, Timestamp } from './columns.ts'

export interface DeploymentTables {
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
    /** Why hidden members of the set are not known, as a primary last told; null: they are, or there are none. */
    hidden_unknown: 'NOT_TOLD' | 'UNREAD' | null
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
    /** From the deployment's hello: primary, secondary, arbiter, passive, hidden, delayed, mongos, unknown. */
    role: string
    position: number
  }
  /** A cluster's door at the gateways for the addresses of its group's access list; no row: it was never on. */
  readonly standard_listener: {
    id: string
    cluster_id: string
    enabled: boolean
    /** From which number on the gateway's feed says so; null until it was published after a change. */
    gateway_n: number | null
    /** Null: the gateways serve on, however long they hear nothing. */
    max_snapshot_age_seconds: number | null
    created: Timestamp
  }
  /** A member's port at the gateways for the standard listener: sticky for its life. */
  readonly standard_port: { member_id: string; gateway_port: number }
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
    /** Clusters where nobody of that name was before: { [clusterId]: true }. */
    made_there: Generated<Json>
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
    /** Clusters where nobody of that name was before: { [clusterId]: true }. */
    made_there: Generated<Json>
    error_message: string | null
    drift: Json | null
    delete_requested: Generated<boolean>
    created: Timestamp
  }
}
