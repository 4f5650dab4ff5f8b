// A cluster's standard listener as far as its feed goes: whether it is to be open, and which addresses its project's access list
// names. What the gateways are told of it, and when it counts as closed, is the real code's.

import type { Acknowledgement } from '@postern/control-plane/resources/private-endpoint/acknowledged'
import { accessRanges } from '@postern/control-plane/resources/standard-listener/ranges'
import { listenerState, type Stands } from '@postern/control-plane/resources/standard-listener/state'
import type { ServedListener } from '@postern/control-plane/snapshots/gateway'
import type { FeedFault } from './faults.ts'
import type { Gateway } from './gateway.ts'

export const doorPort = 15_001
export const doorId = 'door'

/** Few, so that they come and go often. */
export const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.3'] as const

export interface Door {
  readonly enabled: boolean
  readonly privateOnly: boolean
  /** The first number that says so; null: not published yet. */
  readonly gatewayN: number | null
  readonly listed: ReadonlySet<string>
  /** Taken off the list, with the first number that says so. */
  readonly unlisted: ReadonlyMap<string, { readonly epoch: string; readonly n: number } | null>
}

export const firstDoor: Door = {
  enabled: true,
  privateOnly: false,
  gatewayN: null,
  listed: new Set([addresses[0]]),
  unlisted: new Map(),
}

export type DoorWish =
  | { readonly list: string }
  | { readonly unlist: string }
  | Partial<Pick<Door, 'enabled' | 'privateOnly'>>

export const wished = (door: Door, wish: DoorWish, fault: FeedFault): Door => {
  if ('list' in wish) {
    const unlisted = new Map(door.unlisted)
    unlisted.delete(wish.list)
    return { ...door, listed: new Set([...door.listed, wish.list]), unlisted }
  }
  if ('unlist' in wish) {
    if (!door.listed.has(wish.unlist)) return door
    const left = [...door.listed].filter((address) => address !== wish.unlist || fault.keepsEntries)
    return { ...door, listed: new Set(left), unlisted: new Map([...door.unlisted, [wish.unlist, null]]) }
  }
  return { ...door, ...wish, ...(!fault.keepsListenerNumber && { gatewayN: null }) }
}

/** What is not published yet is by this number; of `null` everything is to be published anew. */
export const numbered = (door: Door, mark: { readonly epoch: string; readonly n: number } | null): Door => ({
  ...door,
  gatewayN: mark === null ? null : (door.gatewayN ?? mark.n),
  unlisted: new Map([...door.unlisted].map(([address, first]) => [address, mark === null ? null : (first ?? mark)])),
})

const isWanted = ({ enabled, privateOnly }: Door): boolean => enabled && !privateOnly

export const servedDoor = (door: Door, fault: FeedFault): readonly ServedListener[] =>
  door.enabled && (!door.privateOnly || fault.servesPrivateOnly)
    ? [
        {
          id: doorId,
          clusterId: 'c',
          clusterName: 'C',
          provider: 'AWS',
          host: '127.0.0.1',
          names: [],
          ports: [{ memberId: 'm', gatewayPort: doorPort }],
          accessList: accessRanges([...door.listed].map((value) => ({ value, delete_after: null }))),
          policy: { maxSnapshotAgeSeconds: null },
        },
      ]
    : []

export const doorState = ({ enabled, privateOnly, gatewayN }: Door, acknowledgement: Acknowledgement): Stands =>
  listenerState(
    {
      ...{ id: doorId, enabled, privateOnly, n: gatewayN },
      ...{ gatewayPorts: [doorPort], portless: [], portsAreFree: true },
    },
    acknowledgement,
  )

type Asked = Pick<Gateway, 'name' | 'acknowledged' | 'letsIn' | 'wouldLetIn'>

/** What is promised of a door, for whoever watches a story. */
export const createDoorWatch = () => {
  let saidClosed = false
  return {
    judged: (door: Door, { state }: Stands): void => {
      saidClosed = !isWanted(door) && (state === 'OFF' || state === 'CLOSED_BY_PRIVATE_ONLY')
    },
    wrong: (door: Door, gateway: Asked): string | null => {
      if (isWanted(door)) saidClosed = false
      if (saidClosed) {
        const inside = addresses.find((address) => gateway.letsIn(address) || gateway.wouldLetIn(address))
        if (inside !== undefined) return `the standard listener is closed, but ${gateway.name} lets ${inside} in`
      }
      for (const [address, first] of door.unlisted) {
        if (first === null || gateway.acknowledged(first.epoch) < first.n) continue
        const how = gateway.letsIn(address) ? 'lets it in' : gateway.wouldLetIn(address) && 'would after a restart'
        if (how)
          return `${address} left the access list with ${first.n}, which ${gateway.name} acknowledged, and it ${how}`
      }
      return null
    },
    /** Once nothing breaks any more. */
    unfinished: (door: Door, { state }: Stands, gateways: readonly Asked[]): string | null => {
      const due = isWanted(door) ? 'OPEN' : door.enabled ? 'CLOSED_BY_PRIVATE_ONLY' : 'OFF'
      if (state !== due) return `the standard listener did not come to its end: it is still ${state}`
      for (const gateway of gateways)
        for (const address of addresses)
          if (gateway.letsIn(address) !== (isWanted(door) && door.listed.has(address)))
            return `the standard listener is ${due}, and ${gateway.name} is wrong about ${address}`
      return null
    },
  }
}
