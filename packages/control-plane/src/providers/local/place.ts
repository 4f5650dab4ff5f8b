// Finds free places for local endpoints: candidates in order, those that another endpoint holds skipped, the rest probed.
// The caller stores them in a transaction that looks again (`stillFree`), since two callers may find the same.

import { AtlasError } from '@postern/contract/errors'
import type { Settings } from '../../parts.ts'
import { type LastPlace, overlap, ownAddresses, type Place, portBlocks } from './addresses.ts'
import type { Probe } from './probe.ts'

export type PlaceSettings = Pick<Settings, 'ownAddresses' | 'bind' | 'advertise' | 'localPorts'>

/** Between the well-known ports and the range that systems take outgoing ports from (Linux: 32768 and up). */
const defaultLocalPorts = { from: 20_000, to: 32_767 } as const
/** After so many places that something else holds, the machine is not a fit one: say so instead of going on. */
const mostProbes = 512

export interface Search {
  readonly epoch: string
  readonly settings: PlaceSettings
  readonly probe: Probe
  readonly used: readonly Place[]
  /** Given out last, whether it is still held or not; null: none yet. */
  readonly last: LastPlace | null
  /** As large as a block of ports must be. */
  readonly portCount: number
  /** How many places, all different. */
  readonly count: number
  /** So many free ones are left to others, where there are enough: whoever lost a place does not race for the next. */
  readonly skip?: number
}

/** One host that stands for all endpoints, to listen on or to advertise, can tell them apart by their ports alone. */
const hasOwnAddresses = ({ ownAddresses: wanted, bind, advertise }: PlaceSettings): boolean =>
  wanted && bind === null && advertise === null

const candidates = ({ epoch, settings, portCount, last }: Search): Generator<Place> => {
  const blocks = { range: settings.localPorts ?? defaultLocalPorts, portCount, last }
  if (settings.bind !== null) return portBlocks([settings.bind], blocks)
  return hasOwnAddresses(settings) ? ownAddresses(epoch, last) : portBlocks(['127.0.0.1', '::1'], blocks)
}

/** The place without the addresses that this machine lacks; null when one of its ports is taken, or none is left. */
const probed = async (place: Place, probe: Probe, own: boolean): Promise<Place | null> => {
  const absent = new Set<string>()
  for (const host of place.hosts) {
    // With an own address nobody else uses it port by port: its first port speaks for all.
    for (let port = place.firstPort; port < place.firstPort + (own ? 1 : place.portCount); port++) {
      const answer = await probe(host, port)
      if (answer === 'taken') return null
      if (answer === 'absent') {
        absent.add(host)
        break
      }
    }
  }
  const hosts = place.hosts.filter((host) => !absent.has(host))
  return hosts.length === 0 ? null : { ...place, hosts }
}

/** Throws POSTERN_NO_LOCAL_ADDRESS when the range is used up or the machine refuses too many. */
export const findPlaces = async (search: Search): Promise<readonly Place[]> => {
  const { skip = 0 } = search
  const found: Place[] = []
  const own = hasOwnAddresses(search.settings)
  const held = new Set(search.used.flatMap(({ hosts, firstPort }) => hosts.map((host) => `${host} ${firstPort}`)))
  let refused = 0
  for (const place of candidates(search)) {
    if (found.length === search.count + skip) break
    if (held.has(`${place.hosts[0]} ${place.firstPort}`)) continue
    if (!own && search.used.some((other) => overlap(place, other))) continue
    const free = await probed(place, search.probe, own)
    if (free !== null) found.push(free)
    else if (++refused >= mostProbes) break
  }
  if (found.length >= search.count) return found.slice(-search.count)
  throw new AtlasError('POSTERN_NO_LOCAL_ADDRESS', {
    problem: `${search.count - found.length} more needed, ${refused} tried places are taken by other programs, ${search.used.length} by other endpoints`,
  })
}

/** Where a client dials an endpoint that listens on these. */
export const dialHosts = (settings: Pick<Settings, 'advertise'>, hosts: readonly string[]): readonly string[] => {
  if (settings.advertise !== null) return [settings.advertise]
  return hosts.map((host) => (host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host))
}
