// The access lists of API keys and service accounts: the same rows and the same rules, shown in two ways.

import { AtlasError } from '@postern/contract/errors'
import type { Behaviour } from '@postern/contract/fidelity'
import type { Kysely, Selectable, Transaction } from 'kysely'
import { type AddressRange, parseRange } from '../../identity/address-range.ts'
import type { Machine } from '../../identity/machine.ts'
import type { Parts } from '../../parts.ts'
import type { Tables } from '../../store/tables.ts'

export type CallerAccessRow = Selectable<Tables['caller_access_entry']>

/** Atlas's own limit for one list. */
const maxEntries = 200

export interface WantedEntry {
  readonly cidrBlock?: string | null | undefined
  readonly ipAddress?: string | null | undefined
}

const invalid = (field: string, description: string): AtlasError =>
  new AtlasError('INVALID_ATTRIBUTE', { attribute: field }, { fields: [{ field, description }] })

/** The range that one wanted entry names. Throws MISSING_ATTRIBUTE, or INVALID_ATTRIBUTE naming `[index].field`. */
export const wantedRange = ({ cidrBlock, ipAddress }: WantedEntry, index: number): AddressRange => {
  const block = cidrBlock ? parseRange(cidrBlock) : undefined
  const address = ipAddress ? parseRange(ipAddress) : undefined
  const [atBlock, atAddress] = [`[${index}].cidrBlock`, `[${index}].ipAddress`]
  if (block === null) throw invalid(atBlock, 'must be a range such as 192.0.2.0/24')
  if (address === null || address?.single === null) throw invalid(atAddress, 'must be an address such as 192.0.2.7')
  if (block && address && block.cidr !== address.cidr) throw invalid(atAddress, 'is not the address of cidrBlock')
  const range = block ?? address
  if (range) return range
  const fields = [{ field: atBlock, description: 'cidrBlock or ipAddress must be given' }]
  throw new AtlasError('MISSING_ATTRIBUTE', { attribute: atBlock }, { fields })
}

const entriesOf = (db: Kysely<Tables>, machine: Machine) =>
  db.selectFrom('caller_access_entry').where('holder_kind', '=', machine.kind).where('holder_id', '=', machine.id)

/** One page of a list, oldest first, and how long the whole is. */
export const listEntries = async (
  db: Kysely<Tables>,
  machine: Machine,
  { limit, offset }: { readonly limit: number; readonly offset: number },
): Promise<{ readonly rows: readonly CallerAccessRow[]; readonly total: number }> => {
  const all = entriesOf(db, machine)
  const rows = await all.selectAll().orderBy('created').orderBy('cidr').limit(limit).offset(offset).execute()
  const { total } = await all.select((of) => of.fn.countAll<string>().as('total')).executeTakeFirstOrThrow()
  return { rows, total: Number(total) }
}

/**
 * Adds what is not there yet and answers those ranges. Throws ACCESS_LIST_LIMIT_EXCEEDED, as `wantedRange` does, and
 * under Atlas's behaviour ADDRESS_ALREADY_IN_ACCESS_LIST for what is there.
 */
export const addEntries = async (
  tx: Transaction<Tables>,
  { clock }: Pick<Parts, 'clock'>,
  {
    machine,
    wanted,
    behaviour,
  }: {
    readonly machine: Machine
    readonly wanted: readonly WantedEntry[]
    readonly behaviour: Pick<Behaviour, 'repeatedAccessEntries'>
  },
): Promise<readonly string[]> => {
  const cidrs = [...new Set(wanted.map((entry, index) => wantedRange(entry, index).cidr))]
  const added = await tx
    .insertInto('caller_access_entry')
    .values(
      cidrs.map((cidr) => ({
        holder_kind: machine.kind,
        holder_id: machine.id,
        cidr,
        created: new Date(clock.now()),
        last_used: null,
        last_used_address: null,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .returning('cidr')
    .execute()
  const kept = cidrs.find((cidr) => !added.some((one) => one.cidr === cidr))
  if (kept !== undefined && behaviour.repeatedAccessEntries === 'refused') {
    throw new AtlasError('ADDRESS_ALREADY_IN_ACCESS_LIST', { address: parseRange(kept)?.single ?? kept })
  }
  const { total } = await entriesOf(tx, machine)
    .select((of) => of.fn.countAll<string>().as('total'))
    .executeTakeFirstOrThrow()
  if (Number(total) > maxEntries) throw new AtlasError('ACCESS_LIST_LIMIT_EXCEEDED', { limit: maxEntries })
  return added.map(({ cidr }) => cidr)
}

/** `ipAddress` is an address or a range, in any spelling; undefined where the list has no such entry. */
export const findEntry = async (
  db: Kysely<Tables>,
  machine: Machine,
  ipAddress: string,
): Promise<CallerAccessRow | undefined> => {
  const range = parseRange(ipAddress)
  return range === null
    ? undefined
    : entriesOf(db, machine).selectAll().where('cidr', '=', range.cidr).executeTakeFirst()
}

/** True where there was such an entry. */
export const removeEntry = async (tx: Transaction<Tables>, machine: Machine, ipAddress: string): Promise<boolean> => {
  const range = parseRange(ipAddress)
  if (range === null) return false
  const { numDeletedRows } = await tx
    .deleteFrom('caller_access_entry')
    .where('holder_kind', '=', machine.kind)
    .where('holder_id', '=', machine.id)
    .where('cidr', '=', range.cidr)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
