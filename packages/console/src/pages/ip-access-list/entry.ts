// An entry of the list as a form has it, as the API takes it, and as it is shown. Pure.

import type { ReplyOf } from '@postern/contract/schemas/operations'

export type Entry = ReplyOf<'listGroupAccessListEntries'>['results'][number]

/** How long a temporary entry lives, in hours; the choices that Atlas offers. */
export const lives = { '6': '6 hours', '24': '1 day', '168': '1 week' } as const
export type Life = keyof typeof lives

export interface EntryFields {
  /** An address, or a network in CIDR notation. */
  readonly address: string
  readonly comment: string
  /** `always`: until it is deleted. `asIs`: as long as the entry that is edited. */
  readonly life: Life | 'always' | 'asIs'
}

export interface EntryBody {
  readonly awsSecurityGroup?: string
  readonly cidrBlock?: string
  readonly ipAddress?: string
  readonly comment: string
  readonly deleteAfterDate?: string
}

const hourMs = 3_600_000

/** One field for both: a network has its length behind a slash. */
export function entryBody({ address, comment, life }: EntryFields, now: Date): EntryBody {
  const value = address.trim()
  return {
    ...(value.includes('/') ? { cidrBlock: value } : { ipAddress: value }),
    ...rest({ comment, life }, { deleteAfterDate: undefined }, now),
  }
}

/** By the API's names what is sent: it takes a list. */
export const toldFields = ({ address, comment, life }: Partial<EntryFields>) => [
  { cidrBlock: address, ipAddress: address, comment, deleteAfterDate: life },
]

/** What names it stays; another comment, another end. */
export function editedBody(entry: Entry, fields: Pick<EntryFields, 'comment' | 'life'>, now: Date): EntryBody {
  return { ...namesOf(entry), ...rest(fields, entry, now) }
}

/** An entry as it was, to be made again. */
export const sameBody = (entry: Entry): EntryBody => ({
  ...namesOf(entry),
  ...rest({ comment: entry.comment, life: 'asIs' }, entry, new Date(0)),
})

const namesOf = ({ cidrBlock, awsSecurityGroup }: Entry) =>
  awsSecurityGroup === undefined ? { cidrBlock: cidrBlock ?? '' } : { awsSecurityGroup }

const rest = (
  { comment, life }: Pick<EntryFields, 'comment' | 'life'>,
  { deleteAfterDate }: Pick<Entry, 'deleteAfterDate'>,
  now: Date,
) => {
  const end =
    life === 'asIs'
      ? deleteAfterDate
      : life === 'always'
        ? undefined
        : new Date(now.getTime() + Number(life) * hourMs).toISOString()
  return { comment: comment.trim(), ...(end !== undefined && { deleteAfterDate: end }) }
}

/** The API changes an entry in one go, but makes none temporary that was to stay: that one goes first. */
export const mustGoFirst = (entry: Pick<Entry, 'deleteAfterDate'>, body: EntryBody): boolean =>
  entry.deleteAfterDate === undefined && body.deleteAfterDate !== undefined

/** What names an entry in the API's paths. */
export const entryValue = (entry: Pick<Entry, 'cidrBlock' | 'awsSecurityGroup'>): string =>
  entry.cidrBlock ?? entry.awsSecurityGroup ?? ''

export type Standing = 'Active' | 'Temporary' | 'Expiring'

/** Whoever relies on one that ends within the hour is to see it. */
export function standingOf({ deleteAfterDate }: Pick<Entry, 'deleteAfterDate'>, now: Date): Standing {
  if (deleteAfterDate === undefined) return 'Active'
  return new Date(deleteAfterDate).getTime() - now.getTime() <= hourMs ? 'Expiring' : 'Temporary'
}
