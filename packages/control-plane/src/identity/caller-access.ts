// From where a machine may call: its own access list, judged once it has proved who it is, so that nobody else learns
// what stands on the list. An empty list lets in every address. Uses are counted on the entry that let the caller in.

import { AtlasError } from '@postern/contract/errors'
import type { Actor } from '../http/handler.ts'
import type { Parts } from '../parts.ts'
import { holdsAddress, plainAddress } from './address-range.ts'

export interface Machine extends Pick<Actor, 'id'> {
  readonly kind: 'API_KEY' | 'SERVICE_ACCOUNT'
}

/** Throws IP_ADDRESS_NOT_ON_ACCESS_LIST (403) unless the list is empty or holds the address. */
export const checkCallerAddress = async (
  parts: Pick<Parts, 'store' | 'clock'>,
  machine: Machine,
  address: string,
): Promise<void> => {
  const entries = await parts.store.read
    .selectFrom('caller_access_entry')
    .select('cidr')
    .where('holder_kind', '=', machine.kind)
    .where('holder_id', '=', machine.id)
    .execute()
  if (entries.length === 0) return
  const plain = plainAddress(address)
  const cidr = narrowest(entries.map((entry) => entry.cidr).filter((each) => holdsAddress(each, plain)))
  if (cidr === undefined) throw new AtlasError('IP_ADDRESS_NOT_ON_ACCESS_LIST', { ipAddress: plain })
  await parts.store.transact((tx) =>
    tx
      .updateTable('caller_access_entry')
      .set(({ eb }) => ({
        request_count: eb('request_count', '+', 1),
        last_used: new Date(parts.clock.now()),
        last_used_address: plain,
      }))
      .where('holder_kind', '=', machine.kind)
      .where('holder_id', '=', machine.id)
      .where('cidr', '=', cidr)
      .execute(),
  )
}

const prefixOf = (cidr: string): number => Number(cidr.split('/')[1])

const narrowest = (cidrs: readonly string[]): string | undefined =>
  cidrs.toSorted((one, other) => prefixOf(other) - prefixOf(one))[0]
