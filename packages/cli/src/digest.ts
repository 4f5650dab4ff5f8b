// HTTP digest (RFC 7616, MD5, qop=auth) around a `fetch`: Atlas API keys are a user name and password of it. One nonce
// is used as long as the server takes it, the count rising, so that a command costs one request more and not twice as
// many. The `uri` is the raw target as sent, percent-encoding and query included.

import { createHash, randomBytes } from 'node:crypto'
import type { Answer, Asked, Fetch } from '@postern/contract/client'

interface Challenge {
  readonly realm: string
  readonly nonce: string
  readonly opaque: string | undefined
}

/**
 * @param keys `publicKey` is the user name, `privateKey` the password.
 * @returns a `fetch` that answers a digest challenge and sends the request, body and all, again; an answer of 401 to
 *   a request with a fresh nonce comes back as it is.
 */
export function digestFetch(
  fetch: Fetch,
  keys: { readonly publicKey: string; readonly privateKey: string },
  newCnonce: () => string = () => randomBytes(16).toString('hex'),
): Fetch {
  let held: { readonly challenge: Challenge; count: number } | undefined

  const send = (url: string, init: Asked): Promise<Answer> => {
    if (held === undefined) return fetch(url, init)
    held.count += 1
    const { pathname, search } = new URL(url)
    const authorization = answerTo({
      challenge: held.challenge,
      count: held.count,
      cnonce: newCnonce(),
      method: init.method,
      uri: `${pathname}${search}`,
      keys,
    })
    return fetch(url, { ...init, headers: { ...init.headers, authorization } })
  }

  return async (url, init) => {
    const first = await send(url, init)
    if (first.status !== 401) return first
    const challenge = parseChallenge(first.headers.get('www-authenticate') ?? '')
    if (challenge === undefined) return first
    // Read to its end, so that its connection serves again.
    await first.text()
    held = { challenge, count: 0 }
    return send(url, init)
  }
}

interface Question {
  readonly challenge: Challenge
  readonly count: number
  readonly cnonce: string
  readonly method: string
  readonly uri: string
  readonly keys: { readonly publicKey: string; readonly privateKey: string }
}

function answerTo({ challenge, count, cnonce, method, uri, keys }: Question): string {
  const nc = count.toString(16).padStart(8, '0')
  const ha1 = md5(`${keys.publicKey}:${challenge.realm}:${keys.privateKey}`)
  const ha2 = md5(`${method}:${uri}`)
  const response = md5(`${ha1}:${challenge.nonce}:${nc}:${cnonce}:auth:${ha2}`)
  const fields = [
    `username="${quoted(keys.publicKey)}"`,
    `realm="${quoted(challenge.realm)}"`,
    `nonce="${quoted(challenge.nonce)}"`,
    `uri="${uri}"`,
    'algorithm=MD5',
    `response="${response}"`,
    'qop=auth',
    `nc=${nc}`,
    `cnonce="${cnonce}"`,
  ]
  if (challenge.opaque !== undefined) fields.push(`opaque="${quoted(challenge.opaque)}"`)
  return `Digest ${fields.join(', ')}`
}

/** The Digest challenge of a `WWW-Authenticate` value; undefined where there is none that we can answer. */
export function parseChallenge(header: string): Challenge | undefined {
  const start = header.search(/(?:^|,\s*)digest\s/i)
  if (start === -1) return undefined
  const fields = new Map<string, string>()
  for (const [, name, inQuotes, bare] of header
    .slice(start)
    .replace(/^,?\s*digest\s+/i, '')
    .matchAll(/(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,]+))/g)) {
    const key = String(name).toLowerCase()
    if (!fields.has(key)) fields.set(key, inQuotes === undefined ? String(bare) : inQuotes.replaceAll(/\\(.)/g, '$1'))
  }
  const realm = fields.get('realm')
  const nonce = fields.get('nonce')
  const algorithm = fields.get('algorithm') ?? 'MD5'
  const qop = (fields.get('qop') ?? '').split(/\s*,\s*/)
  if (realm === undefined || nonce === undefined || algorithm.toUpperCase() !== 'MD5' || !qop.includes('auth')) {
    return undefined
  }
  return { realm, nonce, opaque: fields.get('opaque') }
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')
const quoted = (text: string): string => text.replaceAll(/["\\]/g, '\\$&')
