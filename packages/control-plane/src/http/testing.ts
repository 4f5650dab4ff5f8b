// The HTTP engine in tests: the real one, over the real store, called without a port. Callers prove themselves as real
// ones do (digest with its challenge, or a bearer token), so that no test can do what no client could.

import { randomBytes } from 'node:crypto'
import type { GroupRole, OrgRole } from '@postern/contract/roles'
import type { OperationId } from '@postern/contract/routes'
import pino from 'pino'
import { issueToken } from '../identity/bearer-token.ts'
import { grantRole } from '../identity/grant.ts'
import { newClientId, newPrivateKey, newPublicKey } from '../identity/keys.ts'
import { deriveKey } from '../identity/server-key.ts'
import type { Parts, Settings, Store } from '../parts.ts'
import type { TurnKind } from '../reconcile/turns.ts'
import { createGroup } from '../resources/group/create.ts'
import { createSeal } from '../seal.ts'
import { digestHa1, digestResponse } from './digest.ts'
import type { Handlers } from './handler.ts'
import { createHttp, type Http, type HttpParts } from './http.ts'

export const testSettings: Settings = {
  domain: 'postern.internal',
  localProvisionMs: 0,
  gatewayPorts: { from: 40_000, to: 40_999 },
  fidelity: 'postern',
  fidelityDelayMs: 20,
  unknownEndpoints: 'reject',
  ownAddresses: true,
  bind: null,
  advertise: null,
  sandbox: null,
  lastEndpointTakesService: true,
  undoWindowMs: 3_600_000,
}

export interface TestParts extends Parts {
  /** Every turn that was asked for, oldest first; the test carries them out, or does not. */
  readonly woken: { readonly kind: TurnKind; readonly id: string }[]
}

/** Parts over a store of the test's own. `over` replaces what a test wants otherwise: a clock, settings, a log. */
export const createTestParts = (store: Store, over: Partial<Parts> = {}): TestParts => {
  const woken: { kind: TurnKind; id: string }[] = []
  return {
    store,
    turns: {
      wake: async (_tx, kind, id) => void woken.push({ kind, id }),
      rescan: async () => {},
      failing: async () => new Map(),
      start: async () => {},
      stop: async () => {},
    },
    clock: { now: () => Date.now() },
    ids: { objectId: () => randomBytes(12).toString('hex'), hex: (bytes) => randomBytes(bytes).toString('hex') },
    seal: createSeal(randomBytes(32)),
    log: pino({ level: 'silent' }),
    settings: testSettings,
    woken,
    ...over,
  }
}

export const testHttpParts: HttpParts & { readonly edgeToken: string } = {
  publicUrl: 'http://localhost:8080',
  hosts: [],
  httpSecret: new Uint8Array(32).fill(1),
  edgeToken: 'edge-token-of-this-test',
}

export interface Ask {
  readonly method: string
  /** Path and query as on the wire. */
  readonly path: string
  /** Sent as JSON, unless it is text or bytes. */
  readonly body?: unknown
  readonly as?: Caller
  readonly version?: string
  readonly headers?: Readonly<Record<string, string>>
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Parsed where it is JSON; else undefined. */
  readonly body: unknown
}

/** Proves who asks: answers the Authorization header for this request, after the challenge that it was given. */
export type Caller = (request: {
  readonly method: string
  readonly path: string
  readonly challenge: string
}) => Promise<string>

const remoteAddress = '127.0.0.1'

const send = async (http: Http, ask: Ask, authorization: string | null): Promise<Answer> => {
  const { method, path, body, version, headers } = ask
  const isRaw = typeof body === 'string' || body instanceof Uint8Array
  const request = new Request(`http://localhost:8080${path}`, {
    method,
    headers: {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(version !== undefined && { accept: `application/vnd.atlas.${version}+json` }),
      ...(authorization !== null && { authorization }),
      ...headers,
    },
    ...(body !== undefined && { body: isRaw ? (body as string) : JSON.stringify(body) }),
  })
  const response = await http.fetch(request, { remoteAddress, rawTarget: path })
  const text = await response.text()
  // A PEM comes under a JSON type, as Atlas's contract has it.
  const isJson =
    !text.startsWith('-----BEGIN ') && /json/.test(response.headers.get('content-type') ?? '') && text !== ''
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined }
}

/** One request as a real client makes it: unauthenticated first, then with the proof that the challenge asks for. */
export const ask = async (http: Http, wish: Ask): Promise<Answer> => {
  const first = await send(http, wish, null)
  if (!wish.as || first.status !== 401) return first
  const challenge = first.headers.get('www-authenticate') ?? ''
  return send(http, wish, await wish.as({ method: wish.method, path: wish.path, challenge }))
}

/** Digest with this key pair. */
export const byDigest =
  (publicKey: string, privateKey: string): Caller =>
  async ({ method, path, challenge }) => {
    const nonce = /nonce="([^"]*)"/.exec(challenge)?.[1] ?? ''
    const [nc, cnonce] = ['00000001', randomBytes(8).toString('hex')]
    const response = digestResponse({ ha1: digestHa1(publicKey, privateKey), method, uri: path, nonce, nc, cnonce })
    return `Digest username="${publicKey}", realm="MMS Public API", nonce="${nonce}", uri="${path}", response="${response}", algorithm=MD5, qop=auth, nc=${nc}, cnonce="${cnonce}"`
  }

/** A bearer token. */
export const byToken =
  (token: string): Caller =>
  async () =>
    `Bearer ${token}`

interface Roles {
  readonly org?: readonly OrgRole[]
  readonly group?: readonly GroupRole[]
}

/** Somebody new with exactly these roles, as a key or as a service account. */
const newCaller = async (
  parts: Parts,
  at: {
    readonly kind: 'API_KEY' | 'SERVICE_ACCOUNT'
    readonly orgId: string
    readonly groupId: string
    readonly roles: Roles
  },
): Promise<Caller> => {
  const created = new Date(parts.clock.now())
  const { orgId, groupId, roles, kind } = at
  const [publicKey, privateKey] = [newPublicKey(parts.ids), newPrivateKey(parts.ids)]
  const id = kind === 'API_KEY' ? parts.ids.objectId() : newClientId(parts.ids)
  const secretId = parts.ids.objectId()
  await parts.store.transact(async (tx) => {
    if (kind === 'API_KEY')
      await tx
        .insertInto('api_key')
        .values({
          id,
          org_id: orgId,
          public_key: publicKey,
          ha1: parts.seal.close(id, digestHa1(publicKey, privateKey)),
          key_tail: privateKey.slice(-12),
          description: 'of a test',
          created,
        })
        .execute()
    else {
      await tx
        .insertInto('service_account')
        .values({
          client_id: id,
          org_id: orgId,
          name: 'of a test',
          description: '',
          created,
        })
        .execute()
      const unused = { secret_hash: '', secret_tail: '', expires: created, last_used: null }
      await tx
        .insertInto('service_account_secret')
        .values({ id: secretId, client_id: id, ...unused, created })
        .execute()
    }
    for (const role of roles.org ?? []) await grantRole(tx, { kind, id }, { orgId, role })
    for (const role of roles.group ?? []) await grantRole(tx, { kind, id }, { groupId, role })
  })
  if (kind === 'API_KEY') return byDigest(publicKey, privateKey)
  const key = deriveKey(testHttpParts.httpSecret, 'bearer token')
  return byToken(await issueToken(key, { clientId: id, secretId, now: parts.clock.now(), random: parts.ids.hex(8) }))
}

export interface TestApi {
  readonly parts: TestParts
  readonly http: Http
  readonly orgId: string
  readonly groupId: string
  /** A service account that owns the organization. */
  readonly owner: Caller
  /** Asks as the owner unless told; `as: null` asks as nobody. */
  readonly ask: (wish: Omit<Ask, 'as'> & { readonly as?: Caller | null }) => Promise<Answer>
  readonly newCaller: (kind: 'API_KEY' | 'SERVICE_ACCOUNT', roles: Roles) => Promise<Caller>
}

/** An organization, a group and an owner in `store`, and the engine over `handlers` with the test's own parts. */
export const createTestApi = async (
  store: Store,
  handlersOf: (parts: TestParts) => Partial<Handlers<OperationId>>,
  over: Partial<Parts & HttpParts> = {},
): Promise<TestApi> => {
  const parts = { ...createTestParts(store), ...over }
  const http = createHttp({ ...testHttpParts, ...parts }, handlersOf(parts))
  const orgId = parts.ids.objectId()
  const groupId = await store.transact(async (tx) => {
    await tx
      .insertInto('organization')
      .values({ id: orgId, name: 'Org', created: new Date(parts.clock.now()) })
      .execute()
    return createGroup(tx, parts, {
      orgId,
      name: 'Group 0',
      tags: [],
      withDefaultAlertsSettings: true,
      owners: [],
      actor: null,
      sourceAddress: null,
    })
  })
  const make = (kind: 'API_KEY' | 'SERVICE_ACCOUNT', roles: Roles) => newCaller(parts, { kind, orgId, groupId, roles })
  const owner = await make('SERVICE_ACCOUNT', { org: ['ORG_OWNER'] })
  return {
    parts,
    http,
    orgId,
    groupId,
    owner,
    ask: ({ as, ...wish }) => ask(http, as === null ? wish : { ...wish, as: as ?? owner }),
    newCaller: make,
  }
}
