// The four forms of a private endpoint, as a table: where the service is made, and how its consumer's side is created
// in the local cloud and attached. Quickstart and the journeys go through every row on one cluster.

import type { Client } from '@postern/contract/client'
import type { CloudProvider } from '@postern/contract/cloud'
import type { AdvertisedForm } from '@postern/contract/private-endpoint'
import { until } from '../up/wait.ts'

export interface EndpointForm {
  readonly says: string
  readonly provider: CloudProvider
  readonly region: string
  /** GCP only: false is the legacy form, one forwarding rule per member slot. */
  readonly portMappingEnabled?: boolean
  /** Creates the consumer's side for this service in the local cloud. */
  readonly createConsumer: (client: Client, at: ConsumerPlace) => Promise<Consumer>
}

/** The consumer's side as its cloud answered: the id that the API will know it by, and the body that attaches it. */
export interface Consumer {
  readonly endpointId: string
  readonly body: AttachBody
}

export interface ServicePlace {
  readonly groupId: string
  readonly endpointServiceId: string
}

interface ConsumerPlace extends ServicePlace {
  /** How clients are told of it; by address unless said. */
  readonly advertised?: AdvertisedForm
}

/** How long anything that the local cloud provisions may take before it counts as stuck, in milliseconds. */
const provisionedWithinMs = 20_000

export const endpointForms: readonly EndpointForm[] = [
  {
    says: 'AWS PrivateLink',
    provider: 'AWS',
    region: 'eu-west-1',
    createConsumer: async (client, at) => {
      const service = await serviceOf(client, 'AWS', at)
      const serviceName = 'endpointServiceName' in service ? service.endpointServiceName : null
      const created = await client.call('createLocalAwsVpcEndpoint', {
        body: { serviceName: known(serviceName), form: at.advertised },
      })
      const id = created.body.vpcEndpointId
      return { endpointId: id, body: { id } }
    },
  },
  {
    says: 'Azure Private Link',
    provider: 'AZURE',
    region: 'westeurope',
    createConsumer: async (client, at) => {
      const service = await serviceOf(client, 'AZURE', at)
      const serviceId = 'privateLinkServiceResourceId' in service ? service.privateLinkServiceResourceId : null
      const { body } = await client.call('createLocalAzurePrivateEndpoint', {
        body: {
          name: `pe-${at.endpointServiceId.slice(-6)}`,
          privateLinkServiceId: known(serviceId),
          form: at.advertised,
        },
      })
      return { endpointId: body.id, body: { id: body.id, privateEndpointIPAddress: body.privateIPAddress } }
    },
  },
  {
    says: 'Google Cloud Private Service Connect, port-mapped',
    provider: 'GCP',
    region: 'europe-west1',
    portMappingEnabled: true,
    createConsumer: (client, at) => createForwardingRules(client, at, {}),
  },
  {
    says: 'Google Cloud Private Service Connect, legacy',
    provider: 'GCP',
    region: 'us-east1',
    portMappingEnabled: false,
    createConsumer: (client, at) => createForwardingRules(client, at, { oneForEachAttachment: true }),
  },
]

/** Makes the service of a form and answers its id once it is AVAILABLE. Throws when it fails or takes too long. */
export async function createService(client: Client, groupId: string, form: EndpointForm): Promise<string> {
  const { body } = await client.call('createGroupPrivateEndpointEndpointService', {
    params: { groupId },
    body: {
      providerName: form.provider,
      region: form.region,
      ...(form.portMappingEnabled === undefined ? {} : { portMappingEnabled: form.portMappingEnabled }),
    },
  })
  await until(`endpoint service ${body.id} becoming AVAILABLE`, provisionedWithinMs, async () => {
    const service = await serviceOf(client, form.provider, { groupId, endpointServiceId: body.id })
    if (service.status === 'FAILED') throw new Error(`endpoint service ${body.id} failed: ${service.errorMessage}`)
    return service.status === 'AVAILABLE' ? true : undefined
  })
  return body.id
}

/** Attaches a consumer's endpoint; the API has then taken it on, not yet accepted it. */
export async function attach(
  client: Client,
  { provider }: EndpointForm,
  { body, ...at }: ServicePlace & { readonly body: AttachBody },
): Promise<void> {
  await client.call('createGroupPrivateEndpointEndpointServiceEndpoint', {
    params: { ...at, cloudProvider: provider },
    body,
  })
}

/** Waits until the attached endpoint is AVAILABLE. Throws with the API's own words when it is rejected or failed. */
export async function endpointAvailable(
  client: Client,
  form: EndpointForm,
  at: ServicePlace & { readonly endpointId: string },
): Promise<void> {
  await until(`endpoint ${at.endpointId} becoming AVAILABLE`, provisionedWithinMs, async () => {
    const { body } = await client.call('getGroupPrivateEndpointEndpointServiceEndpoint', {
      params: { ...at, cloudProvider: form.provider },
    })
    const status = body.cloudProvider === 'AWS' ? body.connectionStatus : body.status
    if (status === 'REJECTED' || status === 'FAILED') throw new Error(`endpoint ${at.endpointId}: ${body.errorMessage}`)
    return status === 'AVAILABLE' ? true : undefined
  })
}

/** The private-endpoint connection string that goes through this endpoint. */
export async function connectionStringThrough(
  client: Client,
  at: { readonly groupId: string; readonly clusterName: string; readonly endpointId: string },
): Promise<string> {
  const { body } = await client.call('getGroupCluster', { params: at })
  const found = body.connectionStrings?.privateEndpoint?.find((element) =>
    element.endpoints?.some((endpoint) => endpoint.endpointId === at.endpointId),
  )
  if (found === undefined) throw new Error(`cluster ${at.clusterName} shows no connection string for ${at.endpointId}`)
  return found.connectionString
}

async function createForwardingRules(
  client: Client,
  at: ConsumerPlace,
  { oneForEachAttachment = false }: { readonly oneForEachAttachment?: boolean },
): Promise<Consumer> {
  const service = await serviceOf(client, 'GCP', at)
  const attachments = 'serviceAttachmentNames' in service ? service.serviceAttachmentNames : []
  const project = 'local-project'
  const { body } = await client.call('createLocalGcpForwardingRule', {
    body: {
      project,
      name: `psc-${at.endpointServiceId.slice(-6)}`,
      target: known(attachments[0]),
      form: at.advertised,
      ...(oneForEachAttachment ? { count: attachments.length } : {}),
    },
  })
  const endpoints = body.forwardingRules.map((rule) => ({ endpointName: rule.name, ipAddress: rule.IPAddress }))
  const { endpointGroupName } = body
  return { endpointId: endpointGroupName, body: { endpointGroupName, gcpProjectId: project, endpoints } }
}

type AttachBody =
  | { readonly id: string; readonly privateEndpointIPAddress?: string }
  | {
      readonly endpointGroupName: string
      readonly gcpProjectId: string
      readonly endpoints: { readonly endpointName: string; readonly ipAddress: string }[]
    }

async function serviceOf(client: Client, cloudProvider: CloudProvider, at: ServicePlace) {
  const { body } = await client.call('getGroupPrivateEndpointEndpointService', { params: { ...at, cloudProvider } })
  return body
}

function known(name: string | null | undefined): string {
  if (name === null || name === undefined) throw new Error('the endpoint service has no name in its cloud yet')
  return name
}
