// Which member gets which place behind a service: pure. A place (slot, service port, gateway port) is kept for the
// member's life; a new member gets the lowest free slot, because GCP's legacy form has a rule per slot and strings count
// ports up from the first. Gateway ports are unique over all services.

import { firstServicePort } from '@postern/contract/endpoint-service'

export interface MemberPort {
  readonly serviceId: string
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
  /** Every member of the group's clusters, in the order in which they are to be served. */
  readonly memberIds: readonly string[]
}

export interface Unserved {
  readonly serviceId: string
  readonly memberId: string
  readonly reason: string
}

/** `taken`: all places there are, those of other services too. */
export const allocatePorts = (
  needs: readonly ServiceNeed[],
  taken: readonly MemberPort[],
  range: { readonly from: number; readonly to: number },
): { readonly added: readonly MemberPort[]; readonly unserved: readonly Unserved[] } => {
  const gatewayPorts = new Set(taken.map(({ gatewayPort }) => gatewayPort))
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
  const unserved: Unserved[] = []
  let next = range.from
  const takeGatewayPort = (): number | null => {
    while (next <= range.to && gatewayPorts.has(next)) next++
    return next <= range.to ? next++ : null
  }

  for (const { serviceId, limit, memberIds } of needs) {
    const { members, slots } = placesOf(serviceId)
    let slot = 0
    for (const memberId of memberIds) {
      if (members.has(memberId)) continue
      while (slots.has(slot)) slot++
      if (slot >= limit) {
        const reason = `the private endpoint service has ${limit} addressable targets, and all are taken`
        unserved.push({ serviceId, memberId, reason })
        continue
      }
      const gatewayPort = takeGatewayPort()
      if (gatewayPort === null) {
        const reason = `the gateway's ports ${range.from} to ${range.to} are used up`
        unserved.push({ serviceId, memberId, reason })
        continue
      }
      slots.add(slot)
      added.push({ serviceId, memberId, slot, servicePort: firstServicePort + slot, gatewayPort })
    }
  }
  return { added, unserved }
}
