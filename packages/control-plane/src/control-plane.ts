// Puts the control plane together, once: store, turns, handlers, reconcilers and the HTTP engine. No port is opened here
// and no environment read: main.ts does that, and tests call this very function.

import { randomBytes } from 'node:crypto'
import type { OperationId } from '@postern/contract/routes'
import type { Logger } from 'pino'
import { createDrills } from './drills/drills.ts'
import { createFaults } from './drills/faults.ts'
import { withFaults } from './drills/faulty-provider.ts'
import { drillHandlers } from './drills/handlers.ts'
import { createMemberFaults } from './drills/member-faults.ts'
import { createMovingClock, type MovingClock } from './drills/moving-clock.ts'
import { createEngines, type Engines } from './engines/engines.ts'
import type { Console } from './http/console.ts'
import type { Handlers } from './http/handler.ts'
import { createHttp, type Http } from './http/http.ts'
import { createPasswordGate } from './identity/password-gate.ts'
import type { Clock, Ids, Parts, Settings } from './parts.ts'
import type { Providers } from './providers/provider.ts'
import { createProviders } from './providers/providers.ts'
import { createEngine } from './reconcile/engine.ts'
import { createPgBossTurns } from './reconcile/pg-boss-turns.ts'
import type { DrivenTurns, Reconciler, TurnKind } from './reconcile/turns.ts'
import { createTurnstile, passing } from './reconcile/turnstile.ts'
import { absentHandlers } from './resources/absent/handlers.ts'
import { apiKeyAccessListHandlers } from './resources/api-key/access-list.ts'
import { apiKeyHandlers } from './resources/api-key/handlers.ts'
import { orgApiKeyHandlers } from './resources/api-key/org-handlers.ts'
import { apiKeyPairHandlers } from './resources/api-key/pair-handlers.ts'
import { certificateHandlers } from './resources/certificate/handlers.ts'
import { clusterHandlers } from './resources/cluster/handlers.ts'
import { clusterOverviewHandlers } from './resources/cluster/overview-handlers.ts'
import { clusterReconciler } from './resources/cluster/reconcile.ts'
import { clusterRestartHandlers } from './resources/cluster/restart-handlers.ts'
import { clusterSettingsHandlers } from './resources/cluster/settings-handlers.ts'
import { connectionHandlers } from './resources/connection/handlers.ts'
import { customDbRoleHandlers } from './resources/custom-db-role/handlers.ts'
import { customDbRoleReconciler } from './resources/custom-db-role/reconcile.ts'
import { databaseAccessHandlers } from './resources/database-access/handlers.ts'
import { databaseAccessReconciler } from './resources/database-access/reconcile.ts'
import { databaseUserCertHandlers } from './resources/database-user/cert-handlers.ts'
import { databaseUserHandlers } from './resources/database-user/handlers.ts'
import { databaseUserReconciler } from './resources/database-user/reconcile.ts'
import { deploymentHandlers } from './resources/deployment/handlers.ts'
import { systemSrvLookup } from './resources/deployment/srv.ts'
import { diagnosisHandlers } from './resources/diagnosis/handlers.ts'
import { edgeEnrolmentHandlers } from './resources/edge/enrolment-handlers.ts'
import { edgeForgetHandlers } from './resources/edge/forget-handlers.ts'
import { edgeHandlers } from './resources/edge/handlers.ts'
import { createEdgeNews, type EdgeNews } from './resources/edge/news.ts'
import { edgeQuestionHandlers } from './resources/edge/question-handlers.ts'
import { edgeRemovalHandlers } from './resources/edge/removal-handlers.ts'
import { endpointServiceHandlers } from './resources/endpoint-service/handlers.ts'
import { ownEndpointServiceHandlers } from './resources/endpoint-service/own-handlers.ts'
import { endpointServiceReconciler } from './resources/endpoint-service/reconcile.ts'
import { regionalModeHandlers } from './resources/endpoint-service/regional-mode.ts'
import { eventHandlers } from './resources/event/handlers.ts'
import { eventStreamHandlers } from './resources/event/stream-handlers.ts'
import { feedReconciler } from './resources/feed/reconcile.ts'
import { flexClusterHandlers } from './resources/flex-cluster/handlers.ts'
import { groupHandlers } from './resources/group/handlers.ts'
import { ownGroupHandlers } from './resources/group/own-handlers.ts'
import { groupAccessListHandlers } from './resources/group-access-list/handlers.ts'
import { groupAccessListReconciler } from './resources/group-access-list/reconcile.ts'
import { groupFidelityHandlers } from './resources/group-fidelity/handlers.ts'
import { groupSwitchHandlers } from './resources/group-switch/handlers.ts'
import { groupInviteHandlers } from './resources/invitation/group-invites.ts'
import { invitationHandlers } from './resources/invitation/handlers.ts'
import { orgInviteHandlers } from './resources/invitation/org-invites.ts'
import { limitHandlers } from './resources/limit/handlers.ts'
import { localCloudHandlers } from './resources/local-cloud/handlers.ts'
import { memberPortHandlers } from './resources/member-port/handlers.ts'
import { networkContainerHandlers } from './resources/network-container/handlers.ts'
import { organizationHandlers } from './resources/organization/handlers.ts'
import { creationPreviewHandlers } from './resources/preview/creation-handlers.ts'
import { deletionPreviewHandlers } from './resources/preview/deletion-handlers.ts'
import { callerRoleHandlers } from './resources/preview/role-handlers.ts'
import { privateEndpointHandlers } from './resources/private-endpoint/handlers.ts'
import { ownPrivateEndpointHandlers } from './resources/private-endpoint/own-handlers.ts'
import { privateEndpointReconciler } from './resources/private-endpoint/reconcile.ts'
import { serverHandlers } from './resources/server/handlers.ts'
import { serviceAccountCredentialHandlers } from './resources/service-account/credential-handlers.ts'
import { serviceAccountHandlers } from './resources/service-account/handlers.ts'
import { sessionHandlers } from './resources/session/handlers.ts'
import { sessionLinkHandlers } from './resources/session/link-handlers.ts'
import { standardListenerHandlers } from './resources/standard-listener/handlers.ts'
import { teamHandlers } from './resources/team/handlers.ts'
import { terminationHandlers } from './resources/termination/handlers.ts'
import { tokenHandlers } from './resources/token/handlers.ts'
import { trafficHandlers } from './resources/traffic/handlers.ts'
import { userHandlers } from './resources/user/handlers.ts'
import { webhookHandlers } from './resources/webhook/handlers.ts'
import { webhookReconciler } from './resources/webhook/reconcile.ts'
import { createSender } from './resources/webhook/send.ts'
import { createSeal, deriveServerSecret } from './seal.ts'
import { createStore, type StoreOptions } from './store/create-store.ts'
import { createSeedCopy } from './store/seed-copy.ts'
import type { Tables } from './store/tables.ts'

export interface ControlPlaneOptions {
  readonly store: StoreOptions
  readonly settings: Settings
  /** 32 bytes; see seal.ts. */
  readonly sealKey: Uint8Array
  /** See http.ts. */
  readonly edgeToken: string | null
  /** Base of links, without a trailing slash; null: they begin with the door by which the request came. */
  readonly publicUrl: string | null
  /** Further host names that this server is called by; see config.ts, POSTERN_HOSTS. */
  readonly hosts?: readonly string[]
  readonly console?: Console
  readonly log: Logger
  /** Between two looks at everything; 60 s unless told. */
  readonly rescanMs?: number
  /** For test suites: opens the door of drills/. `stop` ends the process, and whoever started it. Embedded store only. */
  readonly testing?: { readonly stop: () => void }
}

export interface ControlPlane {
  readonly parts: Parts
  readonly fetch: Http['fetch']
  /** Ends long polls: the first step of a stop, before connections are closed. */
  readonly quiet: () => void
  /** Ends turns (waiting at most `graceMs` for the running ones), connections to deployments and the store. */
  readonly close: (graceMs: number) => Promise<void>
}

const systemClock: Clock = { now: () => Date.now() }

/** An object id begins with its second, as MongoDB's do, so that ids sort by age. */
const systemIds: Ids = {
  objectId: () =>
    Math.floor(Date.now() / 1000)
      .toString(16)
      .padStart(8, '0') + randomBytes(8).toString('hex'),
  hex: (bytes) => randomBytes(bytes).toString('hex'),
}

/**
 * Opens the store and begins to hand out turns. Rejects with HomeHeld, StoreUnavailable or the database's own error;
 * nothing stays open then.
 */
export const createControlPlane = async (options: ControlPlaneOptions): Promise<ControlPlane> => {
  const { settings, log, edgeToken, publicUrl } = options
  const open = await createStore(options.store)
  const turns = createPgBossTurns({ backing: open.backing, log })
  const clock = createMovingClock(systemClock)
  const parts: Parts = {
    store: open.store,
    turns,
    clock,
    ids: systemIds,
    seal: createSeal(options.sealKey),
    log,
    settings,
  }
  const secret = deriveServerSecret(options.sealKey)
  const stopping = new AbortController()
  const news = createEdgeNews()
  const engines = createEngines(parts, { fetch })
  const providers = createProviders(parts)
  const world = { engines, providers, news, stopping: stopping.signal }
  const testing = options.testing && gatherTesting(parts, { ...world, ...options.testing, clock, turns })
  const http = createHttp(
    {
      ...parts,
      publicUrl,
      hosts: options.hosts ?? [],
      httpSecret: secret,
      edgeToken,
      stopping: stopping.signal,
      ...ifGiven('console', options.console),
    },
    {
      ...gatherHandlers(parts, {
        secret,
        news,
        engines,
        // The doctor sees what the reconcilers see.
        providers: testing?.providers ?? providers,
        realClock: systemClock,
      }),
      ...testing?.handlers,
    },
  )
  const engine = createEngine(
    { turns, clock, ids: parts.ids, log, random: Math.random, ...ifGiven('rescanMs', options.rescanMs) },
    testing?.reconcilers ?? gatherReconcilers(parts, world),
  )
  const close = async (graceMs: number): Promise<void> => {
    stopping.abort()
    // Together: a turn that waits for a deployment that is gone ends with its connection.
    await Promise.all([engine.stop(graceMs), engines.close()])
    await open.close()
  }
  try {
    await engine.start()
  } catch (error) {
    await close(0)
    throw error
  }
  return { parts, fetch: http.fetch, quiet: () => stopping.abort(), close }
}

/** Every operation that this server answers. */
export const gatherHandlers = (
  parts: Parts,
  {
    secret,
    news,
    engines,
    providers,
    realClock = parts.clock,
  }: {
    readonly secret: Uint8Array
    readonly news: EdgeNews
    readonly engines: Engines
    readonly providers: Providers
    /** Where that of `parts` may be moved by a test: peers judge certificates by their own. */
    readonly realClock?: Clock
  },
): Partial<Handlers<OperationId>> => ({
  ...organizationHandlers(parts),
  ...groupHandlers(parts),
  ...ownGroupHandlers(parts),
  ...peopleHandlers(parts),
  ...apiKeyHandlers(parts),
  ...apiKeyPairHandlers(parts),
  ...orgApiKeyHandlers(parts),
  ...apiKeyAccessListHandlers(parts),
  ...serviceAccountHandlers(parts),
  ...serviceAccountCredentialHandlers(parts),
  ...groupAccessListHandlers(parts),
  ...networkContainerHandlers(parts),
  ...groupSwitchHandlers(parts),
  ...standardListenerHandlers(parts),
  ...absentHandlers,
  ...groupFidelityHandlers(parts),
  ...diagnosisHandlers({ ...parts, news }, providers),
  ...limitHandlers(parts),
  ...tokenHandlers(parts, { secret }),
  ...serverHandlers(parts),
  ...endpointServiceHandlers(parts),
  ...ownEndpointServiceHandlers(parts),
  ...regionalModeHandlers(parts),
  ...privateEndpointHandlers(parts),
  ...ownPrivateEndpointHandlers(parts),
  ...terminationHandlers(parts),
  ...creationPreviewHandlers(parts, providers),
  ...deletionPreviewHandlers({ ...parts, news }),
  ...callerRoleHandlers(parts),
  ...memberPortHandlers(parts),
  ...localCloudHandlers(parts),
  ...edgeHandlers(parts, news),
  ...edgeEnrolmentHandlers(parts, news),
  ...edgeForgetHandlers(parts),
  ...edgeRemovalHandlers(parts),
  ...edgeQuestionHandlers(parts, news),
  ...connectionHandlers({ ...parts, news }),
  ...trafficHandlers(parts),
  ...certificateHandlers({ ...parts, clock: realClock }),
  ...clusterHandlers(parts),
  ...clusterSettingsHandlers(parts),
  ...clusterRestartHandlers(parts, engines),
  ...clusterOverviewHandlers(parts),
  ...flexClusterHandlers(parts),
  ...databaseUserHandlers(parts),
  ...databaseUserCertHandlers({ ...parts, clock: realClock }),
  ...customDbRoleHandlers(parts),
  ...databaseAccessHandlers(parts),
  ...eventHandlers(parts),
  ...eventStreamHandlers(parts),
  ...webhookHandlers(parts),
  ...deploymentHandlers(parts, engines, systemSrvLookup),
})

const peopleHandlers = (parts: Parts) => {
  const passwords = createPasswordGate()
  return {
    ...userHandlers(parts, passwords),
    ...teamHandlers(parts),
    ...sessionHandlers(parts, passwords),
    ...sessionLinkHandlers(parts),
    ...invitationHandlers(parts, passwords),
    ...orgInviteHandlers(parts),
    ...groupInviteHandlers(parts),
  }
}

/** Everything that is reconciled. */
const gatherReconcilers = (
  parts: Parts,
  world: {
    readonly providers: Providers
    readonly engines: Engines
    readonly news: EdgeNews
    /** Ends what is under way over the network. */
    readonly stopping: AbortSignal
  },
): readonly Reconciler[] => [
  endpointServiceReconciler(parts, world.providers),
  privateEndpointReconciler(parts, world.providers),
  clusterReconciler(parts, world.engines),
  customDbRoleReconciler(parts, world.engines),
  databaseUserReconciler(parts, world.engines),
  databaseAccessReconciler(parts, world.engines),
  groupAccessListReconciler(parts),
  feedReconciler(parts, world.news),
  webhookReconciler(parts, { send: createSender(world.stopping), random: Math.random }),
]

/** Where what a kind reconciles is stored. Feeds are built from all of it. */
const tablesOf: Readonly<Record<TurnKind, readonly (keyof Tables)[]>> = {
  endpointService: ['endpoint_service'],
  privateEndpoint: ['private_endpoint'],
  cluster: ['cluster', 'member'],
  customDbRole: ['custom_db_role'],
  databaseUser: ['database_user'],
  databaseAccess: ['cluster', 'database_user', 'custom_db_role'],
  group: ['group_access_entry'],
  feed: [],
  webhook: ['webhook', 'webhook_delivery'],
}

/** The door for test suites, and the reconcilers whose turns it drives; `clock` and `turns` are those of `parts`. */
export const gatherTesting = (
  parts: Parts,
  world: {
    readonly clock: MovingClock
    readonly turns: DrivenTurns
    readonly engines: Engines
    readonly providers: Providers
    readonly news: EdgeNews
    readonly stopping: AbortSignal
    readonly stop: () => void
  },
) => {
  const { clock, turns, engines, stop } = world
  const { store } = parts
  const faults = createFaults(parts.ids.objectId)
  const turnstile = createTurnstile()
  const providers = withFaults(world.providers, faults)
  const reconcilers = gatherReconcilers(parts, { ...world, providers })
  const drills = createDrills({
    parts,
    clock,
    turns,
    turnstile,
    seed: createSeedCopy(store),
    faults,
    memberFaults: createMemberFaults({ store, engines }),
    engines,
    publish: async (feed) => reconcilers.find(({ kind }) => kind === 'feed')?.turn(feed),
    lookAt: async (tables) => {
      for (const { kind, ids } of reconcilers)
        if (tablesOf[kind].some((table) => tables.has(table))) await turns.rescan(kind, await ids())
    },
    stop,
  })
  return { handlers: drillHandlers(drills), reconcilers: passing(turnstile, reconcilers), providers }
}

const ifGiven = <Name extends string, Value>(name: Name, value: Value | undefined): Partial<Record<Name, Value>> =>
  value === undefined ? {} : ({ [name]: value } as Record<Name, Value>)
