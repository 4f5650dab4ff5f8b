// The request's body: read whole under a limit, then parsed once. What no store can hold (NUL, half a surrogate pair)
// and what would exhaust a parser's stack (nesting) is refused here, so that nobody inside meets it.

import { AtlasError } from '@postern/contract/errors'

/** Deeper than any Atlas body by an order of magnitude. */
const maxDepth = 64
const unstorable = /\0|\p{Surrogate}/u

/** Reads the whole body. Throws PAYLOAD_TOO_LARGE as soon as it is certain, by its declared length or by its bytes. */
export const readBody = async (request: Request, limit: number): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = []
  await pull(request, limit, (chunk) => chunks.push(chunk))
  return Buffer.concat(chunks)
}

/** Reads the body and forgets it, so that the connection lives on: digest's first leg carries one that nobody wants. */
export const drainBody = (request: Request, limit: number): Promise<void> => pull(request, limit, () => {})

const pull = async (request: Request, limit: number, take: (chunk: Uint8Array) => void): Promise<void> => {
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw new AtlasError('PAYLOAD_TOO_LARGE', { limit })
  if (request.body === null) return
  let size = 0
  const chunks = request.body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  for (;;) {
    const next = await chunks.next().catch(brokenOff)
    if (next.done) return
    size += next.value.byteLength
    if (size > limit) throw new AtlasError('PAYLOAD_TOO_LARGE', { limit })
    take(next.value)
  }
}

/** The caller hung up: not to be mistaken for a store that did (both say ECONNRESET). */
const brokenOff = (cause: unknown): never => {
  throw new AtlasError('VALIDATION_ERROR', { problem: 'the body broke off before its end' }, { cause })
}

/**
 * Throws UNSUPPORTED_MEDIA_TYPE for a body that is not declared as JSON: plain text and forms are what a foreign page
 * may send without asking first. Any JSON type will do, whatever version it names.
 */
export const checkJsonType = (contentType: string | null): void => {
  if (/^\s*application\/(?:[\w.+-]*\+)?json\s*(?:;|$)/i.test(contentType ?? '')) return
  throw new AtlasError('UNSUPPORTED_MEDIA_TYPE', { contentType: (contentType ?? '(none)').slice(0, 100) })
}

/** Parses JSON text. Throws INVALID_JSON for what is none, and for strings that no store can hold. */
export const parseJson = (bytes: Uint8Array): unknown => {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (isBearable(value)) return value
  } catch (cause) {
    throw new AtlasError('INVALID_JSON', {}, { cause })
  }
  throw new AtlasError('INVALID_JSON', {})
}

const isBearable = (root: unknown): boolean => {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value: root, depth: 0 }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, depth } = next
    if (typeof value === 'string' && unstorable.test(value)) return false
    if (typeof value !== 'object' || value === null) continue
    if (depth === maxDepth) return false
    for (const [key, each] of Object.entries(value)) {
      if (unstorable.test(key)) return false
      waiting.push({ value: each, depth: depth + 1 })
    }
  }
  return true
}

/** True for text that the store can hold. */
export const isStorable = (text: string): boolean => !unstorable.test(text)

/** Parses a form (OAuth). A repeated name keeps its first value; what is no form is UNSUPPORTED_MEDIA_TYPE. */
export const parseForm = (bytes: Uint8Array, contentType: string | null): Readonly<Record<string, string>> => {
  if (!/^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i.test(contentType ?? ''))
    throw new AtlasError('UNSUPPORTED_MEDIA_TYPE', { contentType: (contentType ?? '(none)').slice(0, 100) })
  const form = new Map<string, string>()
  for (const [name, value] of new URLSearchParams(new TextDecoder().decode(bytes)))
    if (!form.has(name)) form.set(name, value)
  return Object.fromEntries(form)
}
