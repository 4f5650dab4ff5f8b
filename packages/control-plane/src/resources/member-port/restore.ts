// The places of members behind a service that comes back: pure. A slot is what clients know (their port), so it is kept;
// the gateway's port behind it is kept where nobody has taken it meanwhile, else another one serves.

export interface LeftPort {
  readonly member_id: string
  /** Of a sharded cluster's own place. */
  readonly cluster_id: string | null
  readonly slot: number
  readonly service_port: number
  readonly gateway_port: number
}

/**
 * `alive`: members that there still are, and clusters; `taken`: gateway ports in use. A member for which no gateway port is left is
 * not in the answer: it gets a place like a new one, when there is one.
 */
export const restorePorts = (
  left: readonly LeftPort[],
  {
    alive,
    taken,
    range,
  }: {
    readonly alive: ReadonlySet<string>
    readonly taken: ReadonlySet<number>
    readonly range: { readonly from: number; readonly to: number }
  },
): readonly LeftPort[] => {
  const ports = left.filter(({ member_id }) => alive.has(member_id))
  const used = new Set(taken)
  for (const { gateway_port } of ports) used.add(gateway_port)
  let next = range.from
  return ports.flatMap((port) => {
    if (!taken.has(port.gateway_port)) return [port]
    while (next <= range.to && used.has(next)) next++
    return next > range.to ? [] : [{ ...port, gateway_port: next++ }]
  })
}
