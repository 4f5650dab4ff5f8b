// A sound road as facts, for tests that change one thing of it.

import type { Door, Hello } from './dial.ts'
import type { GatewayLine } from './gateway-log.ts'
import type { RoadFacts } from './judge-road.ts'
import type { HostFacts } from './names.ts'
import { type Road, readRoad } from './road.ts'

export const places = ['127.1.2.3:1024', '127.1.2.3:1025', '127.1.2.3:1026'] as const
export const now = Date.UTC(2026, 0, 1)
export const dayMs = 24 * 60 * 60_000

const road = async (more: Partial<Road> = {}): Promise<Road> => {
  const read = await readRoad(`mongodb://app:secret@${places.join(',')}/?replicaSet=rs0`)
  if ('problem' in read) throw new Error(read.problem)
  return { ...read, ...more }
}

export const member = (more: Partial<Hello> = {}): Hello => ({
  setName: 'rs0',
  primary: false,
  router: false,
  hosts: places,
  hasServiceId: false,
  mismatch: null,
  ...more,
})
export const door = (at: number, more: Partial<Door> = {}): Door => ({
  hostPort: places[at] ?? '',
  tcp: 'OPEN',
  tls: null,
  hello: member({ primary: at === 0 }),
  source: `127.0.0.1:5000${at}`,
  ...more,
})
export const cut = (at: number): Door => door(at, { hello: null })
export const line = (at: number, more: Partial<GatewayLine>): GatewayLine => ({
  connection: null,
  source: `127.0.0.1:5000${at}`,
  side: 'client',
  code: 'UNKNOWN_ENDPOINT',
  reason: 'AWS vpce-1 is not attached',
  time: now,
  ...more,
})

export const answered = (host: string, ...addresses: readonly string[]): HostFacts => ({
  host,
  addresses,
  code: null,
  ttl: null,
  kept: false,
})

export const facts = async (more: Partial<RoadFacts> = {}, option: Partial<Road> = {}): Promise<RoadFacts> => ({
  road: await road(option),
  srv: null,
  hosts: [answered('127.1.2.3', '127.1.2.3')],
  own: null,
  doors: [door(0), door(1), door(2)],
  served: null,
  log: null,
  refused: null,
  signIn: { outcome: 'IN' },
  inContainer: false,
  besideEdge: true,
  unreadable: [],
  homeCaFile: undefined,
  now,
  ...more,
})
