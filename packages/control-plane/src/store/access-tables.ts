// The tables of who may call, and how they prove it: people, teams, keys, service accounts, their roles and sessions.

import type { Generated } from 'kysely'
import type { Timestamp } from './columns.ts'

export interface AccessTables {
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
  readonly console_session: {
    token_hash: string
    user_id: string
    created: Timestamp
    seen: Timestamp
    /** It began with a link that somebody else may have made. */
    by_link: Generated<boolean>
  }
  /** What logs a person in once; kept as a SHA-256. */
  readonly session_link: { token_hash: string; user_id: string; expires: Timestamp }
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
}
