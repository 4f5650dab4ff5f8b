// The control plane's door: HTTP and JSON on loopback, a bearer token on every request. Each route is a row of a
// table; bodies are read under a limit and parsed once.
import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import { BadRequest, parseHide, parseKill, parseMove, parseStepDown, parseWish } from './admin-request.ts'
import type { Cluster } from './cluster.ts'
import { ClusterConflict, type Clusters, NothingKept } from './clusters.ts'
import { CommandError } from './command-error.ts'

const maxBodyBytes = 256 * 1024

export type AdminDoorParts = { readonly clusters: Clusters; readonly token: string; readonly log: Logger }
type Answer = { readonly status: number; readonly body?: unknown }
type Call = {
  readonly clusters: Clusters
  readonly id: string
  readonly cluster: Cluster | undefined
  readonly member: number
  readonly body: unknown
}
type Route = {
  readonly method: string
  readonly path: RegExp
  readonly answer: (call: Call) => Answer | Promise<Answer>
}

const id = '(?<id>[A-Za-z0-9][A-Za-z0-9_-]{0,63})'
const found = (cluster: Cluster): Answer => ({ status: 200, body: cluster.report() })
const notFound: Answer = { status: 404, body: { error: 'there is no such cluster or member' } }

const onCluster = (answer: (cluster: Cluster, call: Call) => Answer | Promise<Answer>): Route['answer'] => {
  return (call) => (call.cluster ? answer(call.cluster, call) : notFound)
}
const onMember = (act: (cluster: Cluster, call: Call) => Promise<void>): Route['answer'] =>
  onCluster(async (cluster, call) => {
    if (!cluster.hasMember(call.member)) return notFound
    await act(cluster, call)
    return found(cluster)
  })

const routes: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/clusters$/,
    answer: ({ clusters }) => ({ status: 200, body: { clusters: clusters.list().map((one) => one.report()) } }),
  },
  { method: 'GET', path: new RegExp(`^/clusters/${id}$`), answer: onCluster(found) },
  {
    method: 'PUT',
    path: new RegExp(`^/clusters/${id}$`),
    answer: async (call) => found(await call.clusters.put(parseWish(call.id, call.body))),
  },
  {
    method: 'DELETE',
    path: new RegExp(`^/clusters/${id}$`),
    answer: async ({ clusters, id }) => {
      await clusters.remove(id)
      return { status: 204 }
    },
  },
  {
    method: 'POST',
    path: new RegExp(`^/clusters/${id}/members/(?<member>\\d{1,2})/kill$`),
    answer: onMember((cluster, { member, body }) => cluster.kill(member, parseKill(body))),
  },
  {
    method: 'POST',
    path: new RegExp(`^/clusters/${id}/members/(?<member>\\d{1,2})/revive$`),
    answer: onMember((cluster, { member }) => cluster.revive(member)),
  },
  {
    method: 'POST',
    path: new RegExp(`^/clusters/${id}/members/(?<member>\\d{1,2})/move$`),
    answer: onMember((cluster, { clusters, member, body }) => clusters.move(cluster, member, parseMove(body))),
  },
  {
    method: 'POST',
    path: new RegExp(`^/clusters/${id}/members/(?<member>\\d{1,2})/hide$`),
    answer: onMember((cluster, { member, body }) => cluster.hide(member, parseHide(body))),
  },
  {
    method: 'POST',
    path: /^\/keep$/,
    answer: async ({ clusters }) => {
      await clusters.keep()
      return { status: 204 }
    },
  },
  {
    method: 'POST',
    path: /^\/restore$/,
    answer: async ({ clusters }) => {
      await clusters.restore()
      return { status: 204 }
    },
  },
  {
    method: 'POST',
    path: new RegExp(`^/clusters/${id}/stepDown$`),
    answer: onCluster((cluster, { body }) => {
      cluster.stepDown(parseStepDown(body))
      return found(cluster)
    }),
  },
]

/** The door as a server that does not listen yet. */
export function createAdminDoor({ clusters, token, log }: AdminDoorParts): Server {
  const isToken = tokenCheck(token)
  const server = createServer((request, response) => {
    answerTo(request)
      .catch((error: unknown) => failure(error, log))
      .then((answer) => send(response, answer))
  })
  async function answerTo(request: IncomingMessage): Promise<Answer> {
    if (!isToken(request.headers.authorization))
      return { status: 401, body: { error: 'a valid bearer token is needed' } }
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    const matching = routes.flatMap((route) => {
      const match = route.path.exec(path)
      return match ? [{ route, groups: match.groups ?? {} }] : []
    })
    const { route, groups } = matching.find((one) => one.route.method === request.method) ?? {}
    if (!route || !groups)
      return { status: matching.length > 0 ? 405 : 404, body: { error: `there is no ${request.method} ${path}` } }
    const id = groups.id ?? ''
    return route.answer({
      clusters,
      id,
      cluster: clusters.get(id),
      member: Number(groups.member),
      body: await readBody(request),
    })
  }
  return server
}

function tokenCheck(token: string): (header: string | undefined) => boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  const wanted = digest(`Bearer ${token}`)
  return (header) => timingSafeEqual(digest(header ?? ''), wanted)
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    if (bytes > maxBodyBytes) throw new BadRequest('the body is too large')
    chunks.push(chunk)
  }
  if (bytes === 0) return undefined
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new BadRequest('the body is not JSON')
  }
}

function failure(error: unknown, log: Logger): Answer {
  if (error instanceof BadRequest) return { status: 400, body: { error: error.message } }
  if (error instanceof NothingKept) return { status: 409, body: { error: error.message } }
  if (error instanceof ClusterConflict) return { status: 409, body: { error: error.message } }
  if (error instanceof CommandError) return { status: 409, body: { error: error.message } }
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return { status: 409, body: { error: "another process has taken the member's port" } }
  }
  log.error({ err: error }, 'an admin request failed')
  return { status: 500, body: { error: 'the sandbox failed; its log says why' } }
}

function send(response: ServerResponse, { status, body }: Answer): void {
  if (body === undefined) {
    response.writeHead(status).end()
    return
  }
  response
    .writeHead(status, { 'content-type': 'application/json', connection: status < 400 ? 'keep-alive' : 'close' })
    .end(JSON.stringify(body))
}
