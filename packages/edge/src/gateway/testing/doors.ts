// A gateway in front of a fake set, with a forwarder of the test's own before it: per member one listener that dials
// the gateway's port and writes a PROXY v2 header, put together here byte by byte, in front of what its client says.

import { randomBytes } from 'node:crypto'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import type { GatewayEndpoint, GatewaySnapshot } from '@postern/contract/snapshot'
import { systemClock } from '../../clock.ts'
import { freePort, freePorts } from '../../testing/free-port.ts'
import { createKeptLog } from '../../testing/kept-log.ts'
import { createGateway, type GatewayParts, type LocalGateway } from '../gateway.ts'
import type { JoinMethod } from '../join/join.ts'
import { memberDialler } from '../upstream.ts'
import { startCrewHere } from './crew.ts'

export interface Doors {
  readonly gateway: LocalGateway
  readonly snapshot: GatewaySnapshot
  /** Where clients dial, by member; where they are balanced last. */
  readonly ports: readonly number[]
  readonly gatewayPorts: readonly number[]
  readonly seeds: string
  /** Log lines so far, parsed. */
  lines(): readonly Readonly<Record<string, unknown>>[]
  close(): Promise<void>
}

export interface DoorsOptions {
  readonly endpoint?: Partial<GatewayEndpoint>
  readonly parts?: Partial<GatewayParts>
  readonly clusterTls?: GatewaySnapshot['clusters'][number]['tls']
  /** Members of the set that the snapshot does not know. */
  readonly unknown?: readonly number[]
  /** Members are routers: one more door, the last, spreads over those that the snapshot knows. */
  readonly balanced?: boolean
}

export const linkId = 'vpce-0a1b2c3d4e5f60718'

/** PROXY, TCP over IPv4, 203.0.113.9:51000 to 10.0.0.1:1024, and AWS's TLV with this link id. */
export function awsHeader(id: string, { tlvType = 0xea, source = 51_000 } = {}): Buffer {
  const value = Buffer.concat([Buffer.from([0x01]), Buffer.from(id, 'latin1')])
  const addresses = Buffer.from([203, 0, 113, 9, 10, 0, 0, 1, source >> 8, source & 0xff, 0x04, 0x00])
  const tlv = Buffer.concat([Buffer.from([tlvType, 0, value.length]), value])
  const start = Buffer.from('0d0a0d0a000d0a515549540a21110000', 'hex')
  start.writeUInt16BE(addresses.length + tlv.length, 14)
  return Buffer.concat([start, addresses, tlv])
}

let method: JoinMethod | undefined

/** From now on gateways join by this, in the test file that asks for it. */
export function joinBy(wanted: JoinMethod): void {
  method = wanted
}

let crew = 0

/** From now on gateways are crews of so many workers, in the test file that asks for it. */
export function crewOf(workers: number): void {
  crew = workers
}

/** `set`: the members to stand before, by the names that the gateway dials. */
export async function openDoors(
  set: { readonly members: readonly { readonly hostPort: string }[] },
  options: DoorsOptions = {},
): Promise<Doors> {
  const forwarders: Server[] = []
  const sockets = new Set<Socket>()
  const gatewayPorts: number[] = []
  const ports: number[] = []
  for (let door = 0; door < set.members.length + (options.balanced ? 1 : 0); door++) {
    const gatewayPort = await freePort()
    gatewayPorts.push(gatewayPort)
    const forwarder = createServer({ allowHalfOpen: true }, (client) => {
      const onward = connect({ host: '127.0.0.1', port: gatewayPort, allowHalfOpen: true })
      onward.write(awsHeader(linkId, { source: client.remotePort ?? 0 }))
      for (const socket of [client, onward]) {
        sockets.add(socket)
        socket.on('error', () => {})
        socket.on('close', () => {
          client.destroy()
          onward.destroy()
          sockets.delete(socket)
        })
      }
      client.pipe(onward)
      onward.pipe(client)
    })
    await new Promise<void>((resolve) => forwarder.listen(0, '127.0.0.1', resolve))
    ports.push((forwarder.address() as AddressInfo).port)
    forwarders.push(forwarder)
  }

  const snapshot = snapshotOf(set, { gatewayPorts, ports, ...options })
  const kept = createKeptLog()
  const both = { host: '127.0.0.1', trustedProxies: ['127.0.0.0/8'], proofKey: null, randomBytes, log: kept.log }
  const gateway =
    crew === 0
      ? createGateway({
          ...both,
          certificateFor: null,
          dial: memberDialler(() => null),
          clock: { now: Date.now },
          ...(method && { method }),
          ...options.parts,
        })
      : (
          await startCrewHere(
            {
              ...{ ...both, pairFor: null, shown: () => null, ...options.parts },
              clock: { ...systemClock, ...options.parts?.clock },
            },
            crew,
          )
        ).gateway
  const { failed } = await gateway.take({ epoch: 'e', n: 1, body: snapshot })
  if (failed.length > 0) throw new Error(`ports could not be bound: ${JSON.stringify(failed)}`)

  return {
    gateway,
    snapshot,
    ports,
    gatewayPorts,
    seeds: ports.map((port) => `127.0.0.1:${port}`).join(','),
    lines: () =>
      kept
        .text()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    async close() {
      for (const forwarder of forwarders) forwarder.close()
      for (const socket of sockets) socket.destroy()
      await gateway.close(0)
    },
  }
}

type Members = Parameters<typeof openDoors>[0]

interface SnapshotOptions extends Pick<DoorsOptions, 'endpoint' | 'unknown' | 'clusterTls'> {
  readonly gatewayPorts: readonly number[]
  /** What the endpoint shows. */
  readonly ports: readonly number[]
}

function snapshotOf(
  set: Members,
  { gatewayPorts, ports, endpoint = {}, unknown = [], clusterTls = null }: SnapshotOptions,
): GatewaySnapshot {
  const ids = set.members.map((_, index) => `member-${index}`)
  const known = ids.filter((_, index) => !unknown.includes(index))
  return {
    listeners: gatewayPorts.map((gatewayPort, index) => ({
      gatewayPort,
      serviceId: 'service-1',
      clusterId: 'cluster-1',
      memberId: ids[index] ?? 'cluster-1',
      ...(ids[index] === undefined && { balances: known }),
    })),
    endpoints: [
      {
        id: 'endpoint-1',
        serviceId: 'service-1',
        provider: 'AWS',
        linkIds: [linkId],
        cloudEndpointId: linkId,
        status: 'AVAILABLE',
        tls: false,
        names: [],
        byAddress: true,
        advertised: Object.fromEntries(ports.map((port, at) => [ids[at] ?? 'cluster-1', { host: '127.0.0.1', port }])),
        ...endpoint,
      },
    ],
    clusters: [
      {
        id: 'cluster-1',
        name: 'Cluster0',
        members: known.map((id) => ({ id, hostPort: set.members[ids.indexOf(id)]?.hostPort ?? '' })),
        tls: clusterTls,
      },
    ],
  }
}

/** For gateways that are dialled with a PROXY header of the test's own, at free ports. */
export async function snapshotFor(set: Members, endpoint: Partial<GatewayEndpoint>): Promise<GatewaySnapshot> {
  const gatewayPorts = await freePorts(set.members.length)
  return snapshotOf(set, { gatewayPorts, ports: gatewayPorts, endpoint })
}
