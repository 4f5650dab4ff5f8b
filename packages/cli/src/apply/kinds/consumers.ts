// The consumer's side in the local cloud: what a file's `local: <name>` stands for. The name lies in a tag, so that the
// endpoint of a service is found again by it, and what was made here is known to be ours to take away.

import type { Client } from '@postern/contract/client'
import type { EndpointServiceDetails } from '@postern/contract/schemas/endpoint-service'
import type {
  LocalAwsVpcEndpointView,
  LocalAzurePrivateEndpointView,
  LocalGcpForwardingRuleView,
} from '@postern/contract/schemas/local-cloud'
import type { Consumer } from '../kind.ts'

const ours = { 'made-by': 'postern-apply' } as const
type Tags = Readonly<Record<string, string>>

const isOurs = (tags: Tags): boolean => tags['made-by'] === ours['made-by']
const tagsFor = (name: string) => ({ name, ...ours })

export interface LocalCloud {
  readonly aws: readonly LocalAwsVpcEndpointView[]
  readonly azure: readonly LocalAzurePrivateEndpointView[]
  readonly gcp: readonly LocalGcpForwardingRuleView[]
}

/** Only the clouds that are asked for. */
export async function lookAtLocalCloud(client: Client, clouds: ReadonlySet<string>): Promise<LocalCloud> {
  const [aws, azure, gcp] = await Promise.all([
    clouds.has('AWS') ? client.call('listLocalAwsVpcEndpoints').then(({ body }) => body.results) : [],
    clouds.has('AZURE') ? client.call('listLocalAzurePrivateEndpoints').then(({ body }) => body.results) : [],
    clouds.has('GCP') ? client.call('listLocalGcpForwardingRules').then(({ body }) => body.results) : [],
  ])
  return { aws, azure, gcp }
}

/** Those that were made for this service, by their names. */
export function consumersOf(service: EndpointServiceDetails, cloud: LocalCloud): ReadonlyMap<string, Consumer> {
  switch (service.cloudProvider) {
    case 'AWS':
      return new Map(
        cloud.aws
          .filter(({ serviceName }) => serviceName === service.endpointServiceName)
          .map((endpoint) => [endpoint.tags.name ?? endpoint.vpcEndpointId, awsConsumer(endpoint)]),
      )
    case 'AZURE':
      return new Map(
        cloud.azure
          .filter(({ privateLinkServiceId }) => privateLinkServiceId === service.privateLinkServiceResourceId)
          .map((endpoint) => [endpoint.tags.name ?? endpoint.name, azureConsumer(endpoint)]),
      )
    case 'GCP': {
      const targets = new Set(service.serviceAttachmentNames)
      const rules = cloud.gcp.filter(({ target }) => targets.has(target))
      const named = ({ labels, name }: LocalGcpForwardingRuleView): string => labels.name ?? name
      return new Map(
        [...new Set(rules.map(named))].map((name) => [
          name,
          gcpConsumer(
            name,
            rules.filter((rule) => named(rule) === name),
          ),
        ]),
      )
    }
  }
}

/** What the cloud will call an endpoint of this name; undefined in AWS, which makes ids of its own. */
export function localEndpointId(
  { cloudProvider }: Pick<EndpointServiceDetails, 'cloudProvider'>,
  name: string,
): string | undefined {
  switch (cloudProvider) {
    case 'AWS':
      return undefined
    case 'AZURE':
      return `/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/default/providers/Microsoft.Network/privateEndpoints/${name}`
    case 'GCP':
      return name
  }
}

/** Makes the consumer's side of an AVAILABLE service. */
export async function makeConsumer(
  client: Client,
  service: EndpointServiceDetails,
  { name, form }: { readonly name: string; readonly form: 'address' | 'name' },
): Promise<Consumer> {
  switch (service.cloudProvider) {
    case 'AWS': {
      const serviceName = service.endpointServiceName ?? ''
      return awsConsumer(
        (await client.call('createLocalAwsVpcEndpoint', { body: { serviceName, form, tags: tagsFor(name) } })).body,
      )
    }
    case 'AZURE': {
      const privateLinkServiceId = service.privateLinkServiceResourceId ?? ''
      const body = { name, privateLinkServiceId, form, tags: tagsFor(name) }
      return azureConsumer((await client.call('createLocalAzurePrivateEndpoint', { body })).body)
    }
    case 'GCP': {
      const [target = ''] = service.serviceAttachmentNames
      const count = service.portMappingEnabled ? {} : { count: service.serviceAttachmentNames.length }
      const body = { name, target, ...count, form, labels: tagsFor(name) }
      return gcpConsumer(name, (await client.call('createLocalGcpForwardingRule', { body })).body.forwardingRules)
    }
  }
}

const awsConsumer = ({ vpcEndpointId, form, tags }: LocalAwsVpcEndpointView): Consumer => ({
  endpointId: vpcEndpointId,
  body: { id: vpcEndpointId },
  form,
  remove: isOurs(tags)
    ? async (client) => {
        await client.call('deleteLocalAwsVpcEndpoint', { params: { vpcEndpointId } })
      }
    : undefined,
})

const azureConsumer = ({ id, privateIPAddress, form, tags }: LocalAzurePrivateEndpointView): Consumer => ({
  endpointId: id,
  body: { id, privateEndpointIPAddress: privateIPAddress },
  form,
  remove: isOurs(tags)
    ? async (client) => {
        await client.call('deleteLocalAzurePrivateEndpoint', { params: { privateEndpointId: id } })
      }
    : undefined,
})

const gcpConsumer = (name: string, rules: readonly LocalGcpForwardingRuleView[]): Consumer => ({
  endpointId: name,
  body: {
    endpointGroupName: name,
    gcpProjectId: rules[0]?.project ?? '',
    endpoints: rules.map((rule) => ({ endpointName: rule.name, ipAddress: rule.IPAddress })),
  },
  form: rules[0]?.form ?? 'address',
  remove: rules.every(({ labels }) => isOurs(labels))
    ? async (client) => {
        for (const { project, region, name: forwardingRuleName } of rules) {
          await client.call('deleteLocalGcpForwardingRule', { params: { project, region, forwardingRuleName } })
        }
      }
    : undefined,
})
