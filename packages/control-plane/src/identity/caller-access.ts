// From where a machine may call: its own access list, judged once it has proved who it is, so that nobody else learns
// what stands on the list. An empty list lets in every address, unless the organization wants lists. Uses are counted on the entry that let the caller in.

import { AtlasError } from '@postern/contract/errors'
import type { Kysely } from 'kysely'
import type { Actor } from '../http/handler.ts'
import type { Parts } from '../parts.ts'
import type { Tables } from '../store/tables.ts'
import { holdsAddress, plainAddress } from './address-range.ts'
import type { MachineStanding } from './machine.ts'

/** Throws IP_ADDRESS_NOT_ON_ACCESS_LIST (403) unless the list holds the address, or is empty and may be. */
export const checkCallerAddress = async (
  parts: Pick<Parts, 'store' | 'clock'>,
  standing: MachineStanding,
  address: string,
): Promise<void> => {
  const plain = plainAddress(address)
  const cidr = letInBy(standing, plain)
  if (cidr === 'no list') return
  if (cidr === undefined) throw new AtlasError('IP_ADDRESS_NOT_ON_ACCESS_LIST', { ipAddress: plain })
  await parts.store.transact((tx) =>
    tx
      .updateTable('caller_access_entry')
      .set(({ eb }) => ({
        request_count: eb('request_count', '+', 1),
        last_used: new Date(parts.clock.now()),
        last_used_address: plain,
      }))
      .where('holder_kind', '=', standing.actor.kind)
      .where('holder_id', '=', standing.actor.id)
      .where('cidr', '=', cidr)
      .execute(),
  )
}

/** The same without a use being counted. */
export const mayCallFrom = (standing: MachineStanding, address: string): boolean =>
  letInBy(standing, plainAddress(address)) !== undefined

/** The narrowest entry that holds the address; undefined where none does. */
const letInBy = ({ cidrs, listRequired }: MachineStanding, plain: string): string | undefined => {
  if (cidrs.length === 0 && !listRequired) return 'no list'
  return narrowest(cidrs.filter((each) => holdsAddress(each, plain)))
}

/** Throws INVALID_ATTRIBUTE where this caller would lock itself out by demanding lists of everybody. */
export const checkMayDemandLists = async (db: Kysely<Tables>, { kind, id }: Pick<Actor, 'kind' | 'id'>) => {
  if (kind === 'USER') return
  const entry = await db
    .selectFrom('caller_access_entry')
    .select('cidr')
    .where('holder_kind', '=', kind)
    .where('holder_id', '=', id)
    .executeTakeFirst()
  if (entry !== undefined) return
  const field = 'apiAccessListRequired'
  const fields = [{ field, description: 'would lock out its caller: add an address to your own access list first' }]
  throw new AtlasError('INVALID_ATTRIBUTE', { attribute: field }, { fields })
}

const prefixOf = (cidr: string): number => Number(cidr.split('/')[1])

const narrowest = (cidrs: readonly string[]): string | undefined =>
  cidrs.toSorted((one, other) => prefixOf(other) - prefixOf(one))[0]
