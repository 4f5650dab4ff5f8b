// The whole way of a private endpoint in tests: the real handlers behind the real HTTP engine and store, the real
// reconcilers on turns that the test hands out, a clock that the test moves, and an edge of a few lines that does what
// real ones do: fetch a snapshot, take it over, report.

import type { CloudProvider } from '@postern/contract/cloud'
import type { OperationId } from '@postern/contract/routes'
import type { EdgeReport, Feed, Numbered, SnapshotBody } from '@postern/contract/snapshot'
import { version } from '@postern/contract/version'
import type { Handlers } from '../../http/handler.ts'
import { type Answer, createTestApi, type TestApi, type TestParts, testSettings } from '../../http/testing.ts'
import type { Settings, Store } from '../../parts.ts'
import type { Probe } from '../../providers/local/probe.ts'
import type { Provider } from '../../providers/provider.ts'
import { createProviders } from '../../providers/providers.ts'
import type { Reconciler, TurnKind } from '../../reconcile/turns.ts'
import { certificateHandlers } from '../certificate/handlers.ts'
import { edgeEnrolmentHandlers } from '../edge/enrolment-handlers.ts'
import { edgeForgetHandlers } from '../edge/forget-handlers.ts'
import { edgeHandlers } from '../edge/handlers.ts'
import { createEdgeNews } from '../edge/news.ts'
import { edgeRemovalHandlers } from '../edge/removal-handlers.ts'
import { endpointServiceHandlers } from '../endpoint-service/handlers.ts'
import { ownEndpointServiceHandlers } from '../endpoint-service/own-handlers.ts'
import { endpointServiceReconciler } from '../endpoint-service/reconcile.ts'
import { regionalModeHandlers } from '../endpoint-service/regional-mode.ts'
import { feedReconciler } from '../feed/reconcile.ts'
import { everyFeed } from '../feed/wake.ts'
import { localCloudHandlers } from '../local-cloud/handlers.ts'
import { terminationHandlers } from '../termination/handlers.ts'
import { privateEndpointHandlers } from './handlers.ts'
import { ownPrivateEndpointHandlers } from './own-handlers.ts'
import { privateEndpointReconciler } from './reconcile.ts'

export interface Journey extends TestApi {
  readonly groupPath: string
  /** Hands out turns until none is due; those that wait for a later time stay. */
  readonly settle: () => Promise<void>
  /** Moves the clock and hands out what is due then. */
  readonly pass: (ms: number) => Promise<void>
  /** `secret`: its own; without one it shows the token that edges share. */
  readonly edge: (name: string, secret?: string) => TestEdge
  /** POST a service and let it become AVAILABLE; answers its view. */
  readonly newService: (body: {
    readonly providerName: CloudProvider
    readonly [field: string]: unknown
  }) => Promise<View>
  readonly servicePath: (provider: CloudProvider, id: string) => string
  /** A VPC endpoint of this service in the local cloud; answers its id. */
  readonly newVpcEndpoint: (service: { readonly endpointServiceName: string }, over?: object) => Promise<string>
  /** A new AWS service with a VPC endpoint of its own attached, as far as it comes without an edge. */
  readonly newAwsEndpoint: (region?: string) => Promise<AwsEndpoint>
  readonly get: (path: string) => Promise<View>
  /** Stores a cluster with members as its reconciler would, and wakes the feeds. */
  readonly newCluster: (
    name: string,
    members: number,
    over?: Readonly<Record<string, unknown>>,
  ) => Promise<readonly string[]>
}

export interface AwsEndpoint {
  readonly service: View
  readonly id: string
  readonly path: string
}

// biome-ignore lint/suspicious/noExplicitAny: a JSON body as it came; each test says what it expects of it.
export type View = any

interface TestEdge {
  /** Fetches the newest whole of a feed. */
  readonly fetch: <F extends Feed>(feed: F) => Promise<Numbered<SnapshotBody[F]>>
  readonly report: (feed: Feed, report: EdgeReport) => Promise<Answer>
  /** Fetches both feeds and reports all of their listeners, and certificates, as bound; `failed` by listener id. */
  readonly takeOver: (failed?: Readonly<Record<string, string>>) => Promise<void>
}

export interface JourneyOptions {
  readonly settings?: Partial<Settings>
  /** Everything is free unless told: no test asks this machine for its addresses. */
  readonly probe?: Probe
  /** Puts something between the reconcilers and the local cloud. */
  readonly around?: (provider: Provider) => Provider
  /** Turns that throw are handed out again, as the engine does; else they fail the test. */
  readonly retry?: boolean
  /** Other resources that belong to the journey. */
  readonly more?: {
    readonly handlers: (parts: TestParts) => Partial<Handlers<OperationId>>
    readonly reconcilers: (parts: TestParts) => readonly Reconciler[]
  }
  /** Each turn is handed out twice, as may happen after a crash. */
  readonly twice?: boolean
}

export const createJourney = async (store: Store, options: JourneyOptions = {}): Promise<Journey> => {
  let now = Date.UTC(2026, 0, 1)
  const clock = { now: () => now }
  const probe: Probe = options.probe ?? (async () => 'free')
  const news = createEdgeNews()
  const api = await createTestApi(
    store,
    (parts) => ({
      ...endpointServiceHandlers(parts),
      ...ownEndpointServiceHandlers(parts),
      ...regionalModeHandlers(parts),
      ...privateEndpointHandlers(parts),
      ...ownPrivateEndpointHandlers(parts),
      ...terminationHandlers(parts),
      ...localCloudHandlers(parts, probe),
      ...edgeHandlers(parts, news),
      ...edgeEnrolmentHandlers(parts, news),
      ...edgeForgetHandlers(parts),
      ...edgeRemovalHandlers(parts),
      ...certificateHandlers(parts),
      ...options.more?.handlers(parts),
    }),
    { clock, settings: { ...testSettings, ...options.settings } },
  )
  const { parts, groupId, ask } = api
  const local = createProviders(parts, probe)
  const { around = (provider: Provider) => provider } = options
  const providers = { AWS: around(local.AWS), AZURE: around(local.AZURE), GCP: around(local.GCP) }
  const reconcilers = new Map<TurnKind, Reconciler>(
    [
      endpointServiceReconciler(parts, providers),
      privateEndpointReconciler(parts, providers),
      feedReconciler(parts, news),
      ...(options.more?.reconcilers(parts) ?? []),
    ].map((reconciler) => [reconciler.kind, reconciler]),
  )
  const later = new Map<string, { readonly kind: TurnKind; readonly id: string; readonly at: number }>()

  const settle = async (): Promise<void> => {
    for (let turns = 0; turns < 500; turns++) {
      const next = parts.woken.shift() ?? [...later.values()].find(({ at }) => at <= now)
      if (next === undefined) return
      later.delete(`${next.kind} ${next.id}`)
      const turn = reconcilers.get(next.kind)?.turn
      const outcome = await turn?.(next.id).catch((error: unknown) => {
        if (options.retry !== true) throw error
        return { do: 'again', afterMs: 0 } as const
      })
      if (options.twice === true) await turn?.(next.id)
      if (outcome?.do === 'retry') throw new Error(outcome.reason)
      if (outcome?.do === 'again') {
        later.set(`${next.kind} ${next.id}`, { kind: next.kind, id: next.id, at: now + outcome.afterMs })
      }
    }
    throw new Error('turns go on for ever')
  }

  const get = async (path: string): Promise<View> => (await ask({ method: 'GET', path })).body
  const groupPath = `/api/atlas/v2/groups/${groupId}/privateEndpoint`
  const servicePath = (provider: CloudProvider, id: string) => `${groupPath}/${provider}/endpointService/${id}`
  parts.woken.push({ kind: 'feed', id: everyFeed })
  await settle()

  const made = async (path: string, body: object): Promise<View> => {
    const answer = await ask({ method: 'POST', path, body })
    if (answer.status !== 201) throw new Error(answer.text)
    return answer.body
  }
  const newService: Journey['newService'] = async (body) => {
    const region = firstRegion[body.providerName]
    const { id } = await made(`${groupPath}/endpointService`, { region, ...body })
    await settle()
    return get(servicePath(body.providerName, id))
  }
  const newVpcEndpoint: Journey['newVpcEndpoint'] = async ({ endpointServiceName: serviceName }, over) =>
    (await made('/api/postern/v1/local/aws/vpcEndpoints', { serviceName, ...over })).vpcEndpointId

  return {
    ...api,
    groupPath,
    settle,
    pass: async (ms) => {
      now += ms
      await settle()
    },
    get,
    servicePath,
    newService,
    newVpcEndpoint,
    newAwsEndpoint: async (region = firstRegion.AWS) => {
      const service = await newService({ providerName: 'AWS', region })
      const id = await newVpcEndpoint(service)
      const path = `${servicePath('AWS', service.id)}/endpoint`
      await made(path, { id })
      await settle()
      return { service, id, path: `${path}/${id}` }
    },
    newCluster: async (name, count, over = {}) => {
      const id = parts.ids.objectId()
      const members = Array.from({ length: count }, (_, position) => ({
        id: parts.ids.objectId(),
        cluster_id: id,
        host_port: `127.0.0.1:${27_017 + position}`,
        provider: 'AWS',
        region: 'US_EAST_1',
        role: position === 0 ? 'primary' : 'secondary',
        position,
      }))
      await store.transact(async (tx) => {
        await tx
          .insertInto('cluster')
          .values({
            id,
            group_id: groupId,
            name,
            engine: 'registered',
            cluster_type: 'REPLICASET',
            state: 'IDLE',
            spec: '{}',
            set_name: 'rs0',
            mongodb_version: '8.0.4',
            access: null,
            tls: null,
            error_message: null,
            created: new Date(now),
            ...over,
          })
          .execute()
        if (members.length > 0) await tx.insertInto('member').values(members).execute()
      })
      parts.woken.push({ kind: 'feed', id: everyFeed })
      await settle()
      return members.map((member) => member.id)
    },
    edge: (name, secret) => testEdge(api, { name, secret: secret ?? 'edge-token-of-this-test' }, settle),
  }
}

const firstRegion = { AWS: 'US_EAST_1', AZURE: 'US_EAST_2', GCP: 'US_EAST_4' } as const

const testEdge = (
  { ask }: TestApi,
  { name, secret }: { readonly name: string; readonly secret: string },
  settle: () => Promise<void>,
): TestEdge => {
  const base = `/api/postern/v1/edges/${name}`
  const headers = { authorization: `Bearer ${secret}` }
  const edge: TestEdge = {
    fetch: async <F extends Feed>(feed: F) => {
      const answer = await ask({ method: 'GET', path: `${base}/snapshots/${feed}`, as: null, headers })
      if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`)
      return answer.body as Numbered<SnapshotBody[F]>
    },
    report: (feed, said) =>
      ask({ method: 'POST', path: `${base}/reports/${feed}`, body: { version, ...said }, as: null, headers }),
    takeOver: async (failing = {}) => {
      const gateway = await edge.fetch('gateway')
      const forwarder = await edge.fetch('forwarder')
      const listeners = {
        gateway: [
          ...gateway.body.listeners.map(({ gatewayPort }) => String(gatewayPort)),
          ...gateway.body.endpoints.filter(({ tls }) => tls).map(({ id }) => id),
        ],
        forwarder: forwarder.body.listeners.map(({ id }) => id),
      }
      for (const [feed, { epoch, n }] of [['gateway', gateway] as const, ['forwarder', forwarder] as const]) {
        const failed = listeners[feed].flatMap((id) => {
          const reason = failing[id]
          return reason === undefined ? [] : [{ id, reason }]
        })
        const bound = listeners[feed].filter((id) => failing[id] === undefined)
        await edge.report(feed, { epoch, n, bound, failed })
      }
      await settle()
    },
  }
  return edge
}
