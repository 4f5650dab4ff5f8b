// A control plane in the simulation: the real handlers, reconcilers and engine on seeded turns, a clock that is moved,
// and a store that many seeds share. There may be several over one store, each with a clock of its own, which take their
// turns from one queue. Its process can end at any point and be started again.

import type { OperationId } from '@postern/contract/routes'
import type { Actor, Call, Handler, Handlers } from '@postern/control-plane/http/handler'
import type { Clock, Ids, Parts, Settings, Store } from '@postern/control-plane/parts'
import { createProviders } from '@postern/control-plane/providers/providers'
import { createEngine } from '@postern/control-plane/reconcile/engine'
import { createSeededTurns, type SeededTurns } from '@postern/control-plane/reconcile/seeded-turns'
import { edgeHandlers } from '@postern/control-plane/resources/edge/handlers'
import { createEdgeNews } from '@postern/control-plane/resources/edge/news'
import { endpointServiceHandlers } from '@postern/control-plane/resources/endpoint-service/handlers'
import { endpointServiceReconciler } from '@postern/control-plane/resources/endpoint-service/reconcile'
import { feedReconciler } from '@postern/control-plane/resources/feed/reconcile'
import { localCloudHandlers } from '@postern/control-plane/resources/local-cloud/handlers'
import { privateEndpointHandlers } from '@postern/control-plane/resources/private-endpoint/handlers'
import { privateEndpointReconciler } from '@postern/control-plane/resources/private-endpoint/reconcile'
import { terminationHandlers } from '@postern/control-plane/resources/termination/handlers'
import { createSeal } from '@postern/control-plane/seal'
import { pino } from 'pino'
import type { Fault } from './faults.ts'
import { createLife, type Life, mortalProvider, mortalStore } from './life.ts'
import type { Random } from './random.ts'

const settings: Settings = {
  domain: 'postern.internal',
  localProvisionMs: 20,
  gatewayPorts: { from: 15_000, to: 15_099 },
  fidelity: 'postern',
  fidelityDelayMs: 300,
  unknownEndpoints: 'reject',
  ownAddresses: true,
  bind: null,
  advertise: null,
  sandbox: null,
  lastEndpointTakesService: true,
  undoWindowMs: 3_600_000,
}

const actor: Actor = { kind: 'API_KEY', id: 'simulated', name: 'simulated', orgRoles: new Map(), groupRoles: new Map() }

/** What all control planes of one world share. */
export interface Shared {
  readonly turns: SeededTurns
  /** How often a cloud was asked to make each service, beyond what was taken away again. */
  readonly made: Map<string, number>
  /** From now on this one takes turns too; answers how it ceases to. */
  readonly enter: (take: Take) => () => void
}

type Take = Parameters<SeededTurns['start']>[0]

export const createShared = (clock: Clock, random: Random): Shared => {
  const turns = createSeededTurns({ clock, random: random.next })
  const takers: Take[] = []
  const open = (): void => {
    void turns.start((kind, id) => (random.pick(takers) ?? nobody)(kind, id))
  }
  return {
    turns,
    made: new Map(),
    enter: (take) => {
      takers.push(take)
      open()
      return () => {
        takers.splice(takers.indexOf(take), 1)
        turns.crash()
        if (takers.length > 0) open()
      }
    },
  }
}

const nobody: Take = async () => ({ do: 'retry', reason: 'nobody is there' })

export interface SimulatedControlPlane {
  readonly up: () => boolean
  /** Starts a new process, which looks at everything once. Rejects with Crashed when it ends while it does. */
  readonly start: () => Promise<void>
  readonly kill: () => void
  readonly rescan: () => Promise<void>
  /**
   * Calls a handler. Rejects with AtlasError where the caller is told so, with Crashed when nobody answers: then what
   * was asked for may have been stored, or not.
   */
  readonly call: <Op extends OperationId>(operation: Op, over: Partial<Call<Op>>) => ReturnType<Handler<Op>>
}

export const createSimulatedControlPlane = (world: {
  readonly store: Store
  readonly shared: Shared
  readonly clock: Clock
  readonly random: Random
  readonly fault: Fault
  readonly crashes: () => boolean
}): SimulatedControlPlane => {
  const { store, clock, random, fault } = world
  const { turns, made } = world.shared
  const ids: Ids = { objectId: () => random.hex(12), hex: random.hex }
  const log = pino({ level: 'silent' })
  let life: Life | null = null
  let handlers: Partial<Handlers<OperationId>> = {}
  let rescan = async (): Promise<void> => {}

  const start = async (): Promise<void> => {
    let leave = (): void => {}
    const own = createLife(world.crashes, () => {
      leave()
      if (fault.forgetsAtRestart) turns.clear()
    })
    life = own
    // The zone is of no interest to anybody here.
    const withoutZone = {
      ...turns,
      wake: async (...[tx, kind, id]: Parameters<SeededTurns['wake']>) => {
        if (id !== 'dns') await turns.wake(tx, kind, id)
      },
      rescan: (kind: Parameters<SeededTurns['rescan']>[0], all: readonly string[]) =>
        turns.rescan(
          kind,
          all.filter((id) => id !== 'dns'),
        ),
    }
    const parts: Parts = {
      store: mortalStore(store, own),
      turns: fault.turns?.(withoutZone, random) ?? withoutZone,
      clock,
      ids,
      seal: createSeal(new Uint8Array(32)),
      log,
      settings,
    }
    const news = createEdgeNews()
    const free = async () => 'free' as const
    const local = createProviders(parts, free).AWS
    const counted = {
      ...local,
      ensureService: async (wish: Parameters<typeof local.ensureService>[0]) => {
        await local.ensureService(wish)
        made.set(wish.serviceId, (made.get(wish.serviceId) ?? 0) + 1)
      },
      removeService: async (wish: Parameters<typeof local.removeService>[0]) => {
        made.delete(wish.serviceId)
        await local.removeService(wish)
      },
    }
    const provider = mortalProvider(fault.provider?.(counted) ?? counted, own)
    const providers = { AWS: provider, AZURE: provider, GCP: provider }
    handlers = {
      ...endpointServiceHandlers(parts),
      ...privateEndpointHandlers(parts),
      ...terminationHandlers(parts),
      ...localCloudHandlers(parts, free),
      ...edgeHandlers(parts, news),
    }
    const engine = createEngine({ turns: parts.turns, clock, ids, log, random: random.next }, [
      endpointServiceReconciler(parts, providers),
      privateEndpointReconciler(parts, providers),
      feedReconciler(parts, news),
    ])
    rescan = engine.rescan
    leave = world.shared.enter(engine.take)
    if (!fault.forgetsAtRestart) await engine.rescan()
  }

  return {
    up: () => life?.alive() ?? false,
    start,
    kill: () => life?.end(),
    rescan: () => rescan(),
    call: (operation, over) => {
      const handler = handlers[operation] as unknown as Handler<typeof operation>
      return handler({
        actor,
        params: {},
        query: {},
        paging: { pageNum: 1, itemsPerPage: 100, includeCount: true },
        body: undefined,
        version: '',
        sourceAddress: '127.0.0.1',
        headers: new Headers(),
        link: (path: string) => path,
        self: '/',
        // A long poll answers at once: time does not pass while it waits.
        signal: AbortSignal.abort(),
        ...over,
      } as unknown as Call<typeof operation>) as ReturnType<Handler<typeof operation>>
    },
  }
}
