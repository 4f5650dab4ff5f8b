// A typed client of every operation in routes.ts. It does no I/O of its own: `fetch` is handed in, already
// authenticated (digest, bearer, a console session), so that the CLI, the console and tests share one client.
// Types come from the schemas; nothing of zod is loaded when this runs.

import type { FieldProblem } from './errors.ts'
import { type OperationId, type Route, routes } from './routes.ts'
import type { BodyInputOf, QueryOf, ReplyOf } from './schemas/operations.ts'

/** The part of the platform's `fetch` that the client needs; a lighter one does as well. */
export type Fetch = (url: string, init: Asked) => Promise<Answer>

/** What is asked beside the URL: part of the platform's `RequestInit`. */
export interface Asked {
  readonly method: string
  /** A redirect could lead credentials and wishes to another host, so it is shown as the error that it is. */
  readonly redirect: 'manual'
  readonly headers: Record<string, string>
  readonly body?: string
  readonly signal?: AbortSignal | null
}

/** Part of the platform's `Response`. */
export interface Answer {
  /** 200 to 299. */
  readonly ok: boolean
  readonly status: number
  readonly headers: { get(name: string): string | null }
  /** Bytes as they come; null where there are none. Read this or `text`, not both. */
  readonly body: AsyncIterable<Uint8Array> | null
  text(): Promise<string>
}

/** Operations that answer once. A stream goes on answering: this client would wait for its end, and never see it. */
export type CallableId = {
  readonly [Op in OperationId]: (typeof routes)[Op] extends { readonly stream: true } ? never : Op
}[OperationId]

type NamesIn<Path extends string> = Path extends `${string}{${infer Name}}${infer Rest}` ? Name | NamesIn<Rest> : never
type PathOf<Op extends OperationId> = (typeof routes)[Op]['path']

type ParamsOf<Op extends OperationId> = Readonly<Record<NamesIn<PathOf<Op>>, string>>

/** Query parameters that the engine knows on every route, beside an operation's own. */
export interface CommonQuery {
  readonly pageNum?: number
  readonly itemsPerPage?: number
  readonly includeCount?: boolean
}

interface Rest<Op extends OperationId> {
  readonly query?: string extends keyof QueryOf<Op> ? CommonQuery : Partial<QueryOf<Op>> & CommonQuery
  /** A media-type version of the route; without it the newest. */
  readonly version?: string
}
type WithParams<Op extends OperationId> = [NamesIn<PathOf<Op>>] extends [never]
  ? { readonly params?: undefined }
  : { readonly params: ParamsOf<Op> }
type WithBody<Op extends OperationId> = [BodyInputOf<Op>] extends [undefined]
  ? { readonly body?: undefined }
  : { readonly body: BodyInputOf<Op> }

type Request<Op extends OperationId> = Rest<Op> & WithParams<Op> & WithBody<Op>
export type Requests<Op extends OperationId> =
  Record<never, never> extends Request<Op> ? readonly [request?: Request<Op>] : readonly [request: Request<Op>]

interface Reply<Op extends OperationId> {
  readonly status: number
  readonly body: ReplyOf<Op>
}

export interface Client {
  /** Never with a trailing slash. */
  readonly baseUrl: string
  /**
   * One request, one answer. Throws `ApiError` for every status outside 200-299, `UnreachableError` where no answer
   * came, RangeError for a path parameter that no path can carry (empty, `.`, `..`).
   */
  call<Op extends CallableId>(operation: Op, ...request: Requests<Op>): Promise<Reply<Op>>
}

/** An answer that says no: Atlas's ApiError, parsed. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  /** Undefined where the answer was none of ours: a proxy's page, a redirect. */
  readonly errorCode: string | undefined
  readonly detail: string
  readonly parameters: readonly (string | number)[]
  readonly fields: readonly FieldProblem[]

  constructor(status: number, body: unknown) {
    const said = isRecord(body) ? body : {}
    const detail = typeof said.detail === 'string' ? said.detail : `The server answered with HTTP status ${status}.`
    super(detail)
    this.status = status
    this.errorCode = typeof said.errorCode === 'string' ? said.errorCode : undefined
    this.detail = detail
    this.parameters = listOf(said.parameters).filter(isParameter)
    this.fields = listOf(isRecord(said.badRequestDetail) ? said.badRequestDetail.fields : undefined).flatMap((field) =>
      isRecord(field) && typeof field.field === 'string'
        ? [{ field: field.field, description: String(field.description ?? '') }]
        : [],
    )
  }
}

/** No answer at all: refused, unknown host, cut, timed out. `cause` is what `fetch` threw. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
  readonly baseUrl: string

  constructor(baseUrl: string, cause: unknown) {
    super(`${baseUrl} cannot be reached`, { cause })
    this.baseUrl = baseUrl
  }
}

export function createClient(parts: { readonly baseUrl: string; readonly fetch: Fetch }): Client {
  const baseUrl = parts.baseUrl.replace(/\/+$/, '')
  return {
    baseUrl,
    async call<Op extends CallableId>(operation: Op, ...[request]: Requests<Op>): Promise<Reply<Op>> {
      const { params, query, body, version } = (request ?? {}) as LooseRequest
      const route: Route = routes[operation]
      const url = `${baseUrl}${pathOf(route.path, params ?? {})}${queryOf(query ?? {})}`
      const failed = (cause: unknown): never => {
        // An authenticating fetch talks to the server too, and may have said what is wrong already.
        throw cause instanceof ApiError || cause instanceof UnreachableError
          ? cause
          : new UnreachableError(baseUrl, cause)
      }
      const response = await parts.fetch(url, initOf(route, body, version)).catch(failed)
      const text = await response.text().catch(failed)
      const answer = parsed(text)
      if (!response.ok) throw new ApiError(response.status, answer)
      return { status: response.status, body: answer as ReplyOf<Op> }
    },
  }
}

interface LooseRequest {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly version?: string
}

function pathOf(path: string, params: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = params[name] ?? ''
    // URL parsers fold dot segments, percent-encoded ones too: such a value would name another resource.
    if (value === '' || value === '.' || value === '..') throw new RangeError(`"${value}" is not a valid ${name}`)
    return encodeURIComponent(value)
  })
}

function queryOf(query: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value])
      .filter((one) => one !== undefined)
      .map((one) => `${encodeURIComponent(name)}=${encodeURIComponent(String(one))}`),
  )
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`
}

function initOf(route: Route, body: unknown, version: string | undefined): Asked {
  const newest = version ?? route.versions.at(-1)
  const mediaType = newest === undefined ? 'application/json' : `application/vnd.atlas.${newest}+json`
  const init = { method: route.method, redirect: 'manual' as const }
  if (body === undefined) return { ...init, headers: { accept: mediaType } }
  if (route.form === true) {
    const form = new URLSearchParams(body as Record<string, string>).toString()
    return { ...init, headers: { accept: mediaType, 'content-type': 'application/x-www-form-urlencoded' }, body: form }
  }
  return { ...init, headers: { accept: mediaType, 'content-type': mediaType }, body: JSON.stringify(body) }
}

function parsed(text: string): unknown {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const isParameter = (value: unknown): value is string | number => typeof value === 'string' || typeof value === 'number'
