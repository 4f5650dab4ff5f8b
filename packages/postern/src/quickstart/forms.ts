// The four forms of a private endpoint, as a table: where the service is made, and how its consumer's side is created
// in the local cloud and attached. Quickstart and the journeys go through every row on one cluster.

import { type LocalEndpoint, makeLocalEndpoint } from '@postern/cli/local-endpoint'
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
  readonly createConsumer: (client: Client, at: ConsumerPlace) => Promise<LocalEndpoint>
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

const consumerAt =
  (cloudProvider: CloudProvider): EndpointForm['createConsumer'] =>
  async (client, at) =>
    makeLocalEndpoint(client, {
      service: await serviceOf(client, cloudProvider, at),
      name: `pe-${at.endpointServiceId.slice(-6)}`,
      form: at.advertised,
    })

export const endpointForms: readonly EndpointForm[] = [
  { says: 'AWS PrivateLink', provider: 'AWS', region: 'eu-west-1', createConsumer: consumerAt('AWS') },
  { says: 'Azure Private Link', provider: 'AZURE', region: 'westeurope', createConsumer: consumerAt('AZURE') },
  {
    says: 'Google Cloud Private Service Connect, port-mapped',
    provider: 'GCP',
    region: 'europe-west1',
    portMappingEnabled: true,
    createConsumer: consumerAt('GCP'),
  },
  {
    says: 'Google Cloud Private Service Connect, legacy',
    provider: 'GCP',
    region: 'us-east1',
    portMappingEnabled: false,
    createConsumer: consumerAt('GCP'),
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
  { body, ...at }: ServicePlace & { readonly body: LocalEndpoint['body'] },
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

async function serviceOf(client: Client, cloudProvider: CloudProvider, at: ServicePlace) {
  const { body } = await client.call('getGroupPrivateEndpointEndpointService', { params: { ...at, cloudProvider } })
  return body
}
