// Ports of the gateways for members behind standard listeners: pure. A member keeps its port for life, so that a string holds
// over whatever else comes and goes.

interface Listener {
  readonly groupId: string
  readonly clusterId: string
  readonly ports: readonly { readonly memberId: string }[]
}

interface Portless {
  readonly groupId: string
  readonly clusterId: string
  readonly memberId: string
}

/** Members of these listeners' clusters without a port, in the order in which they are to be served. */
export const portlessMembers = ({
  standardListeners,
  clusters,
}: {
  readonly standardListeners: readonly Listener[]
  readonly clusters: readonly { readonly id: string; readonly members: readonly { readonly id: string }[] }[]
}): readonly Portless[] => {
  const membersOf = new Map(clusters.map(({ id, members }) => [id, members]))
  return standardListeners.flatMap(({ groupId, clusterId, ports }) => {
    const placed = new Set(ports.map(({ memberId }) => memberId))
    const portless = (membersOf.get(clusterId) ?? []).filter(({ id }) => !placed.has(id))
    return portless.map(({ id }) => ({ groupId, clusterId, memberId: id }))
  })
}

/** The lowest that are free; the last members go without where they do not suffice. */
export const givePorts = (
  portless: readonly Portless[],
  taken: ReadonlySet<number>,
  range: { readonly from: number; readonly to: number },
): readonly (Portless & { readonly gatewayPort: number })[] => {
  let next = range.from
  return portless.flatMap((member) => {
    while (next <= range.to && taken.has(next)) next++
    return next > range.to ? [] : [{ ...member, gatewayPort: next++ }]
  })
}
