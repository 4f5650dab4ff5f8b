// An event in words. Types are many, and more with every release: they are read as they are spelled. Pure.

import type { ReplyOf } from '@postern/contract/schemas/operations'

export type FeedEvent = ReplyOf<'listGroupEvents'>['results'][number]

const spelled: Readonly<Record<string, string>> = {
  api: 'API',
  aws: 'AWS',
  azure: 'Azure',
  dns: 'DNS',
  gcp: 'GCP',
  id: 'ID',
  ip: 'IP',
  mongodb: 'MongoDB',
  org: 'organization',
  group: 'project',
}

/** `API_KEY_CREATED`: "API key created". */
export function typeWords(type: string): string {
  const words = type
    .toLowerCase()
    .replace(/_audit$/, '')
    .split('_')
    .map((word) => spelled[word] ?? word)
    .join(' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** Who did it; nobody: the server itself. */
export const whoOf = ({ username, publicKey }: FeedEvent): string => username ?? publicKey ?? 'Postern'

/** What it was done to, as far as the event names it. */
export const whatOf = (event: FeedEvent): string =>
  [
    event.clusterName,
    event.dbUserUsername,
    event.targetUsername,
    event.targetPublicKey,
    event.whitelistEntry,
    event.resourceId,
  ]
    .filter((one) => one !== undefined)
    .join(', ')
