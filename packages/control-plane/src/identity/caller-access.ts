// From where a machine may call: its own access list, judged once it has proved who it is, so that nobody else learns
// what stands on the list. An empty list lets in every address, unless the organization wants lists. Uses are counted on the entry that let the caller in.

import { AtlasError } from '@postern/contract/errors'
import type { Kysely } from 'kysely'
import type { Actor } from '../http/handler.ts'
import type { Parts } from '../parts.ts'
import { requiresAccessLists } from '../resources/organization/settings.ts'
import type { Tables } from '../store/tables.ts'
import { holdsAddress, plainAddress } from './address-range.ts'

export interface Machine extends Pick<Actor, 'id'> {
  readonly kind: 'API_KEY' | 'SERVICE_ACCOUNT'
}

/** Throws IP_ADDRESS_NOT_ON_ACCESS_LIST (403) unless the list holds the address, or is empty and may be. */
export const checkCallerAddress = async (
  parts: Pick<Parts, 'store' | 'clock'>,
  machine: Machine & { readonly orgId: string },
  address: string,
): Promise<void> => {
  const plain = plainAddress(address)
  const cidr = await letInBy(parts, machine, plain)
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
      .where('holder_kind', '=', machine.kind)
      .where('holder_id', '=', machine.id)
      .where('cidr', '=', cidr)
      .execute(),
  )
}

/** The same without a use being counted. */
export const mayCallFrom = async (
  parts: Pick<Parts, 'store'>,
  machine: Machine & { readonly orgId: string },
  address: string,
): Promise<boolean> => (await letInBy(parts, machine, plainAddress(address))) !== undefined

/** The narrowest entry that holds the address; undefined where none does. */
const letInBy = async (
  parts: Pick<Parts, 'store'>,
  machine: Machine & { readonly orgId: string },
  plain: string,
): Promise<string | undefined> => {
  const cidrs = await cidrsOf(parts.store.read, machine)
  if (cidrs.length === 0 && !(await wantsLists(parts, machine.orgId))) return 'no list'
  return narrowest(cidrs.filter((each) => holdsAddress(each, plain)))
}

const cidrsOf = async (db: Kysely<Tables>, machine: Machine): Promise<readonly string[]> => {
  const entries = await db
    .selectFrom('caller_access_entry')
    .select('cidr')
    .where('holder_kind', '=', machine.kind)
    .where('holder_id', '=', machine.id)
    .execute()
  return entries.map(({ cidr }) => cidr)
}

const wantsLists = async (parts: Pick<Parts, 'store'>, orgId: string): Promise<boolean> => {
  const row = await parts.store.read
    .selectFrom('organization')
    .select('settings')
    .where('id', '=', orgId)
    .executeTakeFirst()
  return row !== undefined && requiresAccessLists(row.settings)
}

/** Throws INVALID_ATTRIBUTE where this caller would lock itself out by demanding lists of everybody. */
export const checkMayDemandLists = async (db: Kysely<Tables>, { kind, id }: Pick<Actor, 'kind' | 'id'>) => {
  if (kind === 'USER' || (await cidrsOf(db, { kind, id })).length > 0) return
  const field = 'apiAccessListRequired'
  const fields = [{ field, description: 'would lock out its caller: add an address to your own access list first' }]
  throw new AtlasError('INVALID_ATTRIBUTE', { attribute: field }, { fields })
}

const prefixOf = (cidr: string): number => Number(cidr.split('/')[1])

const narrowest = (cidrs: readonly string[]): string | undefined =>
  cidrs.toSorted((one, other) => prefixOf(other) - prefixOf(one))[0]
