// Bearer tokens of service accounts: signed, so that no lookup is needed to know whose they are; short-lived, and
// refused once revoked, or once the secret that fetched them is deleted. Clients renew ten minutes before the end, hence the hour (the official Terraform provider).

import { createHash } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'

/** Seconds. */
export const tokenLife = 3600
const issuer = 'postern'

export interface TokenFacts {
  readonly clientId: string
  /** The secret that fetched it: with that it ends. */
  readonly secretId: string
  /** Milliseconds since 1970. */
  readonly expires: number
}

/** A token for `clientId`. `now` in milliseconds since 1970; `random` makes two tokens of one second differ. */
export const issueToken = (
  key: Uint8Array,
  {
    clientId,
    secretId,
    now,
    random,
  }: Pick<TokenFacts, 'clientId' | 'secretId'> & { readonly now: number; readonly random: string },
): Promise<string> => {
  const seconds = Math.floor(now / 1000)
  return new SignJWT({ secretId })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer(issuer)
    .setSubject(clientId)
    .setJti(random)
    .setIssuedAt(seconds)
    .setExpirationTime(seconds + tokenLife)
    .sign(key)
}

/** Null for a token that is not ours, was changed or has expired. */
export const readToken = async (key: Uint8Array, token: string, now: number): Promise<TokenFacts | null> => {
  try {
    const { payload } = await jwtVerify(token, key, { algorithms: ['HS256'], issuer, currentDate: new Date(now) })
    const { sub, exp, secretId } = payload
    if (sub === undefined || exp === undefined || typeof secretId !== 'string') return null
    return { clientId: sub, secretId, expires: exp * 1000 }
  } catch {
    return null
  }
}

/** What is stored of a revoked token. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex')
