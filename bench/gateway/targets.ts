// Who is measured: the edge as it is shipped, behind a feed of our own; a plain proxy in Node.js; HAProxy where it is on the
// machine; and no proxy at all. All in front of the same two members, so that what differs is what stands between.

import { mkdir } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { GatewaySnapshot } from '../../packages/contract/src/snapshot.ts'
import { awsHeader } from '../../packages/edge/src/gateway/testing/doors.ts'
import type { EdgeReady } from '../../packages/edge/src/main.ts'
import { startFeedServer } from '../../packages/edge/src/testing/feed-server.ts'
import { freePort } from '../../packages/edge/src/testing/free-port.ts'
import { type HaproxyDoor, type Splice, startHaproxy } from './haproxy.ts'
import type { Door } from './load.ts'
import { type NodeProcess, startNode } from './node-process.ts'

/** `quiet` leads to a member of its own, through an endpoint of its own. */
export type DoorName = 'plain' | 'tls' | 'quiet'

export interface Running {
  readonly doors: Readonly<Partial<Record<DoorName, Door>>>
  /** Null where nothing stands between. */
  readonly pid: number | null
  /** `host:port` of its metrics, where it has some. */
  readonly metrics?: string
  readonly close: () => Promise<void>
}

export interface Target {
  readonly name: string
  /** `collects`: SIGUSR2 makes it collect its garbage. */
  readonly start: (options?: { readonly collects: boolean }) => Promise<Running>
}

/** What all targets stand before and on. */
export interface Scene {
  /** Built files, and room for more; ends with a slash. */
  readonly folder: string
  readonly members: Readonly<Record<'busy' | 'quiet', number>>
  /** Of the certificate that is shown: its authority, a file with it and its key, and the name it is for. */
  readonly tls: { readonly ca: string; readonly pem: string; readonly servername: string }
}

export interface PipeDoor {
  readonly memberPort: number
  readonly pem: string | null
}

const places = [
  { door: 'plain', member: 'busy', linkId: 'vpce-00000000000000001', tls: false },
  { door: 'tls', member: 'busy', linkId: 'vpce-00000000000000002', tls: true },
  { door: 'quiet', member: 'quiet', linkId: 'vpce-00000000000000003', tls: false },
] as const

type Place = (typeof places)[number]

const doorsOf = (scene: Scene, portOf: (place: Place, at: number) => number, preface: (place: Place) => string) =>
  Object.fromEntries(
    places.map((place, at): readonly [DoorName, Door] => {
      const { ca, servername } = scene.tls
      return [
        place.door,
        { port: portOf(place, at), preface: preface(place), tls: place.tls ? { ca, servername } : null },
      ]
    }),
  )

const proxyHeader = ({ linkId }: Place): string => awsHeader(linkId).toString('hex')
const collecting = (scene: Scene, collects: boolean): readonly string[] =>
  collects ? ['--expose-gc', '--import', `${scene.folder}collect-garbage.js`] : []

export const direct = (scene: Scene): Target => ({
  name: 'direct',
  start: async () => {
    const all = doorsOf(
      scene,
      ({ member }) => scene.members[member],
      () => '',
    )
    const { tls: _none, ...doors } = all
    return { doors, pid: null, close: async () => {} }
  },
})

export const nodePipe = (scene: Scene): Target => ({
  name: 'Node.js pipe',
  start: async ({ collects = false } = { collects: false }) => {
    const started = startNode(`${scene.folder}pipe-process.js`, { execArgv: collecting(scene, collects) })
    const asked = places.map(
      ({ member, tls }): PipeDoor => ({ memberPort: scene.members[member], pem: tls ? scene.tls.pem : null }),
    )
    started.child.send(asked)
    const ports = await started.said<readonly number[]>()
    return {
      doors: doorsOf(
        scene,
        (_, at) => ports[at] ?? 0,
        () => '',
      ),
      pid: started.pid,
      close: started.close,
    }
  },
})

export const haproxy = (scene: Scene, binary: string, splice: Splice): Target => ({
  name: `HAProxy ${splice}`,
  start: async () => {
    const doors: HaproxyDoor[] = []
    for (const { member, tls } of places)
      doors.push({ port: await freePort(), memberPort: scene.members[member], pem: tls ? scene.tls.pem : null })
    const started = await startHaproxy(binary, { folder: scene.folder, splice, doors })
    return { ...started, doors: doorsOf(scene, (_, at) => doors[at]?.port ?? 0, proxyHeader) }
  },
})

interface Build {
  readonly name: string
  readonly bin: string
  /** What its Node.js is told besides. */
  readonly execArgv?: readonly string[]
  /** With the native relay; it must be there. */
  readonly relay?: boolean
  /** Processes that move its bytes; 1: the edge itself. */
  readonly workers?: number
}

/** The edge of a build, its gateway alone. */
export const edge = (scene: Scene, { name, bin, execArgv = [], relay = false, workers = 1 }: Build): Target => ({
  name,
  start: async ({ collects = false } = { collects: false }) => {
    const token = 'the-token-of-a-measurement'
    const feed = await startFeedServer({ token, edge: 'bench' })
    const ports: number[] = []
    for (const _ of places) ports.push(await freePort())
    feed.publishNumbered('gateway', { schema: 2, epoch: 'bench', n: 1, body: snapshot(scene, ports) })
    const directory = `${scene.folder}edge-${ports[0]}`
    await mkdir(directory, { recursive: true })
    const started: NodeProcess = startNode(bin, {
      args: ['edge'],
      execArgv: [...execArgv, ...collecting(scene, collects)],
      env: {
        POSTERN_URL: feed.url(),
        POSTERN_EDGE: 'bench',
        POSTERN_EDGE_TOKEN: token,
        POSTERN_EDGE_DIR: directory,
        POSTERN_EDGE_PROGRAMS: 'gateway',
        POSTERN_GATEWAY_RELAY: relay ? 'yes' : 'no',
        POSTERN_GATEWAY_WORKERS: String(workers),
        POSTERN_TRUSTED_PROXIES: '127.0.0.0/8',
        POSTERN_METRICS_PORT: '0',
        POSTERN_GATEWAY_CERT: scene.tls.pem,
        POSTERN_GATEWAY_KEY: scene.tls.pem,
        POSTERN_ENDPOINT_CONNECTIONS: '20000',
        POSTERN_ENDPOINT_CONNECTIONS_PER_SECOND: '0',
      },
    })
    const { ready } = await started.said<EdgeReady>()
    const wanted = ports.map(String)
    while (!feed.reports('gateway').some(({ bound }) => wanted.every((port) => bound.includes(port)))) await wait(20)
    return {
      doors: doorsOf(scene, (_, at) => ports[at] ?? 0, proxyHeader),
      pid: started.pid,
      ...(ready.metricsAddress !== null && { metrics: ready.metricsAddress }),
      async close() {
        await started.close()
        await feed.stop()
      },
    }
  },
})

const snapshot = ({ members, tls }: Scene, ports: readonly number[]): GatewaySnapshot => ({
  listeners: places.map(({ door, member }, at) => ({
    gatewayPort: ports[at] ?? 0,
    serviceId: `service-${door}`,
    clusterId: `cluster-${member}`,
    memberId: `member-${member}`,
  })),
  endpoints: places.map((place) => ({
    id: `endpoint-${place.door}`,
    serviceId: `service-${place.door}`,
    provider: 'AWS',
    linkIds: [place.linkId],
    cloudEndpointId: place.linkId,
    status: 'AVAILABLE',
    tls: place.tls,
    names: place.tls ? [tls.servername] : [],
    byAddress: !place.tls,
    advertised: { [`member-${place.member}`]: { host: '127.0.0.1', port: 1024 } },
  })),
  clusters: (['busy', 'quiet'] as const).map((member) => ({
    id: `cluster-${member}`,
    name: member,
    members: [{ id: `member-${member}`, hostPort: `127.0.0.1:${members[member]}` }],
    tls: null,
  })),
})
