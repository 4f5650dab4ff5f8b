// Who calls: an API key by digest, a service account by bearer token, a person by the console's session, an edge by its
// certificate or a token. Everything that fails fails alike: the same answer after the same work, whether a key is unknown or its
// signature wrong.

import { createHash, timingSafeEqual } from 'node:crypto'
import { AtlasError } from '@postern/contract/errors'
import { loadUser } from '../identity/actor.ts'
import { readToken } from '../identity/bearer-token.ts'
import { checkCallerAddress, mayCallFrom } from '../identity/caller-access.ts'
import { type EdgeIdentity, loadEdgeIdentity, proofEnded, proofHash } from '../identity/edge-identity.ts'
import { type MachineStanding, presentedKey, standingAccount, standingKey } from '../identity/machine.ts'
import { sameHash, secretHash } from '../identity/secret-hash.ts'
import { deriveKey } from '../identity/server-key.ts'
import { livingSession, sessionTokenOf, useSession } from '../identity/session.ts'
import { createThrottle } from '../identity/throttle.ts'
import type { Parts } from '../parts.ts'
import { type DigestAnswer, digestChallenge, digestHa1, digestResponse, parseDigestAnswer } from './digest.ts'
import type { Actor } from './handler.ts'
import { makeNonce, readNonce } from './nonce.ts'

/** The caller is to be challenged; `stale` says that its key was right and only the nonce was not. */
export class Unauthenticated extends Error {
  override readonly name = 'Unauthenticated'
  readonly stale: boolean
  constructor(stale: boolean) {
    super('not authenticated')
    this.stale = stale
  }
}

export interface Approach {
  readonly method: string
  /** Path and query exactly as on the wire: digest signs them. */
  readonly rawTarget: string
  readonly authorization: string | null
  readonly cookie: string | null
  /** The page that sent it: one that is not ours was refused already (guard.ts). */
  readonly origin: string | null
  /** What a browser says of where the request came from (Sec-Fetch-Site). */
  readonly fetchSite: string | null
  readonly address: string
  /** SHA-256 of the key of the certificate that the caller showed in TLS and our edges' authority signed; null: none. */
  readonly peerKeyHash: () => string | null
}

export interface Authenticator {
  /** Throws Unauthenticated, RATE_LIMITED after too many failures, IP_ADDRESS_NOT_ON_ACCESS_LIST. */
  readonly actor: (approach: Approach) => Promise<Actor>
  /** The actor as it is now, where what they once proved themselves by still stands; else null. Counts as no use. */
  readonly again: (approach: Approach, actor: Pick<Actor, 'kind' | 'id' | 'name'>) => Promise<Actor | null>
  /**
   * Throws Unauthenticated unless the caller proves to be the edge of this name, by its own identity or, where it never
   * enrolled, by the token that edges share; POSTERN_EDGE_REVOKED where that identity was revoked, or another has its name.
   */
  readonly edge: (approach: Approach, edge: string) => Promise<void>
  readonly challenge: (stale: boolean) => string
}

/** Between two looks at which remembered nonces have expired. */
const sweepMs = 60_000

/** `secret` signs nonces and tokens; `edgeToken` is what edges show that never enrolled, null where there are none. */
export const createAuthenticator = (
  parts: Parts,
  { secret, edgeToken }: { readonly secret: Uint8Array; readonly edgeToken: string | null },
): Authenticator => {
  const nonceKey = deriveKey(secret, 'digest nonce')
  const tokenKey = deriveKey(secret, 'bearer token')
  const throttle = createThrottle(parts)
  const nobody = { id: 'nobody', ha1: parts.seal.close('nobody', digestHa1('nobody', parts.ids.hex(16))) }

  const byDigest = async (answer: DigestAnswer, approach: Approach): Promise<Actor> => {
    const { method, rawTarget, address } = approach
    const { key, beside } = await presentedKey(parts, answer.username, throttle.bucketOf(answer.username, address))
    throttle.judge(beside)
    const { id, ha1 } = key ?? nobody
    const expected = digestResponse({ ...answer, ha1: parts.seal.open(id, ha1), method })
    const proved = sameText(expected, answer.response) && answer.uri === rawTarget
    if (!proved || !key) {
      await throttle.failed(answer.username, address)
      throw new Unauthenticated(false)
    }
    await useOnce(answer)
    return letIn(key.standing, address)
  }

  const useOnce = async ({ nonce, nc }: DigestAnswer): Promise<void> => {
    const now = parts.clock.now()
    const ours = readNonce(nonceKey, nonce)
    if (!ours || ours.expires <= now) throw new Unauthenticated(true)
    await sweep(now)
    // The primary key decides among all control planes, by itself: nothing is read that another could change.
    const fresh = await parts.store.transact(
      (tx) =>
        tx
          .insertInto('used_nonce')
          .values({ nonce, nc: nc.toLowerCase(), expires: new Date(ours.expires) })
          .onConflict((conflict) => conflict.doNothing())
          .returning('nonce')
          .executeTakeFirst(),
      { isolation: 'read committed' },
    )
    if (!fresh) throw new Unauthenticated(true)
  }

  let swept = 0
  const sweep = async (now: number): Promise<void> => {
    if (now - swept < sweepMs) return
    swept = now
    await parts.store.transact((tx) => tx.deleteFrom('used_nonce').where('expires', '<', new Date(now)).execute(), {
      isolation: 'read committed',
    })
  }

  // Nothing slows this down: a token is signed with 256 bits that nobody guesses.
  const byToken = async (token: string, address: string): Promise<Actor> => letIn(await accountOf(token), address)

  const letIn = async (standing: MachineStanding | undefined, address: string): Promise<Actor> => {
    if (!standing) throw new Unauthenticated(false)
    await checkCallerAddress(parts, standing, address)
    return standing.actor
  }

  const accountOf = async (token: string): Promise<MachineStanding | undefined> => {
    const facts = await readToken(tokenKey, token, parts.clock.now())
    return facts ? standingAccount(parts, { ...facts, token }) : undefined
  }

  // Nothing slows this down either: the cookie holds 256 random bits. A browser sends it with whatever it asks for, so a
  // change must come from a page, and by guard.ts from one of ours.
  const bySession = async (token: string, { method, origin, fetchSite }: Approach): Promise<Actor> => {
    // Cookies know no ports: another program's page on this machine is the same site, and the browser adds the cookie.
    if (fetchSite === 'cross-site' || fetchSite === 'same-site')
      throw new AtlasError('FOREIGN_ORIGIN', { origin: origin ?? '(unknown)' })
    if (origin === null && method !== 'GET' && method !== 'HEAD')
      throw new AtlasError('FOREIGN_ORIGIN', { origin: '(unknown)' })
    const session = await useSession(parts, token)
    if (!session) throw new Unauthenticated(false)
    return loadUser(parts, { id: session.userId, name: session.email })
  }

  const userAgain = async ({ cookie }: Approach, { id, name }: Pick<Actor, 'id' | 'name'>): Promise<Actor | null> => {
    const session = await livingSession(parts, sessionTokenOf(cookie) ?? '')
    return session?.userId === id ? loadUser(parts, { id, name }) : null
  }

  return {
    again: async (approach, actor) => {
      if (actor.kind === 'USER') return userAgain(approach, actor)
      const standing =
        actor.kind === 'API_KEY'
          ? await standingKey(parts, actor.id)
          : await accountOf(bearerOf(approach.authorization ?? '') ?? '')
      if (standing === undefined || standing.actor.id !== actor.id || !mayCallFrom(standing, approach.address))
        return null
      return standing.actor
    },
    actor: async (approach) => {
      const authorization = approach.authorization ?? ''
      const digest = parseDigestAnswer(authorization)
      if (digest) return byDigest(digest, approach)
      const token = bearerOf(authorization)
      if (token !== null) return byToken(token, approach.address)
      const session = authorization === '' ? sessionTokenOf(approach.cookie) : null
      if (session !== null) return bySession(session, approach)
      throw new Unauthenticated(false)
    },
    edge: async (approach, edge) => {
      const token = bearerOf(approach.authorization ?? '')
      const { read } = parts.store
      const identity = await loadEdgeIdentity(read, edge)
      const shown = { token: token && secretHash(token), key: approach.peerKeyHash() }
      const isIt =
        identity === null
          ? token !== null && edgeToken !== null && sameText(token, edgeToken)
          : provesToBe(identity, shown)
      const ended = isIt ? (identity?.revoked ?? null) : await proofEnded(read, edge, [shown.token, shown.key])
      if (ended !== null) throw new AtlasError('POSTERN_EDGE_REVOKED', { edge, revoked: ended.toISOString() })
      if (!isIt) throw new Unauthenticated(false)
    },
    challenge: (stale) => digestChallenge(makeNonce(nonceKey, parts.clock.now(), parts.ids.hex(8)), stale),
  }
}

const provesToBe = (
  identity: EdgeIdentity,
  shown: { readonly token: string | null; readonly key: string | null },
): boolean => {
  const hash = identity.proof === 'CERTIFICATE' ? shown.key : shown.token
  return hash !== null && sameHash(hash, proofHash(identity))
}

const bearerOf = (authorization: string): string | null => /^\s*bearer\s+(\S+)\s*$/i.exec(authorization)?.[1] ?? null

/** Equal in constant time; the lengths' difference is hidden too. */
const sameText = (one: string, other: string): boolean => timingSafeEqual(sha256(one), sha256(other))
const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest()
