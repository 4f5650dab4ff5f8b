// The HTTP engine: one request told in order. To whom it is addressed, which operation it means, who calls, may they,
// what did they send, the handler, the answer. It knows the route table and no resource; handlers come as data.

import { setMaxListeners } from 'node:events'
import { AtlasError } from '@postern/contract/errors'
import { type OperationId, type Route, routes } from '@postern/contract/routes'
import { type OperationSchemas, operationSchemas } from '@postern/contract/schemas/operations'
import { loggable } from '../loggable.ts'
import type { Parts } from '../parts.ts'
import { type Approach, createAuthenticator, Unauthenticated } from './authenticate.ts'
import { checkJsonType, drainBody, parseForm, parseJson, readBody } from './body.ts'
import type { Console } from './console.ts'
import { endingOf } from './ending.ts'
import { orGroupGone } from './gone.ts'
import { checkHost, checkOrigin } from './guard.ts'
import type { Actor, Call, Handler, Handlers } from './handler.ts'
import { type Manner, parseBody, parseManner, parsePaging, parseParams, parseQuery } from './input.ts'
import { compileRoutes, type Match } from './match.ts'
import { may, type Verdict } from './may.ts'
import { createPages } from './pages.ts'
import { renderError, renderReply, renderStream, renderUnauthorized, toAtlasError } from './render.ts'
import { chooseVersion, contentTypeOf } from './version.ts'

export interface HttpParts {
  /**
   * What links begin with, without a trailing slash. Null: with the door by which the request came, `Host` being one of
   * ours.
   */
  readonly publicUrl: string | null
  /** Host names besides loopback's and the public URL's that this server answers for, without ports. */
  readonly hosts: readonly string[]
  /** At least 32 random bytes, the same on every control plane of one store: signs nonces and tokens. */
  readonly httpSecret: Uint8Array
  /** What edges show that have no identity of their own (POSTERN_EDGE_TOKEN); null: such edges are let in nowhere. */
  readonly edgeToken: string | null
  /** Bytes that a request's body may have; 1 MiB unless told. */
  readonly bodyLimit?: number
  /** Aborted when the server stops: long polls end then. */
  readonly stopping?: AbortSignal
  /** The console's build; without it one plain page says what this server is. */
  readonly console?: Console
}

interface RequestInfo {
  readonly remoteAddress: string
  /** Path and query exactly as on the wire. */
  readonly rawTarget: string
  /** What the door speaks; http unless told. */
  readonly scheme?: 'http' | 'https'
  /** See `Approach`; nobody showed a certificate unless told. */
  readonly peerKeyHash?: () => string | null
  /** Ends the connection at once: of a caller who does not read what goes on. */
  readonly cut?: () => void
}

export interface Http {
  /** Never rejects: whatever goes wrong is an answer. */
  readonly fetch: (request: Request, info: RequestInfo) => Promise<Response>
}

type Found = Extract<Match, { found: 'operation' }>

const schemasOf = (operation: OperationId): OperationSchemas =>
  (operationSchemas as Partial<Record<OperationId, OperationSchemas>>)[operation] ?? {}

/** Operations without a handler do not exist: their paths answer 404. */
export const createHttp = (parts: Parts & HttpParts, handlers: Partial<Handlers<OperationId>>): Http => {
  const served = Object.fromEntries(Object.entries(routes).filter(([operation]) => operation in handlers))
  const match = compileRoutes(served)
  const pages = createPages()
  const authenticate = createAuthenticator(parts, { secret: parts.httpSecret, edgeToken: parts.edgeToken })
  const limit = parts.bodyLimit ?? 1024 * 1024
  const stopping = parts.stopping ?? new AbortController().signal
  // Each request in flight listens to it, and takes its listener away at its end (ending.ts).
  setMaxListeners(0, stopping)

  const answer = async (request: Request, info: RequestInfo): Promise<Response> => {
    const target = originForm(info.rawTarget)
    const [rawPath = '/', rawQuery = ''] = split(target)
    const host = request.headers.get('host') ?? new URL(request.url).host
    const addressed = { publicUrl: parts.publicUrl, hosts: parts.hosts }
    checkHost(host, addressed)
    const authority = authorityOf(info.rawTarget)
    if (authority !== null) checkHost(authority, addressed)

    const base = parts.publicUrl ?? `${info.scheme ?? 'http'}://${(authority ?? host).toLowerCase()}`
    if (request.method === 'GET' || request.method === 'HEAD') {
      const page = (await parts.console?.({ rawPath, headers: request.headers })) ?? pages(rawPath, base)
      if (page) return page
    }
    const found = match(request.method, rawPath)
    if (found.found === 'nothing') throw new AtlasError('RESOURCE_NOT_FOUND', { path: rawPath.slice(0, 500) })
    if (found.found === 'otherMethods') return methodNotAllowed(request.method, rawPath, found.allowed)
    checkOrigin({ method: request.method, origin: request.headers.get('origin'), host }, addressed)
    return operate(request, { found, info, target, base, query: new URLSearchParams(rawQuery) })
  }

  const operate = async (
    request: Request,
    at: {
      readonly found: Found
      readonly info: RequestInfo
      readonly target: string
      /** What links begin with. */
      readonly base: string
      readonly query: URLSearchParams
    },
  ): Promise<Response> => {
    const { operation, rawParams, legacy } = at.found
    const route: Route = routes[operation]
    const approach: Approach = {
      method: request.method,
      rawTarget: at.info.rawTarget,
      authorization: request.headers.get('authorization'),
      cookie: request.headers.get('cookie'),
      origin: request.headers.get('origin'),
      fetchSite: request.headers.get('sec-fetch-site'),
      address: at.info.remoteAddress,
      peerKeyHash: at.info.peerKeyHash ?? (() => null),
    }
    const actor = await whoCalls(route, approach, rawParams)
    const params = parseParams(rawParams)
    if (actor) await authorize(route, actor, params)
    const stillMay = async (): Promise<boolean> => {
      if (actor === null) return true
      const again = await authenticate.again(approach, actor)
      return again !== null && (await verdictOn(route, again, params)) === 'yes'
    }

    const version = chooseVersion(route, askedOf(request.headers), legacy)
    const aging = legacy ? undefined : route.deprecated?.[version]
    const answered = inVersion(request, { ...at, actor, params, version, stillMay })
    if (aging === undefined) return answered
    // An error of a version on its way out says so too (recorded).
    const response = await answered.catch((thrown: unknown) => refuse(request, thrown))
    for (const [name, value] of Object.entries(aging)) response.headers.set(name, value)
    return response
  }

  /** The rest of `operate`, once it is known who asks for what, and in which version. */
  const inVersion = async (
    request: Request,
    at: {
      readonly found: Found
      readonly info: RequestInfo
      readonly target: string
      readonly base: string
      readonly query: URLSearchParams
      readonly actor: Actor | null
      readonly params: Readonly<Record<string, string>>
      readonly version: string
      readonly stillMay: Call<OperationId>['stillMay']
    },
  ): Promise<Response> => {
    const { actor, params, version, stillMay } = at
    const { operation, legacy } = at.found
    const route: Route = routes[operation]
    const manner = parseManner(at.query)
    const query = parseQuery(schemasOf(operation).query, at.query) as Call<OperationId>['query']
    const paging = parsePaging(at.query)
    const body = (await bodyOf(request, operation)) as Call<OperationId>['body']
    const ending = endingOf(request.signal, stopping)
    const call: Call<OperationId> = {
      actor,
      params,
      query,
      paging,
      body,
      version,
      sourceAddress: at.info.remoteAddress,
      scheme: at.info.scheme ?? 'http',
      headers: request.headers,
      link: (path) => `${at.base}${path}`,
      self: at.target,
      signal: ending.signal,
      stillMay,
    }
    const reply = await (handlers[operation] as unknown as Handler<OperationId>)(call).catch((thrown: unknown) => {
      ending.release()
      throw orGroupGone(thrown, params.groupId)
    })
    if (reply.stream) {
      void reply.stream.ended.then((why) => {
        ending.release()
        if (why === 'slow') at.info.cut?.()
      })
      return renderStream(reply.stream.body, route.status)
    }
    ending.release()
    return render(reply, { route, contentType: contentTypeOf(version, legacy), manner })
  }

  const whoCalls = async (
    { access }: Route,
    approach: Approach,
    rawParams: Found['rawParams'],
  ): Promise<Actor | null> => {
    if (access.kind === 'public') return null
    if (access.kind !== 'edge') return authenticate.actor(approach)
    await authenticate.edge(approach, parseParams(rawParams).edge ?? '')
    return null
  }

  const verdictOn = async (
    { access }: Route,
    actor: Actor,
    { groupId, orgId }: Readonly<Record<string, string>>,
  ): Promise<Verdict> => {
    const onGroup = access.kind === 'group' || access.kind === 'groupOrSelf' || access.kind === 'groupOfOrg'
    const group = onGroup && groupId !== undefined ? await groupPlace(groupId) : undefined
    return may(access, actor, { ...(group && { group }), ...(orgId !== undefined && { orgId }) })
  }

  const authorize = async (route: Route, actor: Actor, params: Readonly<Record<string, string>>): Promise<void> => {
    const { access } = route
    const { groupId, orgId } = params
    const verdict = await verdictOn(route, actor, params)
    if (verdict === 'no') throw new AtlasError('USER_UNAUTHORIZED', {})
    if (verdict === 'yes') return
    if (access.kind === 'org') throw new AtlasError('ORG_NOT_FOUND', { orgId: orgId ?? '' })
    throw new AtlasError('GROUP_NOT_FOUND', { groupId: groupId ?? '' })
  }

  const groupPlace = async (id: string) => {
    const row = await parts.store.read.selectFrom('group').select('org_id').where('id', '=', id).executeTakeFirst()
    return row && { id, orgId: row.org_id }
  }

  const bodyOf = async (request: Request, operation: OperationId): Promise<unknown> => {
    const schema = schemasOf(operation).body
    const bytes = await readBody(request, limit)
    if (schema === undefined) return undefined
    const contentType = request.headers.get('content-type')
    const route: Route = routes[operation]
    if (route.form) return parseBody(schema, parseForm(bytes, contentType))
    if (bytes.byteLength === 0) return parseBody(schema, undefined)
    checkJsonType(contentType)
    return parseBody(schema, parseJson(bytes))
  }

  const refuse = async (request: Request, thrown: unknown): Promise<Response> => {
    // The body is read to its end, or the next request on this connection would begin in the middle of it.
    const overlong = request.bodyUsed ? undefined : await drainBody(request, limit).catch((error: unknown) => error)
    if (overlong instanceof AtlasError && overlong.code === 'PAYLOAD_TOO_LARGE')
      return renderError(overlong, { connection: 'close' })
    if (thrown instanceof Unauthenticated)
      return renderUnauthorized(isOfScript(request.headers) ? null : authenticate.challenge(thrown.stale))
    const error = toAtlasError(thrown)
    if (error.status >= 500)
      parts.log.error({ err: loggable(error.cause), errorCode: error.code, method: request.method }, error.message)
    if (error.code === 'PAYLOAD_TOO_LARGE') return renderError(error, { connection: 'close' })
    if (error.code === 'RATE_LIMITED') return renderError(error, { 'retry-after': String(error.parameters[0]) })
    if (error.code === 'SERVICE_UNAVAILABLE') return renderError(error, { 'retry-after': '1' })
    return renderError(error)
  }

  return {
    fetch: async (request, info) => {
      const response = await answer(request, info).catch((thrown: unknown) => refuse(request, thrown))
      parts.log.debug({ method: request.method, target: split(info.rawTarget)[0], status: response.status }, 'answered')
      if (request.method !== 'HEAD') return response
      // Nobody would read an answer that goes on.
      await response.body?.cancel()
      return new Response(null, response)
    },
  }
}

const render = (
  reply: Awaited<ReturnType<Handler<OperationId>>>,
  at: { readonly route: Route; readonly contentType: string; readonly manner: Manner },
): Response =>
  renderReply({
    status: reply.status ?? at.route.status,
    body: reply.body,
    json: reply.json,
    contentType: at.contentType,
    headers: reply.headers ?? {},
    manner: at.manner,
  })

const methodNotAllowed = (method: string, path: string, allowed: readonly string[]): Response =>
  renderError(new AtlasError('METHOD_NOT_ALLOWED', { method, path: path.slice(0, 500) }), { allow: allowed.join(', ') })

const askedOf = (headers: Headers) => ({ accept: headers.get('accept'), contentType: headers.get('content-type') })

/** A page's own request: a challenge would make the browser ask for a password that nobody knows. */
const isOfScript = (headers: Headers): boolean =>
  headers.has('sec-fetch-site') && headers.get('sec-fetch-mode') !== 'navigate'

/** The host of a proxy's absolute-form target (`GET http://host/path`), which counts before the header. */
const authorityOf = (rawTarget: string): string | null => /^https?:\/\/([^/?#]*)/i.exec(rawTarget)?.[1] ?? null

/** Such a target as path and query. */
const originForm = (rawTarget: string): string => rawTarget.replace(/^https?:\/\/[^/?#]*/i, '').split('#', 1)[0] || '/'

const split = (target: string): readonly [string, string] => {
  const at = target.indexOf('?')
  return at < 0 ? [target, ''] : [target.slice(0, at), target.slice(at + 1)]
}
