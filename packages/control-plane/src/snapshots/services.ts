// The part of the gateway's whole that some endpoint services need: what a gateway is sent that serves these alone. Pure.

import type { GatewaySnapshot } from '@postern/contract/snapshot'

export const snapshotOfServices = (snapshot: GatewaySnapshot, serviceIds: ReadonlySet<string>): GatewaySnapshot => {
  const listeners = snapshot.listeners.filter(({ serviceId }) => serviceIds.has(serviceId))
  const clusterIds = new Set(listeners.map(({ clusterId }) => clusterId))
  return {
    listeners,
    endpoints: snapshot.endpoints.filter(({ serviceId }) => serviceIds.has(serviceId)),
    clusters: snapshot.clusters.filter(({ id }) => clusterIds.has(id)),
  }
}
