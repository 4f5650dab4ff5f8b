// What was chosen in the Connect dialog, as its URL has it: a reload, a link and Back all find the same step.

import type { ReplyOf } from '@postern/contract/schemas/operations'

export type Strings = ReplyOf<'getGroupClusterConnectionStrings'>
export type Door = Strings['endpoints'][number]

export const connectionTypes = ['private', 'standard'] as const
export type ConnectionType = (typeof connectionTypes)[number]

export const steps = ['security', 'method', 'connect'] as const
export type Step = (typeof steps)[number]

export const methods = ['mongosh', 'drivers', 'compass', 'direct'] as const
export type Method = (typeof methods)[number]

export const stringForms = ['standard', 'srv', 'loadBalanced'] as const
export type StringForm = (typeof stringForms)[number]

export interface Choice {
  readonly type: ConnectionType
  /** Undefined where it is not chosen yet, or is gone. */
  readonly door: Door | undefined
  readonly username: string | undefined
  readonly step: Step
  readonly method: Method
  readonly form: StringForm
}

const oneOf = <Word extends string>(words: readonly Word[], said: string | undefined): Word | undefined =>
  words.find((word) => word === said)

/**
 * The private endpoint is what this dialog is for, so it is chosen where there is one; the only one is chosen at once.
 * A cluster without a standard string, of a project that is private only, offers nothing else.
 * Which form of a string comes first is how the endpoint is advertised: by name SRV, by address the standard one.
 */
export function choiceOf(search: Readonly<Record<string, string>>, strings: Strings): Choice {
  const offered = strings.endpoints.length > 0
  const asked = (strings.standard === null ? undefined : oneOf(connectionTypes, search.type)) ?? 'private'
  const type = offered ? asked : 'standard'
  const door = type === 'private' ? doorOf(search.endpoint, strings.endpoints) : undefined
  return {
    type,
    door,
    username: search.user,
    step: (type === 'private' && door === undefined ? undefined : oneOf(steps, search.step)) ?? 'security',
    method: oneOf(methods, search.method) ?? 'mongosh',
    form: oneOf(door === undefined ? stringForms : formsOf(door), search.form) ?? preferredForm(door),
  }
}

const doorOf = (endpointId: string | undefined, doors: readonly Door[]): Door | undefined =>
  doors.find((door) => door.endpointId === endpointId) ?? (doors.length === 1 ? doors[0] : undefined)

const preferredForm = (door: Door | undefined): StringForm => (door?.form === 'name' ? 'srv' : 'standard')

/** A sharded cluster has one form more. */
export const formsOf = ({ loadBalanced }: Pick<Door, 'loadBalanced'>): readonly StringForm[] =>
  stringForms.filter((form) => form !== 'loadBalanced' || loadBalanced !== null)

/** Names are only known to who asks the DNS server of this installation. */
export const needsDns = (door: Pick<Door, 'form'>, form: StringForm): boolean => form === 'srv' || door.form === 'name'

/** Why the dialog does not offer private endpoints for a cluster, and whether they can be set up for it. */
export function privateRefusal(strings: Pick<Strings, 'reason'>, tier: string | undefined): NoPrivate | null {
  if (tier !== undefined && sharedTiers.has(tier)) return { reason: notAvailable, canSetUp: false }
  return strings.reason === null ? null : { reason: strings.reason, canSetUp: true }
}
export interface NoPrivate {
  readonly reason: string
  readonly canSetUp: boolean
}

const sharedTiers: ReadonlySet<string> = new Set(['M0', 'M2', 'M5', 'FLEX'])
const notAvailable = 'This feature is not available for M0 Free clusters, M2, M5 and Flex clusters.'
