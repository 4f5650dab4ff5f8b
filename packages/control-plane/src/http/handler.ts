// What the HTTP engine hands to a handler and takes back. Handlers are short: parsed input, call, reply.

import type { OperationId } from '@postern/contract/routes'
import type { BodyOf, QueryOf, ReplyOf } from '@postern/contract/schemas/operations'
import type { Paging } from './input.ts'

export interface Actor {
  readonly kind: 'USER' | 'API_KEY' | 'SERVICE_ACCOUNT'
  readonly id: string
  /** What an audit event shows: e-mail, public key or client id. */
  readonly name: string
  readonly orgRoles: ReadonlyMap<string, ReadonlySet<string>>
  readonly groupRoles: ReadonlyMap<string, ReadonlySet<string>>
}

export interface Call<Op extends OperationId> {
  /** Null only on routes whose access is `public` or `edge`. */
  readonly actor: Actor | null
  /** Decoded once, segment by segment. */
  readonly params: Readonly<Record<string, string>>
  readonly query: QueryOf<Op>
  /** pageNum, itemsPerPage and includeCount, which every list knows; see paging.ts. */
  readonly paging: Paging
  readonly body: BodyOf<Op>
  /** Media-type version that the engine chose: a date of the route's `versions`, the oldest under v1.0; '' without versions. */
  readonly version: string
  readonly sourceAddress: string
  /** What the door speaks by which it came. */
  readonly scheme: 'http' | 'https'
  readonly headers: Headers
  /** Builds an absolute link from the configured URL: `link('/api/atlas/v2/groups/…')`. */
  readonly link: (path: string) => string
  /** Path and query as they came, for `links[self]`. */
  readonly self: string
  readonly signal: AbortSignal
  /** Asked while an answer goes on: whether what let the caller in still does, their role included. */
  readonly stillMay: () => Promise<boolean>
}

/** An answer that goes on, as text/event-stream. */
export interface ReplyStream {
  readonly body: ReadableStream<Uint8Array>
  /** `slow`: the caller did not read, so the connection is to be cut. Never rejects. */
  readonly ended: Promise<'done' | 'slow'>
}

export interface Reply<Op extends OperationId> {
  /** Overrides the route's own success status (204 for a long poll without news). */
  readonly status?: number
  readonly body?: ReplyOf<Op>
  /** Instead of `body`: the same as JSON already, where it is large and lies ready. */
  readonly json?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Instead of `body`, on a route that says `stream`. */
  readonly stream?: ReplyStream
}

export type Handler<Op extends OperationId> = (call: Call<Op>) => Promise<Reply<Op>>
export type Handlers<Op extends OperationId> = { readonly [Each in Op]: Handler<Each> }
