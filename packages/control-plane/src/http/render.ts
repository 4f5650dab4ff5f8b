// Answers as bytes: a success in the version that was chosen, an error as Atlas writes one (keys in the recorded
// order, always plain `application/json`, its code repeated in a header). What is not an AtlasError is a bug or a store
// that is away: the caller gets a sentence and a request id, the log gets the cause, nobody gets a stack.

import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import { AtlasError } from '@postern/contract/errors'
import { isConnectionLost, StoreUnavailable } from '../store/store-error.ts'
import type { Manner } from './input.ts'

/** On every answer, as recorded from Atlas; nothing that we send may be stored by a cache or sniffed. */
export const fixedHeaders: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'ratelimit-limit': '4000',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
}

const bodiless = new Set([204, 304])

/** A successful answer. `body` undefined with a status that has a body is `{}`, as Atlas answers a DELETE. */
export const renderReply = (reply: {
  readonly status: number
  readonly body: unknown
  readonly json?: string | undefined
  readonly contentType: string
  readonly headers: Readonly<Record<string, string>>
  readonly manner: Manner
}): Response => {
  const { status, contentType, manner, json } = reply
  const headers = { ...fixedHeaders, 'content-type': contentType, ...reply.headers }
  if (bodiless.has(status)) return new Response(null, { status, headers })
  if (json !== undefined && !manner.pretty && !manner.envelope) return new Response(json, { status, headers })
  const body: unknown = json === undefined ? (reply.body ?? {}) : JSON.parse(json)
  return new Response(toText(envelop(body, status, manner), manner), { status, headers })
}

/** An answer that goes on; a proxy in between is told not to collect it. */
export const renderStream = (body: ReadableStream<Uint8Array>, status: number): Response =>
  new Response(body, {
    status,
    headers: { ...fixedHeaders, 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' },
  })

/** Atlas: a list gets its status beside `results`; anything else is wrapped as `content`. */
const envelop = (body: unknown, status: number, { envelope }: Manner): unknown => {
  if (!envelope) return body
  const isPage = typeof body === 'object' && body !== null && 'results' in body
  return isPage ? { ...body, status } : { status, content: body }
}

const toText = (body: unknown, { pretty }: Manner): string =>
  typeof body === 'string' ? body : JSON.stringify(body, null, pretty ? 2 : undefined)

/** An AtlasError as Atlas renders it. */
export const renderError = (error: AtlasError, headers: Readonly<Record<string, string>> = {}): Response =>
  new Response(
    JSON.stringify({
      ...(error.fields.length > 0 && { badRequestDetail: { fields: error.fields } }),
      detail: error.message,
      error: error.status,
      errorCode: error.told,
      parameters: error.parameters,
      reason: reasonOf(error.status),
    }),
    {
      status: error.status,
      headers: { ...fixedHeaders, 'content-type': 'application/json', 'x-error-code': error.told, ...headers },
    },
  )

/** The recorded 401, key by key: Atlas answers it before any resource is reached, and without its error header. */
export const renderUnauthorized = (challenge: string | null): Response =>
  new Response(
    JSON.stringify({
      error: 401,
      reason: 'Unauthorized',
      detail: 'You are not authorized for this resource.',
      errorCode: 'UNEXPECTED_ERROR',
    }),
    {
      status: 401,
      headers: {
        ...fixedHeaders,
        'content-type': 'application/json',
        ...(challenge !== null && { 'www-authenticate': challenge }),
      },
    },
  )

const reasonOf = (status: number): string => STATUS_CODES[status] ?? 'Error'

/** Turns whatever was thrown into an AtlasError; the caller logs its cause. */
export const toAtlasError = (thrown: unknown): AtlasError => {
  if (thrown instanceof AtlasError) return thrown
  if (thrown instanceof StoreUnavailable || isConnectionLost(thrown))
    return new AtlasError('SERVICE_UNAVAILABLE', {}, { cause: thrown })
  return new AtlasError('UNEXPECTED_ERROR', { requestId: randomUUID() }, { cause: thrown })
}
