// A group's IP access list as gateways are told it: addresses and ranges. An AWS security group is a thing of a network that
// nobody here can look into, so an entry of one lets nobody in.

import type { AccessRange } from '@postern/contract/snapshot'
import { parseRange } from '../../identity/address-range.ts'

interface Entry {
  readonly value: string
  readonly delete_after: Date | null
}

/** In one order, whichever the entries have. */
export const accessRanges = (entries: readonly Entry[]): readonly AccessRange[] =>
  entries
    .flatMap(({ value, delete_after: until }): readonly AccessRange[] => {
      const range = parseRange(value)
      return range === null ? [] : [{ cidr: range.cidr, ...(until !== null && { untilMs: until.getTime() }) }]
    })
    .toSorted((one, other) => (one.cidr < other.cidr ? -1 : 1))
