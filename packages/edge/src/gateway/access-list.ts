// From where clients may come, where an endpoint's policy says so: the project's IP access list at a standard listener. Nobody
// comes in whom no entry names, so an empty list is closed, and so is one for a client whose address is not known. An entry
// whose time is over lets nobody in, also where no newer snapshot says so. Pure.

import { type BlockList, isIP } from 'node:net'
import type { AccessRange } from '@postern/contract/snapshot'
import { blockListOf } from './trusted.ts'

export interface AccessList {
  /** Why a client from there may not come in at that moment, as a sentence without its end; null: it may. */
  readonly against: (source: string | null, now: number) => string | null
  /** Some entry ends by itself. */
  readonly isTimed: boolean
}

interface Entry {
  readonly cidr: string
  readonly range: BlockList
  readonly family: number
  readonly untilMs: number
}

/** Throws RangeError for a range that is no CIDR. */
export const accessListOf = (ranges: readonly AccessRange[]): AccessList => {
  const entries: readonly Entry[] = ranges.map(({ cidr, untilMs = Number.POSITIVE_INFINITY }) => ({
    cidr,
    range: blockListOf([cidr]),
    family: isIP(cidr.replace(/\/.*/, '')),
    untilMs,
  }))
  return {
    isTimed: entries.some(({ untilMs }) => untilMs !== Number.POSITIVE_INFINITY),
    against(source, now) {
      const address = source === null ? '' : plain(source)
      const family = isIP(address)
      if (family === 0) return 'it is not known from which address the client comes, so no access list can let it in'
      const its = entries.filter(
        (entry) => entry.family === family && entry.range.check(address, family === 4 ? 'ipv4' : 'ipv6'),
      )
      if (its.some(({ untilMs }) => now < untilMs)) return null
      const toAdd = `add it: postern accessLists create ${address} --type ipAddress`
      const [over] = its.toSorted((one, other) => other.untilMs - one.untilMs)
      if (over !== undefined && Number.isFinite(now))
        return `the entry ${over.cidr} of the project's IP access list, which let ${address} in, ended at ${new Date(over.untilMs).toISOString()}; ${toAdd}`
      return entries.length === 0
        ? `the project's IP access list is empty, so nobody comes in from ${address}; ${toAdd}`
        : `${address} is not on the project's IP access list; ${toAdd}`
    },
  }
}

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
