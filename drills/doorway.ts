// One endpoint's name with several gateways behind it, before a replica set that answers every command: each gateway listens
// at an address of its own on the same ports, and can be ended and started again there.

import { randomBytes } from 'node:crypto'
import type { GatewaySnapshot } from '@postern/contract/snapshot'
import { systemClock } from '../packages/edge/src/clock.ts'
import { createCrew } from '../packages/edge/src/gateway/crew/crew.ts'
import type { Hired } from '../packages/edge/src/gateway/crew/hand.ts'
import { hireProcess } from '../packages/edge/src/gateway/crew/process.ts'
import { createGateway, type Gateway, type GatewayParts } from '../packages/edge/src/gateway/gateway.ts'
import { joinMethod } from '../packages/edge/src/gateway/join/open-relay.ts'
import type { Lookup } from '../packages/edge/src/gateway/testing/clients.ts'
import { type FakeSet, startFakeSet } from '../packages/edge/src/gateway/testing/fake-set.ts'
import { memberDialler } from '../packages/edge/src/gateway/upstream.ts'
import { noListeners } from '../packages/edge/src/listeners-file.ts'
import { freePorts } from '../packages/edge/src/testing/free-port.ts'
import type { Gateways } from './drill.ts'

const name = 'pl-0-us-east-1.k45tj.postern.internal'
const silent = { info() {}, warn() {}, error() {}, debug() {} }

/** What a gateway is started with, also in a process of its own. */
export interface GatewayStart extends Gateways {
  readonly host: string
  readonly body: GatewaySnapshot
  /** Its clients come by a balancer, which says in a TLV for whom; else to listeners of the endpoint's own. */
  readonly behindBalancer?: boolean
  /** From where PROXY headers are believed; behind a balancer from this machine, else by default from nowhere. */
  readonly trustedProxies?: readonly string[]
  readonly limits?: GatewayParts['limits']
}

/** What the gateways behind a balancer know the endpoint by. */
export const fixedTlv = { endpoint: 'vpce-1', type: 5, value: 'vpce-1' } as const

/** `hired` is told of every worker, as it is started. Rejects where the relay is asked for and does not serve. */
export async function startGateway(
  { host, body, behindBalancer = false, limits = {}, workers = 1, relay = false, ...start }: GatewayStart,
  hired: (worker: Hired) => void = () => {},
): Promise<Gateway> {
  const listeners = [{ endpoint: 'endpoint-1', host, advertise: null, from: null }]
  const parts = {
    host,
    trustedProxies: start.trustedProxies ?? (behindBalancer ? ['127.0.0.0/8'] : []),
    own: { ...noListeners, ...(behindBalancer ? { tlvs: [fixedTlv] } : { listeners }) },
    proofKey: null,
    clock: systemClock,
    randomBytes,
    log: silent,
    limits,
  }
  const hire = (): Hired => {
    const worker = hireProcess()
    hired(worker)
    return worker
  }
  const gateway =
    workers === 1
      ? createGateway({
          ...parts,
          method: await joinMethod(relay ? 'yes' : 'no', silent),
          certificateFor: null,
          dial: memberDialler(() => null),
        })
      : await createCrew({
          ...{ ...parts, workers, hire, relay: relay ? 'yes' : 'no', logLevel: 'silent' },
          ...{ pairFor: null, shown: () => null },
        })
  const { failed } = await gateway.take({ epoch: 'e', n: 1, body })
  const wrong = failed.map(({ reason }) => reason)
  const { join } = gateway.stats()
  if (relay && join !== 'relay') wrong.push(`connections are joined by ${join}: is the relay built (npm run native)?`)
  if (wrong.length === 0) return gateway
  await gateway.close(0)
  throw new Error(wrong.join('; '))
}

export interface Doorway {
  readonly set: FakeSet
  readonly uri: string
  /** Straight to the members, beside the gateways. */
  readonly directUri: string
  /** What a resolver answers that knows every gateway: any of them may come first. */
  readonly lookup: Lookup
  readonly starts: readonly GatewayStart[]
  /** By member: what the endpoint shows, and what gateways listen on for those who come with a PROXY header. */
  readonly ports: readonly number[]
  readonly gatewayPorts: readonly number[]
  close(): Promise<void>
}

/** Nothing listens yet: `starts` says where gateways are to. */
export async function openDoorway(
  addresses: readonly string[],
  { behindBalancer = false, workers = 1, relay = false }: Gateways & Pick<GatewayStart, 'behindBalancer'> = {},
): Promise<Doorway> {
  const set = await startFakeSet()
  const ids = set.members.map((_, index) => `member-${index}`)
  const free = await freePorts(2 * ids.length)
  const [ports, gatewayPorts] = [free.slice(0, ids.length), free.slice(ids.length)]
  const body: GatewaySnapshot = {
    listeners: ids.map((memberId, index) => ({
      gatewayPort: gatewayPorts[index] ?? 0,
      serviceId: 'service-1',
      clusterId: 'cluster-1',
      memberId,
    })),
    endpoints: [
      {
        id: 'endpoint-1',
        serviceId: 'service-1',
        provider: 'AWS',
        linkIds: ['vpce-1'],
        cloudEndpointId: 'vpce-1',
        status: 'AVAILABLE',
        tls: false,
        names: [name],
        byAddress: false,
        advertised: Object.fromEntries(ids.map((id, index) => [id, { host: name, port: ports[index] ?? 0 }])),
      },
    ],
    clusters: [
      {
        id: 'cluster-1',
        name: 'Cluster0',
        members: ids.map((id, index) => ({ id, hostPort: set.members[index]?.hostPort ?? '' })),
        tls: null,
      },
    ],
  }
  const found = behindBalancer ? ['127.0.0.1'] : addresses
  let asked = 0
  return {
    set,
    uri: `mongodb://${ports.map((port) => `${name}:${port}`).join(',')}/?replicaSet=rs0`,
    directUri: `mongodb://${set.members.map(({ hostPort }) => hostPort).join(',')}/?replicaSet=rs0`,
    lookup: (_host, options, done) => {
      asked += 1
      const turned = [...found.slice(asked % found.length), ...found.slice(0, asked % found.length)]
      if (options.all)
        done(
          null,
          turned.map((address) => ({ address, family: 4 })),
        )
      else done(null, turned[0] ?? '', 4)
    },
    starts: addresses.map((host) => ({ host, body, behindBalancer, workers, relay })),
    ports,
    gatewayPorts,
    close: () => set.close(),
  }
}
