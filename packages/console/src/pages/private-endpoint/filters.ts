// Which services are shown, as the URL says it. Pure.

import type { ReplyOf } from '@postern/contract/schemas/operations'
import { regionWords } from '../../words/region.ts'

export type Service = ReplyOf<'listGroupEndpointServices'>['results'][number]
export type Endpoint = ReplyOf<'listGroupPrivateEndpoints'>['results'][number]

export interface ServiceWithEndpoints {
  readonly service: Service
  readonly endpoints: readonly Endpoint[]
}

/** Of the query's names to their text. */
type Search = Readonly<Record<string, string>>

export const filterNames = ['provider', 'region', 'status', 'text'] as const

export const isFiltered = (search: Search): boolean => filterNames.some((name) => (search[name] ?? '') !== '')

/** Services in the order of provider and region, each with what is attached to it, as far as the filters let them. */
export function shownServices(
  services: readonly Service[],
  endpoints: readonly Endpoint[],
  search: Search,
): readonly ServiceWithEndpoints[] {
  const byService = new Map<string, Endpoint[]>()
  for (const endpoint of endpoints) {
    const others = byService.get(endpoint.endpointServiceId)
    if (others) others.push(endpoint)
    else byService.set(endpoint.endpointServiceId, [endpoint])
  }
  return services
    .map((service) => ({ service, endpoints: byService.get(service.id) ?? [] }))
    .filter((one) => fits(one, search))
    .sort((a, b) => keyOf(a.service).localeCompare(keyOf(b.service)))
}

const keyOf = ({ cloudProvider, regionName, id }: Service): string => `${cloudProvider} ${regionName} ${id}`

/** A state fits a service that has it, and one with an endpoint that has it. */
function fits({ service, endpoints }: ServiceWithEndpoints, { provider, region, status, text }: Search): boolean {
  if (provider && service.cloudProvider !== provider) return false
  if (region && service.regionName !== region) return false
  if (status && service.status !== status && !endpoints.some((endpoint) => endpoint.status === status)) return false
  if (!text) return true
  const wanted = text.toLowerCase()
  return wordsOf({ service, endpoints }).some((word) => word.toLowerCase().includes(wanted))
}

/** All that a person may look for: ids, names, descriptions, labels. */
const wordsOf = ({ service, endpoints }: ServiceWithEndpoints): readonly string[] => [
  service.id,
  service.regionName,
  regionWords(service.cloudProvider, service.regionName),
  nameOf(service) ?? '',
  ...described(service),
  ...endpoints.flatMap((endpoint) => [endpoint.endpointId, endpoint.errorMessage ?? '', ...described(endpoint)]),
]

const described = ({ description, labels }: Pick<Service, 'description' | 'labels'>): readonly string[] => [
  description ?? '',
  ...Object.entries(labels).map(([name, value]) => `${name}=${value}`),
]

/** What the consumer's side is pointed at; not known before the cloud has made it. */
export const nameOf = (service: Service): string | undefined => {
  if (service.cloudProvider === 'AWS') return service.endpointServiceName ?? undefined
  if (service.cloudProvider === 'AZURE') return service.privateLinkServiceResourceId ?? undefined
  return service.serviceAttachmentNames[0]
}

/** What there is to choose from. */
export const choices = (services: readonly Service[], endpoints: readonly Endpoint[]) => ({
  providers: distinct(services.map(({ cloudProvider }) => cloudProvider)),
  regions: regionChoices(services),
  statuses: distinct([...services, ...endpoints].map(({ status }) => status)),
})
/** By spelling, as services are told apart; two clouds may spell a region alike, then both are named. */
const regionChoices = (services: readonly Service[]) =>
  distinct(services.map(({ regionName }) => regionName)).map((value) => {
    const of = services.filter(({ regionName }) => regionName === value)
    return { value, word: distinct(of.map(({ cloudProvider }) => regionWords(cloudProvider, value))).join(', ') }
  })

const distinct = <Text extends string>(texts: readonly Text[]): readonly Text[] => [...new Set(texts)].sort()
