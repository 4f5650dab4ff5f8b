// HTTP digest as MongoDB's API speaks it (RFC 7616 with MD5 and qop=auth): pure parsing and arithmetic. The challenge is
// byte-shaped: the official Go client splits it at `", "`, knows only these directives and reads only the first
// WWW-Authenticate header. Clients answer with algorithm and qop quoted or not, or without algorithm.

import { createHash } from 'node:crypto'

/** The realm is part of every stored HA1 and can never change. */
const realm = 'MMS Public API'

export const digestChallenge = (nonce: string, stale: boolean): string =>
  `Digest realm="${realm}", domain="", nonce="${nonce}", algorithm=MD5, qop="auth", stale=${stale}`

export interface DigestAnswer {
  readonly username: string
  readonly nonce: string
  readonly uri: string
  /** Lower-case hex. */
  readonly response: string
  /** Eight hex digits, in the case they came in: they are hashed. */
  readonly nc: string
  readonly cnonce: string
}

// name=value or name="value", where a quoted value may hold commas and escaped characters.
const directive = /\s*([\w-]{1,32})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s",]+))\s*(?:,|$)/y

/** Null for whatever is not one complete answer to our challenge: a duplicate directive, another realm, another qop. */
export const parseDigestAnswer = (authorization: string): DigestAnswer | null => {
  const text = /^\s*digest\s+(.*)$/is.exec(authorization)?.[1]
  const given = text === undefined ? null : directivesOf(text)
  if (given === null) return null
  const { username, nonce, uri, response, nc, cnonce } = Object.fromEntries(given)
  const fits =
    given.get('realm') === realm &&
    given.get('qop') === 'auth' &&
    (given.get('algorithm') ?? 'MD5').toUpperCase() === 'MD5' &&
    /^[0-9a-f]{32}$/i.test(response ?? '') &&
    /^[0-9a-f]{8}$/i.test(nc ?? '')
  if (!fits || !username || !nonce || !uri || !response || !nc || !cnonce) return null
  return { username, nonce, uri, response: response.toLowerCase(), nc, cnonce }
}

const directivesOf = (text: string): ReadonlyMap<string, string> | null => {
  const given = new Map<string, string>()
  directive.lastIndex = 0
  while (directive.lastIndex < text.length) {
    const found = directive.exec(text)
    const name = found?.[1]?.toLowerCase()
    if (!found || name === undefined || given.has(name)) return null
    given.set(name, found[2]?.replace(/\\(.)/g, '$1') ?? found[3] ?? '')
  }
  return given
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex')

/** MD5(user:realm:key): as good as the key itself within the realm, so it is kept sealed. */
export const digestHa1 = (username: string, key: string, ofRealm: string = realm): string =>
  md5(`${username}:${ofRealm}:${key}`)

/** What a client that knows HA1 answers, lower-case hex (RFC 7616, 3.4.1). `nc` is hashed as it was sent. */
export const digestResponse = (of: {
  readonly ha1: string
  readonly method: string
  readonly uri: string
  readonly nonce: string
  readonly nc: string
  readonly cnonce: string
}): string => md5(`${of.ha1}:${of.nonce}:${of.nc}:${of.cnonce}:auth:${md5(`${of.method}:${of.uri}`)}`)
