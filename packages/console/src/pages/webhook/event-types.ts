// The types of events that a webhook is chosen from, by what they happen to. Pure.

import { groupEventsOfOrganization, recordedEventTypes } from '@postern/contract/event'
import { typeWords } from '../../words/event-type.ts'
import type { AccessPlace } from '../access-manager/access-place.ts'

type Noun = keyof typeof recordedEventTypes

const nounWords = {
  endpointService: 'Endpoint Services',
  privateEndpoint: 'Private Endpoints',
  edge: 'Gateways',
  cluster: 'Clusters',
  databaseAccess: 'Database Access',
  networkAccess: 'Network Access',
  group: 'Projects',
  org: 'Organization',
  people: 'People',
  team: 'Teams',
  apiKey: 'API Keys',
  serviceAccount: 'Service Accounts',
  webhook: 'Webhooks',
} as const satisfies Readonly<Record<Noun, string>>

export interface TypeGroup {
  readonly word: string
  readonly types: readonly string[]
}

/** An organization's webhook is sent what is its own, and of its projects what concerns the whole. */
const happensIn = (kind: AccessPlace['kind'], noun: Noun, type: string): boolean => {
  if (kind === 'group') return noun !== 'org' && noun !== 'edge'
  return ownOfOrgs.has(noun) || groupEventsOfOrganization.some((each) => each === type)
}
const ownOfOrgs: ReadonlySet<Noun> = new Set(['edge', 'org', 'people', 'team', 'apiKey', 'serviceAccount', 'webhook'])

/** `chosen`: a type that this console does not know is kept, and can be taken away. */
export function typeGroups(kind: AccessPlace['kind'], chosen: readonly string[]): readonly TypeGroup[] {
  const known = (Object.keys(nounWords) as Noun[]).map((noun) => ({
    word: nounWords[noun],
    types: (recordedEventTypes[noun] as readonly string[]).filter((type) => happensIn(kind, noun, type)),
  }))
  const others = chosen.filter((type) => !known.some(({ types }) => types.includes(type)))
  return [...known, { word: 'Others', types: others }].filter(({ types }) => types.length > 0)
}

/** Those that say all of these words, in their own or in the API's spelling. */
export function foundIn(groups: readonly TypeGroup[], text: string): readonly TypeGroup[] {
  const wanted = text.toLowerCase().split(/\s+/).filter(Boolean)
  return groups
    .map(({ word, types }) => ({
      word,
      types: types.filter((type) => {
        const said = `${word} ${typeWords(type)} ${type}`.toLowerCase()
        return wanted.every((each) => said.includes(each))
      }),
    }))
    .filter(({ types }) => types.length > 0)
}
