// The commands that put an endpoint right, cloud by cloud: pure. What only its owner knows stands in angle brackets.

import { type Finding, quoted } from '@postern/contract/diagnosis'
import { type ListedConsumer, type SeenConsumer, targetsOf } from '../../providers/provider.ts'
import type { ServiceRow } from '../endpoint-service/row.ts'
import type { EndpointRow } from '../private-endpoint/row.ts'
import type { Look } from './clouds.ts'
import { nameOf } from './near.ts'

export type Remedy = Pick<Finding, 'whatToDo' | 'command'>
type AService = Pick<ServiceRow, 'id' | 'provider'>
type AnEndpoint = Pick<EndpointRow, 'cloudId' | 'provider' | 'serviceId'>

const cloudWord = ({ provider }: Pick<ServiceRow, 'provider'>): string =>
  `postern privateEndpoints ${provider.toLowerCase()}`

export const onService = (service: AService, verb: string): string => `${cloudWord(service)} ${verb} ${service.id}`

export const onEndpoint = (endpoint: AnEndpoint, verb: string, flags = ''): string =>
  `${cloudWord(endpoint)} interfaces ${verb} ${quoted(endpoint.cloudId)} --endpointServiceId ${endpoint.serviceId}${flags}`

/** Makes the consumer's side in the local cloud; `count` forwarding rules where each attachment needs one. */
export const createConsumer = (
  { id, provider }: AService,
  { name = `postern-${id}`, count = 1 }: { readonly name?: string; readonly count?: number } = {},
): string => {
  const creations = {
    AWS: 'aws create-vpc-endpoint',
    AZURE: `azure private-endpoint create --name ${quoted(name)}`,
    GCP: `gcp forwarding-rule create ${quoted(name)}${count > 1 ? ` --count ${count}` : ''}`,
  } as const
  return `postern local ${creations[provider]} --endpoint-service-id ${id}`
}

/** Where the cloud is a real one: its own command. */
export const setupHint = (service: AService): string =>
  `in a real cloud with what \`${onService(service, 'describe')} --setup ${{ AWS: 'aws', AZURE: 'az', GCP: 'gcloud' }[service.provider]}\` prints`

/** Attaches what is there. */
export const attachConsumer = (service: AService, consumer: ListedConsumer): string => {
  const told = flagsOf(service, [consumer])
  return service.provider === 'GCP'
    ? `${cloudWord(service)} interfaces create ${nameOf(consumer.cloudId)} --endpointServiceId ${service.id}${told}`
    : `${cloudWord(service)} interfaces create ${service.id}${told}`
}

/** What `interfaces create` and `interfaces update` are told of consumers, which for GCP may be many rules. */
const flagsOf = ({ provider }: Pick<ServiceRow, 'provider'>, consumers: readonly ListedConsumer[]): string => {
  const [first] = consumers
  if (first === undefined) return ''
  switch (provider) {
    case 'AWS':
      return ` --privateEndpointId ${quoted(first.cloudId)}`
    case 'AZURE':
      return ` --privateEndpointId ${quoted(first.cloudId)} --privateEndpointIpAddress ${first.address ?? '<address>'}`
    case 'GCP': {
      const rules = consumers.map(({ cloudId, address }) => ` --endpoint ${nameOf(cloudId)}@${address ?? '<address>'}`)
      return ` --gcpProjectId ${first.cloudId.split('/')[1] ?? '<project>'}${rules.join('')}`
    }
  }
}

export const removeConsumer = (provider: ServiceRow['provider'], { cloudId }: ListedConsumer): string => {
  const [, project, , region] = cloudId.split('/')
  switch (provider) {
    case 'AWS':
      return `postern local aws delete-vpc-endpoint ${quoted(cloudId)}`
    case 'AZURE':
      return `postern local azure private-endpoint delete ${quoted(cloudId)}`
    case 'GCP':
      return `postern local gcp forwarding-rule delete ${nameOf(cloudId)} --project ${project} --region ${region}`
  }
}

/** What puts a refused endpoint right. `near`: per consumer that it names, what the cloud has that comes near. */
export const remedyOf = (given: {
  readonly endpoint: EndpointRow
  readonly service: ServiceRow
  readonly look: Look | undefined
  readonly near: readonly (readonly ListedConsumer[])[]
  /** What was made for its service and is no other endpoint's. */
  readonly own: readonly ListedConsumer[]
  /** Deleting it would take its service along. */
  readonly isLast: boolean
}): Remedy => {
  const { endpoint, service, look, near, own, isLast } = given
  const retry = onEndpoint(endpoint, 'retry')
  const another: Remedy = {
    whatToDo: 'Do what the reason says, then delete this one and attach the right one.',
    command: onEndpoint(endpoint, 'delete', isLast ? ' --keepService' : ''),
  }
  if (look === undefined || look.verdict === null) return another
  if (look.verdict.fits) return { whatToDo: 'What it was refused for is no longer so: try it again.', command: retry }
  switch (look.verdict.fault) {
    case 'missing':
    case 'stranger': {
      // Rules that are there stay; for each that is not, or is another service's, the nearest.
      const { fault } = look.verdict
      const chosen = look.seen.map((seen, at) =>
        seen === null || fault === 'stranger' ? near[at]?.[0] : listed(seen, service),
      )
      const all = chosen.filter((each) => each !== undefined)
      if (all.length === look.refs.length && all.every(({ serviceId }) => serviceId === service.id)) {
        return {
          whatToDo: `Take what was made for this service and is attached to nothing: ${all.map(({ cloudId }) => nameOf(cloudId)).join(', ')}.`,
          command: onEndpoint(endpoint, 'update', flagsOf(service, all)),
        }
      }
      return {
        whatToDo: 'Create it for this service, and attach that one.',
        command: createConsumer(service, { name: nameOf(look.refs[0]?.cloudId ?? ''), count: look.refs.length }),
      }
    }
    case 'region': {
      const regions = [
        ...new Set([...(service.supportedRemoteRegions ?? []), ...look.seen.flatMap((one) => one?.region ?? [])]),
      ]
      const body = JSON.stringify({ supportedRemoteRegions: regions.filter((region) => region !== service.region) })
      return {
        whatToDo: 'Let the service take endpoints from that region, then try it again.',
        command: `echo '${body}' | postern api privateEndpoints updateGroupEndpointService --cloudProvider ${service.provider} --endpointServiceId ${service.id} --file - && ${retry}`,
      }
    }
    case 'address':
      return {
        whatToDo: 'Correct the address.',
        command: onEndpoint(
          endpoint,
          'update',
          flagsOf(
            service,
            look.seen.flatMap((one) => (one === null ? [] : [listed(one, service)])),
          ),
        ),
      }
    case 'count':
    case 'uncovered': {
      const targets = service.names === null ? [] : targetsOf(service.names)
      const rules = targets.map((target) => own.find((each) => each.target === target))
      const all = rules.filter((each) => each !== undefined)
      return all.length === targets.length
        ? {
            whatToDo: 'Attach all rules that were made for this service, one for each attachment.',
            command: onEndpoint(endpoint, 'update', flagsOf(service, all)),
          }
        : {
            whatToDo: 'Make exactly one rule for each attachment of the service, and attach all of them.',
            command: createConsumer(service, { name: nameOf(endpoint.cloudId), count: targets.length }),
          }
    }
    case 'failed':
      return another
  }
}

const listed = (seen: SeenConsumer, { id, created }: ServiceRow): ListedConsumer => ({
  ...seen,
  serviceId: id,
  created,
})
