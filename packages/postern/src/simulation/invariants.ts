// What must hold after every step, and at the end. Each check answers a sentence when it does not hold. They read the
// tables and the edges, never the reconcilers' own view.

import type { Store } from '@postern/control-plane/parts'
import { silentAfterMs } from '@postern/control-plane/resources/private-endpoint/acknowledged'
import type { Shared } from './control-plane.ts'
import type { SimulatedEdge } from './edge.ts'
import type { EndpointWish, Place, ServiceWish } from './wishes.ts'

/** Remembers what was ever given to whom. */
export interface Watch {
  /** Of the edges alone, which needs no look at a table. */
  readonly ofEdges: () => string | null
  /** After a step: the first thing that is wrong, or null. `clocks`: what each control plane's clock shows. */
  readonly afterStep: (clocks: readonly number[]) => Promise<string | null>
  /** How many endpoints became AVAILABLE, and how many went. */
  readonly counted: () => { readonly available: number; readonly gone: number }
  /** Which services have a row. */
  readonly places: () => Promise<(place: Place) => boolean>
  readonly atEnd: (wishes: {
    readonly services: readonly ServiceWish[]
    readonly endpoints: readonly EndpointWish[]
  }) => Promise<string | null>
}

export const createWatch = (store: Store, edges: readonly SimulatedEdge[], { made }: Pick<Shared, 'made'>): Watch => {
  const numberOf = new Map<string, string>()
  const portOf = new Map<string, number>()
  const counted = { available: 0, gone: 0 }
  let phases = new Map<string, string>()

  const endpointsNow = () =>
    store.read
      .selectFrom('private_endpoint')
      .select(['id', 'service_id', 'group_id', 'provider', 'cloud_id', 'phase', 'name_index'])
      .orderBy('id')
      .execute()
  type Endpoint = Awaited<ReturnType<typeof endpointsNow>>[number]

  const numbers = (endpoints: readonly Endpoint[]): string | null => {
    for (const { id, group_id, provider, name_index } of endpoints) {
      if (name_index === null) continue
      const number = `${group_id} ${provider === 'GCP' ? 'psc' : 'pl'}-${name_index}`
      const before = numberOf.get(number) ?? id
      numberOf.set(number, before)
      if (before !== id) return `number ${number} was given to endpoint ${before} and to endpoint ${id}`
    }
    return null
  }

  const ports = async (): Promise<string | null> => {
    const taken = new Map<number, string>()
    for (const row of await store.read.selectFrom('member_port').selectAll().orderBy('gateway_port').execute()) {
      const place = `member ${row.member_id} of service ${row.service_id}`
      const other = taken.get(row.gateway_port)
      if (other !== undefined) return `gateway port ${row.gateway_port} was given to ${other} and to ${place}`
      taken.set(row.gateway_port, place)
      if ((portOf.get(place) ?? row.gateway_port) !== row.gateway_port) return `the gateway port of ${place} changed`
      portOf.set(place, row.gateway_port)
    }
    return null
  }

  /** What is there has nothing left behind that could come back beside it, and no consumer is attached twice. */
  const onceBack = async (endpoints: readonly Endpoint[]): Promise<string | null> => {
    const services = await store.read.selectFrom('endpoint_service').select('id').execute()
    const there = new Set([...services, ...endpoints].map(({ id }) => id))
    const left = await store.read.selectFrom('termination').select(['id', 'kind']).orderBy('id').execute()
    const twice = left.find(({ id }) => there.has(id))
    if (twice !== undefined) return `the ${twice.kind} ${twice.id} is there, and could come back once more`
    const attached = new Set<string>()
    for (const { service_id, cloud_id } of endpoints) {
      const consumer = `${cloud_id.toLowerCase()} of service ${service_id}`
      if (attached.has(consumer)) return `${consumer} is attached twice`
      attached.add(consumer)
    }
    return null
  }

  /** A client that dials right after AVAILABLE must not meet an edge that never heard of its endpoint. */
  const served = async (endpoints: readonly Endpoint[], clocks: readonly number[]): Promise<string | null> => {
    const fresh = endpoints.filter(({ id, phase }) => phase === 'AVAILABLE' && phases.get(id) !== 'AVAILABLE')
    const left = [...phases.keys()].filter((id) => !endpoints.some((endpoint) => endpoint.id === id))
    phases = new Map(endpoints.map(({ id, phase }) => [id, phase]))
    counted.available += fresh.length
    counted.gone += left.length
    if (fresh.length === 0 && left.length === 0) return null
    const reports = await store.read
      .selectFrom('edge_report')
      .select(['edge', 'seen'])
      .where('feed', '=', 'gateway')
      .execute()
    for (const edge of edges) {
      const kept = edge.kept()?.body.endpoints ?? []
      const missing = fresh.find(({ id }) => !kept.some((endpoint) => endpoint.id === id))
      const seen = reports.find((report) => report.edge === edge.name)?.seen.getTime()
      // By the clock of whichever control plane judged it: one that runs ahead may take it for silent.
      const isLive = seen !== undefined && clocks.every((now) => now - seen <= silentAfterMs)
      if (isLive && missing !== undefined)
        return `endpoint ${missing.id} is AVAILABLE, but edge ${edge.name} does not hold it`
      // Whatever any clock says, and whether it ever reported or not.
      const ghost = left.find((id) => kept.some((endpoint) => endpoint.id === id))
      if (ghost !== undefined) return `endpoint ${ghost} is gone, but edge ${edge.name} still admits it`
    }
    return null
  }

  const ofEdges = (): string | null => {
    for (const edge of edges) {
      const id = edge.wronglyAdmitted()
      const back = edge.wentBack()
      if (back !== null) return `edge ${edge.name} went back ${back} in its snapshots`
      if (id !== null) return `edge ${edge.name} admits endpoint ${id}, which its newest snapshot does not list`
    }
    return null
  }

  return {
    counted: () => counted,
    ofEdges,
    afterStep: async (clocks) => {
      const admitted = ofEdges()
      if (admitted !== null) return admitted
      for (const [id, times] of made) if (times > 1) return `service ${id} was made ${times} times in its cloud`
      const endpoints = await endpointsNow()
      return numbers(endpoints) ?? (await ports()) ?? (await onceBack(endpoints)) ?? (await served(endpoints, clocks))
    },

    places: async () => {
      const rows = await store.read.selectFrom('endpoint_service').select(['provider', 'region']).execute()
      return (place) => rows.some(({ provider, region }) => provider === place.provider && region === place.region)
    },

    atEnd: async ({ services, endpoints }) => {
      const serviceRows = await store.read.selectFrom('endpoint_service').select(['id', 'status']).execute()
      for (const { id, mayBeGone, mustBeGone } of services) {
        const status = serviceRows.find((row) => row.id === id)?.status
        if (status === undefined && !mayBeGone) return `service ${id} was acknowledged and is lost`
        if (status !== undefined && mustBeGone) return `service ${id} was to go and is still ${status}`
        if (status === 'INITIATING') return `the wish for service ${id} did not end: it is still ${status}`
        if (status === 'DELETING') return `the end of service ${id} did not come: it is still ${status}`
        if (status === 'FAILED') return `service ${id} is FAILED, though its cloud did nothing to it`
      }
      const endpointRows = await endpointsNow()
      for (const { serviceId, cloudId, mayBeGone, mustBeGone } of endpoints) {
        const phase = endpointRows.find((row) => row.service_id === serviceId && row.cloud_id === cloudId)?.phase
        if (phase === undefined && !mayBeGone) return `endpoint ${cloudId} was acknowledged and is lost`
        if (phase !== undefined && mustBeGone) return `endpoint ${cloudId} was to go and is still ${phase}`
        if (phase !== undefined && phase !== 'AVAILABLE' && phase !== 'REFUSED')
          return `the wish for endpoint ${cloudId} did not end: it is still ${phase}`
      }
      return null
    },
  }
}
