// Which member gets which place behind a service: pure. A place (slot, service port, gateway port) is kept for the
// member's life; that of a sharded cluster until a member finds none. Slots are given out in a circle: the search goes on behind the last one given, so that the ports of a
// member that went are the last to be given to another. Gateway ports are unique over all services.

import { firstServicePort } from '@postern/contract/endpoint-service'

export interface MemberPort {
  readonly serviceId: string
  /** Or the id of a sharded cluster, whose routers share the place. */
  readonly memberId: string
  readonly slot: number
  /** What strings and load balancers show where an endpoint's ports begin at 1024. */
  readonly servicePort: number
  readonly gatewayPort: number
}

export interface ServiceNeed {
  readonly serviceId: string
  /** How many members may stand behind the service. */
  readonly limit: number
  /** Where the search for a free slot goes on. */
  readonly nextSlot: number
  /** Every member of the group's clusters, in the order in which they are to be served; sharded clusters' own places last. */
  readonly memberIds: readonly string[]
  /** Sharded clusters: where a member finds no slot, one of theirs is given up for it. */
  readonly clusterIds: ReadonlySet<string>
}

export interface Unserved {
  readonly serviceId: string
  readonly memberId: string
  readonly reason: string
  /** It is a gateway port that is missing: one may become free by what happens to any other service. */
  readonly waitsForPort: boolean
}

/** `taken`: all places there are, those of other services too; `except`: gateway ports that stand for something else. */
export const allocatePorts = (
  needs: readonly ServiceNeed[],
  taken: readonly MemberPort[],
  range: { readonly from: number; readonly to: number; readonly except?: ReadonlySet<number> },
): {
  readonly added: readonly MemberPort[]
  /** Places that are no more: what is added has them. */
  readonly givenUp: readonly MemberPort[]
  readonly unserved: readonly Unserved[]
  /** By service id, for those whose search went on. */
  readonly nextSlots: ReadonlyMap<string, number>
} => {
  const gatewayPorts = new Set([...taken.map(({ gatewayPort }) => gatewayPort), ...(range.except ?? [])])
  const places = new Map<string, { readonly members: Set<string>; readonly slots: Set<number> }>()
  const placesOf = (serviceId: string) => {
    const known = places.get(serviceId)
    if (known !== undefined) return known
    const fresh = { members: new Set<string>(), slots: new Set<number>() }
    places.set(serviceId, fresh)
    return fresh
  }
  for (const { serviceId, memberId, slot } of taken) {
    placesOf(serviceId).members.add(memberId)
    placesOf(serviceId).slots.add(slot)
  }

  const added: MemberPort[] = []
  const givenUp: MemberPort[] = []
  const unserved: Unserved[] = []
  const nextSlots = new Map<string, number>()
  let next = range.from
  const takeGatewayPort = (): number | null => {
    while (next <= range.to && gatewayPorts.has(next)) next++
    return next <= range.to ? next++ : null
  }

  for (const { serviceId, limit, nextSlot, memberIds, clusterIds } of needs) {
    const { members, slots } = placesOf(serviceId)
    const toGiveUp = taken.filter((place) => place.serviceId === serviceId && clusterIds.has(place.memberId))
    let search = nextSlot
    for (const memberId of memberIds) {
      if (members.has(memberId)) continue
      const slot = freeSlot(slots, search, limit)
      const place = slot === null && !clusterIds.has(memberId) ? toGiveUp.pop() : undefined
      if (place !== undefined) {
        members.delete(place.memberId)
        givenUp.push(place)
        added.push({ ...place, memberId })
        continue
      }
      if (slot === null) {
        const reason = `the private endpoint service has ${limit} addressable targets, and all are taken`
        unserved.push({ serviceId, memberId, reason, waitsForPort: false })
        continue
      }
      const gatewayPort = takeGatewayPort()
      if (gatewayPort === null) {
        const reason = `the gateway's ports ${range.from} to ${range.to} are used up`
        unserved.push({ serviceId, memberId, reason, waitsForPort: true })
        continue
      }
      slots.add(slot)
      search = (slot + 1) % limit
      nextSlots.set(serviceId, search)
      added.push({ serviceId, memberId, slot, servicePort: firstServicePort + slot, gatewayPort })
    }
  }
  return { added, givenUp, unserved, nextSlots }
}

/** The first free slot from `start` on, around the end; null when all are taken. */
const freeSlot = (slots: ReadonlySet<number>, start: number, limit: number): number | null => {
  for (let step = 0; step < limit; step++) {
    const slot = (start + step) % limit
    if (!slots.has(slot)) return slot
  }
  return null
}
