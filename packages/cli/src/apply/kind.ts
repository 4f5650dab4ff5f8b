// One kind of thing that a file may list: how it is found, told apart, compared, made, changed and removed. What is done
// in which order is decided elsewhere, from the table in kinds.ts; a further kind is one file and one line there.

import type { Client } from '@postern/contract/client'
import type { EndpointServiceDetails } from '@postern/contract/schemas/endpoint-service'
import type { ProjectWish } from './form.ts'
import type { Patience } from './patience.ts'

export interface Change {
  readonly field: string
  readonly before: string
  readonly after: string
  /** It is decided when the thing is made: another value needs another thing. */
  readonly fixed?: true
}

/** How far something has come that takes time. */
export interface Standing {
  readonly state: string
  readonly settled: boolean
  /** It ended badly, for this reason. */
  readonly failed?: string
  /** What is waited for, where the server says so. */
  readonly why?: string
}

/** A consumer's endpoint in the local cloud, as attaching wants to be told of it. */
export interface Consumer {
  readonly endpointId: string
  readonly body: {
    readonly id?: string
    readonly privateEndpointIPAddress?: string
    readonly endpointGroupName?: string
    readonly gcpProjectId?: string
    readonly endpoints?: { readonly endpointName: string; readonly ipAddress: string }[]
  }
  readonly form: string
  /** Takes it away in the local cloud; undefined where somebody else made it. */
  readonly remove: ((client: Client) => Promise<void>) | undefined
}

/** A project on the server. It grows: what was made a moment ago is what the next thing is attached to. */
export interface Site {
  readonly wish: ProjectWish
  /** Empty until it is made. */
  groupId: string
  readonly services: Map<string, EndpointServiceDetails>
  /** By service and name. */
  readonly consumers: Map<string, Consumer>
}

export interface Hands {
  readonly client: Client
  readonly patience: Patience
  /** Passwords and private keys, by the wish that needs one. */
  readonly secrets: ReadonlyMap<object, string>
}

export interface Kind<Wish extends object = object, Found = unknown> {
  /** As it is told. */
  readonly noun: string
  /** Undefined where the project says nothing of this kind: then what is there is not even looked at. */
  wishes(project: ProjectWish): readonly Wish[] | undefined
  /** Equal for what is the same thing; it is shown too. */
  keyOf(wish: Wish): string
  keyOfFound(found: Found, site: Site): string
  /** Everything of this kind in the project, by as few requests as there are pages. */
  look(client: Client, site: Site): Promise<readonly Found[]>
  /** It is on its way out, and counts as gone. */
  isLeaving?(found: Found): boolean
  changes(wish: Wish, found: Found): readonly Change[]
  /** A secret that it needs when it is made. */
  secretOf?(wish: Wish): SecretWish | undefined
  make(hands: Hands, site: Site, wish: Wish): Promise<void>
  change(hands: Hands, site: Site, change: { wish: Wish; found: Found; changes: readonly Change[] }): Promise<void>
  /** In place of `make` and `change`, where one request does it for many. */
  put?(hands: Hands, site: Site, wishes: readonly Wish[]): Promise<void>
  /** May `--prune` delete it? Only where the file lists what is to stay. */
  isPruned?(found: Found, site: Site): boolean
  remove?(hands: Hands, site: Site, found: Found): Promise<void>
  /** What has to stand before it is made; `always`, or only where somebody waits for the whole anyway. */
  readonly waitsFor?: { readonly noun: string; readonly always: boolean }
  /** What is on its way once more when one of these stands or goes, so that it is waited for again then. */
  readonly moves?: string
  /** One after the other, each standing before the next is made: where names are counted in that order. */
  inOrder?(site: Site): boolean
  /** Where things take time: how far each has come, by key. */
  standings?(client: Client, site: Site): Promise<ReadonlyMap<string, Standing>>
}

export interface SecretWish {
  /** The name of the field, for messages: `password`. */
  readonly field: string
  readonly clear: string | undefined
  readonly from: { readonly env?: string; readonly file?: string } | undefined
  /** It cannot be made without. */
  readonly needed: boolean
}

/** One field: what the file says of it, and what is there. */
export type Compared = readonly [field: string, wished: unknown, there: unknown, fixed?: 'fixed' | undefined]

/** Fields that the file says nothing of are left alone. Lists and labels are compared without their order. */
export const compare = (rows: readonly Compared[]): readonly Change[] =>
  rows.flatMap(([field, wished, there, fixed]) => {
    if (wished === undefined) return []
    const [before, after] = [told(there), told(wished)]
    return before === after ? [] : [{ field, before, after, ...(fixed === 'fixed' && { fixed: true as const }) }]
  })

function told(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'none'
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map(String).toSorted().join(', ')
  if (typeof value === 'object') {
    return told(Object.entries(value).map(([name, text]) => `${name}=${String(text)}`))
  }
  return String(value)
}

interface Page<Item> {
  readonly body: { readonly results: readonly Item[]; readonly totalCount: number }
}

/** Every page of a list. */
export async function everyItem<Item>(
  ask: (query: {
    readonly pageNum: number
    readonly itemsPerPage: number
    readonly includeCount: true
  }) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  const items: Item[] = []
  for (let pageNum = 1; ; pageNum += 1) {
    const { body } = await ask({ pageNum, itemsPerPage: 500, includeCount: true })
    items.push(...body.results)
    if (body.results.length === 0 || items.length >= body.totalCount) return items
  }
}

/** A moment as the API shows it; what cannot be read, as it is. */
export const momentOf = (text: string | undefined): string | undefined => {
  if (text === undefined) return undefined
  const date = new Date(text)
  return Number.isNaN(date.getTime()) ? text : date.toISOString().replace(/\.\d{3}Z$/, 'Z')
}
