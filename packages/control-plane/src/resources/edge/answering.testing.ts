// An edge's answering in a few lines: it holds connections that a test made up, fetches what is asked of it and answers as
// real ones do (edge/gateway/live.ts), through the HTTP engine.

import type { EdgeAnswer, EdgeQuestion, EdgeSummary, LiveConnection } from '@postern/contract/edge-question'
import type { Http } from '../../http/http.ts'
import { testHttpParts } from '../../http/testing.ts'

export interface AnsweringEdge {
  readonly held: () => readonly LiveConnection[]
  readonly stop: () => Promise<void>
}

/** `answers`: how many questions it answers before it falls silent; all, unless told. */
export const startAnswering = (
  http: Http,
  edge: string,
  connections: readonly LiveConnection[],
  answers = Number.POSITIVE_INFINITY,
): AnsweringEdge => {
  const over = new AbortController()
  let held = connections
  let left = answers

  const send = (method: string, path: string, body?: unknown): Promise<Response> => {
    const target = `/api/postern/v1/edges/${edge}/${path}`
    const request = new Request(`http://localhost:8080${target}`, {
      method,
      headers: { authorization: `Bearer ${testHttpParts.edgeToken}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: over.signal,
    })
    return http.fetch(request, { remoteAddress: '127.0.0.1', rawTarget: target })
  }

  const answer = ({ do: what, where, from, limit }: EdgeQuestion): EdgeAnswer => {
    const meant = held.filter(
      (each) =>
        where.endpointIds.includes(each.endpointId) &&
        (where.clusterId === null || where.clusterId === each.clusterId) &&
        (where.appName === null || where.appName === each.appName) &&
        (where.connectionId === null || where.connectionId === each.id),
    )
    if (what === 'summarize')
      return { count: meant.length, connections: [], summary: summaryOf(meant, where.serviceIds ?? []) }
    if (what === 'ports') return { count: meant.length, connections: [], ports: [] }
    if (what === 'kill') held = held.filter((each) => !meant.includes(each))
    return { count: meant.length, connections: what === 'kill' ? [] : meant.slice(from, from + limit) }
  }

  const run = async (): Promise<void> => {
    while (!over.signal.aborted && left > 0) {
      const response = await send('GET', 'questions')
      if (response.status !== 200) continue
      const { questions } = (await response.json()) as { readonly questions: readonly EdgeQuestion[] }
      for (const question of questions) {
        left -= 1
        await send('POST', `questions/${question.id}/answer`, answer(question))
      }
    }
  }
  const running = run()
  return {
    held: () => held,
    stop: async () => {
      over.abort()
      await running
    },
  }
}

/**
 * Of connections that all belong to one endpoint and one application; one was turned away there, and one at a port of each service,
 * also of one that nobody asked about.
 */
const summaryOf = ([first, ...rest]: readonly LiveConnection[], serviceIds: readonly string[]): EdgeSummary => {
  const connections = rest.length + 1
  const of = first === undefined ? [] : [first]
  return {
    endpoints: of.map(({ endpointId }) => ({ endpointId, connections, working: connections - 1 })),
    appNames: of.map(({ appName }) => ({ appName, connections })),
    sources: of.map(() => ({ source: '10.0.0.9', connections })),
    refused: of.map(({ id, endpointId, startedAt }) => ({
      endpointId,
      code: 'TOO_MANY_CONNECTIONS',
      count: 1,
      lastAt: startedAt,
      lastConnection: id,
    })),
    refusedUnknown: of.flatMap(({ id, startedAt }) =>
      [...serviceIds, 'e'.repeat(24)].map((serviceId) => ({
        serviceId,
        code: 'UNTRUSTED_SOURCE',
        count: 2,
        lastAt: startedAt,
        lastConnection: id,
        lastPort: 27_021,
        lastFrom: '10.0.0.8',
      })),
    ),
    limits: { connections: 20_000, connectionsPerEndpoint: 5_000, newPerSecondPerEndpoint: 1_000 },
  }
}

/** The `n`th connection of an edge, through this endpoint. */
export const liveConnection = (
  n: number,
  over: Partial<LiveConnection> & Pick<LiveConnection, 'endpointId'>,
): LiveConnection => ({
  id: n.toString(16).padStart(24, '0'),
  clusterId: 'c'.repeat(24),
  member: '127.0.0.1:27017',
  source: `10.0.0.9:${50_000 + n}`,
  tls: false,
  driver: 'nodejs 7.9.0',
  appName: 'shop',
  os: 'Linux 6.1 x64',
  platform: 'Node.js v22.1.0, LE',
  user: 'app@admin',
  startedAt: Date.UTC(2026, 0, 1, 0, 0, n),
  lastActivityAt: Date.UTC(2026, 0, 1, 1),
  operations: 3,
  bytesFromClient: 100,
  bytesFromMember: 200,
  ...over,
})
