// What names an endpoint that is attached, as each cloud calls it: fields, the body that they make, and back. Pure.

import { consumerIdPattern } from '@postern/contract/ids'
import type { BodyInputOf } from '@postern/contract/schemas/operations'
import { type Draft, type DraftName, severalIn } from '../draft.ts'
import type { Endpoint, Service } from '../filters.ts'

export interface IdentityField {
  readonly name: DraftName
  readonly label: string
  readonly example: string
  /** Fields of the API that this one fills, by how their names begin. */
  readonly fills: readonly string[]
  readonly several?: true
}

const project = {
  name: 'gcpProjectId',
  label: 'Google Cloud Project ID',
  example: 'my-project',
  fills: ['gcpProjectId'],
} as const

const forms = {
  AWS: [{ name: 'id', label: 'VPC Endpoint ID', example: 'vpce-0123456789abcdef0', fills: ['id'] }],
  AZURE: [
    {
      name: 'id',
      label: 'Private Endpoint Resource ID',
      example: '/subscriptions/…/resourceGroups/…/providers/Microsoft.Network/privateEndpoints/…',
      fills: ['id'],
    },
    {
      name: 'privateEndpointIPAddress',
      label: 'Private Endpoint IP Address',
      example: '10.0.0.4',
      fills: ['privateEndpointIPAddress'],
    },
  ],
  mapped: [
    project,
    {
      name: 'endpointGroupName',
      label: 'Private Service Connect Endpoint Name',
      example: 'my-endpoint',
      fills: ['endpointGroupName', 'endpoints[0].endpointName'],
    },
    {
      name: 'privateEndpointIPAddress',
      label: 'Private Service Connect Endpoint IP Address',
      example: '10.0.0.4',
      fills: ['endpoints'],
    },
  ],
  legacy: [
    project,
    { name: 'endpointGroupName', label: 'Endpoint Group Name', example: 'my-endpoint', fills: ['endpointGroupName'] },
    {
      name: 'endpoints',
      label: 'Endpoints',
      example: 'my-endpoint-0@10.0.0.4, my-endpoint-1@10.0.0.5, …',
      fills: ['endpoints'],
      several: true,
    },
  ],
} as const satisfies Readonly<Record<string, readonly IdentityField[]>>

const isMapped = (service: Service): boolean => service.cloudProvider === 'GCP' && service.portMappingEnabled

export const identityFields = (service: Service): readonly IdentityField[] =>
  service.cloudProvider === 'GCP' ? forms[isMapped(service) ? 'mapped' : 'legacy'] : forms[service.cloudProvider]

export type EndpointBody = BodyInputOf<'createGroupPrivateEndpointEndpointServiceEndpoint'>

export function endpointBody(service: Service, draft: Draft): EndpointBody {
  const id = draft.id.trim()
  const ipAddress = draft.privateEndpointIPAddress.trim()
  const endpointGroupName = draft.endpointGroupName.trim()
  switch (service.cloudProvider) {
    case 'AWS':
      return { id }
    case 'AZURE':
      return { id, privateEndpointIPAddress: ipAddress }
    case 'GCP':
      return {
        endpointGroupName,
        gcpProjectId: draft.gcpProjectId.trim(),
        endpoints: isMapped(service) ? [{ endpointName: endpointGroupName, ipAddress }] : rulesIn(draft.endpoints),
      }
  }
}

/** `name@address`, however they are parted; the option that the ready-made command prints before them is let go. */
const rulesIn = (text: string) =>
  severalIn(text)
    .filter((one) => one !== '--endpoint')
    .map((rule) => {
      const [endpointName = '', ipAddress = ''] = rule.split('@')
      return { endpointName, ipAddress }
    })

/** Whether it is worth asking what stands against it. */
export const isComplete = (service: Service, draft: Draft): boolean =>
  identityFields(service).every(({ name }) => draft[name].trim() !== '') &&
  (service.cloudProvider === 'GCP' || consumerIdPattern[service.cloudProvider].test(draft.id.trim()))

/** What is attached, as the form has it. */
export function identityOf(endpoint: Endpoint): Partial<Draft> {
  switch (endpoint.cloudProvider) {
    case 'AWS':
      return { id: endpoint.interfaceEndpointId }
    case 'AZURE':
      return { id: endpoint.privateEndpointResourceId, privateEndpointIPAddress: endpoint.privateEndpointIPAddress }
    case 'GCP': {
      const { endpointGroupName, gcpProjectId, endpoints } = endpoint
      return {
        endpointGroupName,
        gcpProjectId,
        privateEndpointIPAddress: endpoints[0]?.ipAddress ?? '',
        endpoints: endpoints.map(({ endpointName, ipAddress }) => `${endpointName}@${ipAddress}`).join(', '),
      }
    }
  }
}
