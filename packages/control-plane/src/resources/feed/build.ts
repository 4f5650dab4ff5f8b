// From the world to one feed's body: pure glue between the rows as read and the three snapshot functions.

import { isIP } from 'node:net'
import type { Feed, SnapshotBody } from '@postern/contract/snapshot'
import { type ForwardedEndpoint, forwarderSnapshot } from '../../snapshots/forwarder.ts'
import { gatewaySnapshot, type ServedListener, type ServedPort } from '../../snapshots/gateway.ts'
import { groupedBy } from '../../snapshots/grouped.ts'
import { membersNear } from '../../snapshots/regional-members.ts'
import { zoneSnapshot } from '../../snapshots/zone.ts'
import type { MemberPort, ServiceNeed } from '../member-port/allocate.ts'
import { advertisedTargets, doorOfSlot } from '../private-endpoint/advertised.ts'
import { consumerKey, type World, type WorldEndpoint, type WorldListener, type WorldService } from './world.ts'

/** Every service that has an endpoint needs a place for each member of its group. `limitOf`: see allocate.ts. */
export const serviceNeeds = (world: World, limitOf: (service: WorldService) => number): readonly ServiceNeed[] => {
  const clustersOf = groupedBy(privateClusters(world), ({ groupId }) => groupId)
  return world.services.map((service) => {
    const clusters = clustersOf.get(service.groupId) ?? []
    const clusterIds = new Set(clusters.filter(({ balanced }) => balanced).map(({ id }) => id))
    return {
      serviceId: service.id,
      limit: limitOf(service),
      nextSlot: service.nextSlot,
      memberIds: [...clusters.flatMap(({ members }) => members.map(({ id }) => id)), ...clusterIds],
      clusterIds,
    }
  })
}

/** Those that endpoints lead to. */
const privateClusters = ({ clusters }: World): World['clusters'] => clusters.filter(({ shared }) => !shared)

/** One feed's whole. */
export const feedBody = (feed: Feed, world: World, domain: string): SnapshotBody[Feed] => {
  const portsByService = groupedBy(world.ports, ({ serviceId }) => serviceId)
  const portsOf = ({ serviceId }: WorldEndpoint) => portsByService.get(serviceId) ?? []
  switch (feed) {
    case 'gateway':
      return gatewaySnapshot({
        endpoints: world.endpoints.map((endpoint) => ({
          ...endpoint,
          cloudEndpointId: endpoint.cloudId,
          names: endpoint.advertised.doors.map(({ name }) => name),
          targets: advertisedTargets(
            endpoint.advertised,
            endpoint.form,
            portsOf(endpoint).map(({ memberId, slot }) => ({ member_id: memberId, slot })),
          ),
        })),
        clusters: world.clusters,
        ports: servedPorts(world),
        standardListeners: world.standardListeners.map((listener) => servedListener(listener, world)),
      })
    case 'dns':
      return zoneSnapshot({
        domain,
        endpoints: world.endpoints.map((endpoint) => ({
          ...endpoint,
          doors: endpoint.advertised.doors,
          places: placesOf(endpoint, portsOf(endpoint)),
        })),
        standardListeners: world.standardListeners,
        clusters: world.clusters.map((cluster) => {
          const listed = cluster.members.filter((member) => member.listed)
          const memberIds = listed.map(({ id }) => id)
          return { ...cluster, memberIds, regional: cluster.regionalized ? listed : null }
        }),
      })
    case 'forwarder':
      return forwarderSnapshot(
        world.endpoints.map((endpoint) => forwarded(endpoint, world)),
        world.ports,
      )
  }
}

/** The place of a sharded cluster's own spreads over its routers, in the regionalized mode over those of its service's region. */
const servedPorts = ({ ports, clusters, services }: World): readonly ServedPort[] => {
  const balanced = new Map(clusters.flatMap((cluster) => (cluster.balanced ? [[cluster.id, cluster] as const] : [])))
  const servicesById = new Map(services.map((service) => [service.id, service]))
  return ports.map((port) => {
    const cluster = balanced.get(port.memberId)
    const service = servicesById.get(port.serviceId)
    if (cluster === undefined || service === undefined) return port
    const listed = cluster.members.filter((member) => member.listed)
    const routers = cluster.regionalized ? membersNear(listed, service) : listed
    return { ...port, balances: routers.map(({ id }) => id) }
  })
}

/** Under the name that SRV records give, and the one that its owner gave the gateways, where that is one. */
const servedListener = (listener: WorldListener, { clusters }: World): ServedListener => {
  const [member] = clusters.find(({ id }) => id === listener.clusterId)?.members ?? []
  const { name, host } = listener
  return {
    ...listener,
    provider: member?.provider ?? 'AWS',
    names: isIP(host) === 0 ? [name.toLowerCase(), host] : [name.toLowerCase()],
  }
}

const placesOf = ({ advertised }: WorldEndpoint, ports: readonly MemberPort[]) =>
  new Map(
    ports.flatMap(({ memberId, slot }) => {
      const found = doorOfSlot(advertised, slot)
      return found === undefined ? [] : [[memberId, { name: found.door.name, port: found.port }] as const]
    }),
  )

const forwarded = (endpoint: WorldEndpoint, { consumers }: World): ForwardedEndpoint => ({
  provider: endpoint.provider,
  serviceId: endpoint.serviceId,
  by: endpoint.advertised.by,
  consumers: endpoint.linkIds.map((linkId) => consumers.get(consumerKey(endpoint.provider, linkId)) ?? null),
})
