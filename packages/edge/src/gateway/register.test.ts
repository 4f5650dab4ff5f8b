// When the register looks at its connections again though no snapshot came: judging thousands
// of them each second would keep the gateway from its work.

import type { AccessRange, GatewayEndpoint } from '@postern/contract/snapshot'
import { expect, test } from 'vitest'
import { createPlaces } from './places.ts'
import { createRegister, type OpenConnection } from './register.ts'

const listener = {
  ...{ gatewayPort: 40_000, serviceId: 'door', clusterId: 'c', memberId: 'm' },
  endpointId: 'door',
}
const endpoint: GatewayEndpoint = {
  ...{ id: 'door', serviceId: 'door', provider: 'AWS', linkIds: ['door'], cloudEndpointId: 'standard:Shop' },
  ...{ status: 'AVAILABLE', tls: false, names: [], byAddress: true, advertised: {} },
}
const cluster = { id: 'c', name: 'Shop', members: [{ id: 'm', hostPort: 'db-0:27017' }], tls: null }

/** One connection from 192.0.2.7 through a standard listener. */
const open = (policy: { readonly accessList: readonly AccessRange[]; readonly maxSnapshotAgeMs?: number }) => {
  const time = { now: 1_000_000 }
  const limits = { connectionsPerEndpoint: 10, newPerSecond: 10 }
  const now = () => time.now
  const register = createRegister({ join: 'onread', now, places: createPlaces(now, limits) })
  const seen = { looks: 0, ended: null as string | null }
  const connection: OpenConnection = {
    arrival() {
      seen.looks++
      return { gatewayPort: 40_000, link: null, source: '192.0.2.7', sni: 'unread' }
    },
    live: () => null,
    end: ({ code }) => {
      seen.ended = code
    },
    drain: () => undefined,
    rest: () => undefined,
    speakLast: () => undefined,
    renewed: () => undefined,
    tellAgain: () => undefined,
    reexamine: () => undefined,
  }
  register.confirmed()
  register.accepted(connection)
  register.hold({
    ...{ epoch: 'e', n: 1 },
    body: { listeners: [listener], endpoints: [{ ...endpoint, policy }], clusters: [cluster] },
  })
  seen.looks = 0
  return {
    seen,
    at(ms: number) {
      time.now = ms
      register.endAged()
      return { looks: seen.looks, ended: seen.ended }
    },
  }
}

const always = { cidr: '192.0.2.0/24' }

test('where an entry ends by itself, connections are looked at when it does, and not before or again', () => {
  const { at } = open({ accessList: [always, { cidr: '10.0.0.0/8', untilMs: 1_005_000 }] })
  expect(at(1_001_000).looks).toBe(0)
  expect(at(1_004_999).looks).toBe(0)
  expect(at(1_005_000)).toEqual({ looks: 1, ended: null })
  expect(at(1_006_000).looks).toBe(1)
})

test('each of several entries is noticed, once, whatever the clock is set back to, and who came in by it is ended', () => {
  const { at } = open({
    accessList: [
      { cidr: '192.0.2.7/32', untilMs: 1_009_000 },
      { cidr: '10.0.0.0/8', untilMs: 1_005_000 },
    ],
  })
  expect(at(1_006_000)).toEqual({ looks: 1, ended: null })
  expect(at(900_000)).toEqual({ looks: 1, ended: null })
  expect(at(1_005_500)).toEqual({ looks: 1, ended: null })
  expect(at(1_009_500)).toEqual({ looks: 2, ended: 'NOT_ON_ACCESS_LIST' })
})

test('where nothing ends by itself they are not looked at', () => {
  expect(open({ accessList: [always] }).at(2_000_000).looks).toBe(0)
})

test('where an endpoint fails closed at an age of the snapshot, each time', () => {
  const { at } = open({ accessList: [always], maxSnapshotAgeMs: 60_000 })
  expect(at(1_001_000)).toEqual({ looks: 1, ended: null })
  expect(at(1_061_000)).toEqual({ looks: 2, ended: 'SNAPSHOT_TOO_OLD' })
})
