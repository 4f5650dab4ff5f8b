// From where clients may come, where an endpoint's policy says so: the project's IP access list at a standard listener. Nobody
// comes in whom no entry names, so an empty list is closed, and so is one for a client whose address is not known. An entry
// whose time is over lets nobody in, also where no newer snapshot says so. Pure.

import { type BlockList, isIP, SocketAddress } from 'node:net'
import type { AccessRange } from '@postern/contract/snapshot'
import { blockListOf } from './trusted.ts'

export interface AccessList {
  /** Why a client from there may not come in at that moment, as a sentence without its end; null: it may. */
  readonly against: (source: string | null, now: number) => string | null
  /** When entries end by themselves, milliseconds since 1970. */
  readonly ends: readonly number[]
}

type Family = 'ipv4' | 'ipv6'

interface TimedEntry {
  readonly cidr: string
  readonly range: BlockList
  readonly untilMs: number
  /** It ended before, whatever the clock says by now. */
  readonly isOver: boolean
}

/** Entries of one family; an IPv4 address would be found in ranges of IPv6. */
interface Entries {
  /** Of those without an end: asked in one go, however many they are. */
  readonly always: BlockList
  readonly timed: readonly TimedEntry[]
}

const never = (): boolean => false

/** `isOver`: which of them ended before, as by the clock they may not have. Throws RangeError for a range that is no CIDR. */
export const accessListOf = (
  ranges: readonly AccessRange[],
  isOver: (range: AccessRange) => boolean = never,
): AccessList => {
  const isTimed = ({ untilMs }: AccessRange): boolean => untilMs !== undefined
  const of = (family: Family): Entries => {
    const its = ranges.filter(({ cidr }) => cidr.includes(':') === (family === 'ipv6'))
    return {
      always: blockListOf(its.filter((range) => !isTimed(range)).map(({ cidr }) => cidr)),
      timed: its.flatMap((each) => {
        const { cidr, untilMs } = each
        return untilMs === undefined ? [] : [{ cidr, range: blockListOf([cidr]), untilMs, isOver: isOver(each) }]
      }),
    }
  }
  const entries: Readonly<Record<Family, Entries>> = { ipv4: of('ipv4'), ipv6: of('ipv6') }
  return {
    ends: [...entries.ipv4.timed, ...entries.ipv6.timed].map(({ untilMs }) => untilMs),
    against(source, now) {
      const address = source === null ? '' : plain(source)
      const family = familyOf(address)
      if (family === null) return 'it is not known from which address the client comes, so no access list can let it in'
      const { always, timed } = entries[family]
      const from = new SocketAddress({ address, family })
      if (always.check(from)) return null
      const its = timed.filter(({ range }) => range.check(from))
      if (its.some(({ untilMs, isOver }) => !isOver && now < untilMs)) return null
      const toAdd = `add it: postern accessLists create ${address} --type ipAddress`
      const [over] = its.toSorted((one, other) => other.untilMs - one.untilMs)
      if (over !== undefined && Number.isFinite(now))
        return `the entry ${over.cidr} of the project's IP access list, which let ${address} in, ended at ${new Date(over.untilMs).toISOString()}; ${toAdd}`
      return ranges.length === 0
        ? `the project's IP access list is empty, so nobody comes in from ${address}; ${toAdd}`
        : `${address} is not on the project's IP access list; ${toAdd}`
    },
  }
}

const familyOf = (address: string): Family | null =>
  (({ 0: null, 4: 'ipv4', 6: 'ipv6' }) as const)[isIP(address) as 0 | 4 | 6]

/** One spelling for each: an IPv4 address in IPv6's clothes is that address, `::1` is this machine like 127.0.0.1, as entries have it. */
const plain = (source: string): string => {
  const [address = ''] = source.split('%')
  if (isIP(address) !== 6) return address
  const short = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [, high, low] = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(short) ?? []
  if (high === undefined || low === undefined) return short === '::1' ? '127.0.0.1' : short
  return [high, low]
    .map((group) => Number.parseInt(group, 16))
    .flatMap((group) => [group >> 8, group & 255])
    .join('.')
}
