// An event in words. Pure.

import type { ReplyOf } from '@postern/contract/schemas/operations'

export type FeedEvent = ReplyOf<'listGroupEvents'>['results'][number]

const server = 'Postern'
/** Who did it; nobody: the server itself. */
export const whoOf = ({ username, publicKey }: FeedEvent): string => username ?? publicKey ?? server

/** The same as the API's filter takes it. */
export const actorOf = (who: string): string => (who === server ? 'postern' : who)

/** What a target is called by, the most telling first. */
const names = [
  'clusterName',
  'dbUserUsername',
  'targetUsername',
  'targetPublicKey',
  'whitelistEntry',
  'roleName',
  'endpointId',
  'endpointServiceId',
  'clientId',
  'url',
  'groupName',
  'name',
  'resourceId',
] as const

/** What it was done to, as far as the event, or what the server keeps of its target, names it. */
export function whatOf(event: FeedEvent): string {
  const told: Readonly<Record<string, unknown>> = { ...targetOf(event.raw), ...event }
  const named = names.map((name) => told[name]).filter((one) => typeof one === 'string' && one !== '')
  return [...new Set(named)].slice(0, 2).join(', ')
}

/** What the server keeps of an event's target, as JSON. */
export function targetOf(raw: FeedEvent['raw']): Readonly<Record<string, unknown>> {
  if (raw?.description == null) return {}
  const kept: unknown = JSON.parse(raw.description)
  return typeof kept === 'object' && kept !== null ? { ...kept } : {}
}
