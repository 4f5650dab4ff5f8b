// The forwarder's whole: one listener per local endpoint and member slot, in front of that member's gateway port. Pure:
// rows in, snapshot out. In GCP's legacy form slot s belongs to rule s alone; a rule without a member listens on nothing.

import type { CloudProvider } from '@postern/contract/cloud'
import type { ForwarderListener, ForwarderSnapshot } from '@postern/contract/snapshot'
import { groupedBy } from './grouped.ts'

/** Stable: the consumer endpoint's link id and the member's slot. */
export const forwarderListenerId = (linkId: string, slot: number): string => `${linkId}:${slot}`

export interface ForwardedEndpoint {
  readonly provider: CloudProvider
  readonly serviceId: string
  /** How slots map to consumers: `ports`: all through the first; `doors`: slot s through consumer s. */
  readonly by: 'ports' | 'doors'
  /** By slot of the service; null where the consumer is in no local cloud (any more). */
  readonly consumers: readonly (ForwardedConsumer | null)[]
}

export interface ForwardedConsumer {
  readonly linkId: string
  /** Addresses to listen on. */
  readonly hosts: readonly string[]
  readonly firstPort: number
  readonly portCount: number
}

export interface ForwardedPort {
  readonly serviceId: string
  readonly slot: number
  readonly gatewayPort: number
}

export const forwarderSnapshot = (
  endpoints: readonly ForwardedEndpoint[],
  ports: readonly ForwardedPort[],
): ForwarderSnapshot => {
  const byService = groupedBy(ports, ({ serviceId }) => serviceId)
  const listeners = endpoints.flatMap((endpoint) =>
    (byService.get(endpoint.serviceId) ?? []).flatMap((port) => listenerOf(endpoint, port)),
  )
  return { listeners: listeners.toSorted((one, other) => (one.id < other.id ? -1 : 1)) }
}

const listenerOf = (
  { provider, by, consumers }: ForwardedEndpoint,
  { slot, gatewayPort }: ForwardedPort,
): readonly ForwarderListener[] => {
  const consumer = consumers[by === 'ports' ? 0 : slot] ?? null
  if (consumer === null) return []
  const offset = by === 'ports' ? slot : 0
  if (offset >= consumer.portCount) return []
  return [
    {
      id: forwarderListenerId(consumer.linkId, slot),
      provider,
      linkId: consumer.linkId,
      hosts: consumer.hosts,
      port: consumer.firstPort + offset,
      gatewayPort,
    },
  ]
}
