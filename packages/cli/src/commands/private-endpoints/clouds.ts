// How the three clouds differ on the command line: words, columns, flags, bodies. Column headers and their order are
// the Atlas CLI's, since scripts read them; the additions are ERROR for an interface endpoint of Google Cloud, and REGION,
// behind the columns that scripts count, where the Atlas CLI leaves a reader to guess it.

import type { BodyInputOf } from '@postern/contract/schemas/operations'
import type { Flag } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'
import { at, type Json, shown } from '../../print/json.ts'
import { type Column, column } from '../../print/template.ts'

export interface Cloud {
  readonly word: string
  readonly provider: 'AWS' | 'AZURE' | 'GCP'
  readonly product: string
  readonly exampleRegion: string
  /** Atlas checks the shape of a service's id on this side for AWS only. */
  readonly checksServiceId: boolean
  readonly createFlags: readonly Flag[]
  readonly listColumns: readonly Column[]
  readonly describeColumns: readonly Column[]
  readonly watchedSentence: string
  readonly interfaces: {
    /** The argument of `create`: the service, except in Google Cloud, where it names the group. */
    readonly createArgument: { readonly name: string; readonly usage: string }
    readonly createFlags: readonly Flag[]
    readonly createExample: string
    /** What `update` can put right; each cloud's flags are those of `create`. */
    readonly correction: (context: Context) => BodyInputOf<'updateGroupPrivateEndpoint'>
    readonly body: (context: Context) => BodyInputOf<'createGroupPrivateEndpointEndpointServiceEndpoint'>
    readonly argument: { readonly name: string; readonly usage: string }
    readonly exampleId: string
    readonly columns: readonly Column[]
    /** The field of an endpoint that `create` answers with. */
    readonly idField: string
    /** The field of a service that lists the ids of its endpoints. */
    readonly idsOnService: string
  }
}

const error = column('ERROR', 'errorMessage')
const serviceColumns = (nameField: string): readonly Column[] => [
  column('ID', 'id'),
  column('ENDPOINT SERVICE', nameField),
  column('STATUS', 'status'),
  column('REGION', 'regionName'),
  error,
]
const serviceArgument = { name: 'endpointServiceId', usage: 'Identifier of the endpoint service to attach to.' }

export const aws: Cloud = {
  word: 'aws',
  provider: 'AWS',
  product: 'AWS PrivateLink',
  exampleRegion: 'eu-west-1',
  checksServiceId: true,
  createFlags: [],
  listColumns: serviceColumns('endpointServiceName'),
  describeColumns: serviceColumns('endpointServiceName'),
  watchedSentence: 'Private endpoint changes completed.',
  interfaces: {
    createArgument: serviceArgument,
    createFlags: [
      { name: 'privateEndpointId', kind: 'text', required: true, usage: 'Id of the VPC endpoint, vpce-….' },
    ],
    createExample: '5f4fe14da2b47835a58c63a2 --privateEndpointId vpce-00713b5e644e830a3',
    body: (context) => ({ id: context.text('privateEndpointId') }),
    correction: (context) => given(context, { privateEndpointId: 'id' }),
    argument: { name: 'interfaceEndpointId', usage: 'Id of the VPC endpoint, vpce-….' },
    exampleId: 'vpce-00713b5e644e830a3',
    columns: [column('ID', 'interfaceEndpointId'), column('STATUS', 'connectionStatus'), error],
    idField: 'interfaceEndpointId',
    idsOnService: 'interfaceEndpoints',
  },
}

const azureId =
  '/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/default/providers/Microsoft.Network/privateEndpoints/app'

const azure: Cloud = {
  word: 'azure',
  provider: 'AZURE',
  product: 'Azure Private Link',
  exampleRegion: 'eastus2',
  checksServiceId: false,
  createFlags: [],
  listColumns: serviceColumns('privateLinkServiceName'),
  describeColumns: serviceColumns('privateLinkServiceName'),
  watchedSentence: 'Private endpoint changes completed.',
  interfaces: {
    createArgument: serviceArgument,
    createFlags: [
      { name: 'privateEndpointId', kind: 'text', required: true, usage: 'Resource id of the Azure private endpoint.' },
      { name: 'privateEndpointIpAddress', kind: 'text', required: true, usage: 'Its private IP address.' },
    ],
    createExample: `5f4fe14da2b47835a58c63a2 --privateEndpointId ${azureId} --privateEndpointIpAddress 127.8.0.4`,
    correction: (context) =>
      given(context, { privateEndpointId: 'id', privateEndpointIpAddress: 'privateEndpointIPAddress' }),
    body: (context) => ({
      id: context.text('privateEndpointId'),
      privateEndpointIPAddress: context.text('privateEndpointIpAddress'),
    }),
    argument: { name: 'privateEndpointResourceId', usage: 'Resource id of the Azure private endpoint.' },
    exampleId: azureId,
    columns: [
      column('ID', 'privateEndpointResourceId'),
      column('IP ADDRESS', 'privateEndpointIPAddress'),
      column('STATUS', 'status'),
      error,
    ],
    idField: 'privateEndpointResourceId',
    idsOnService: 'privateEndpoints',
  },
}

const gcp: Cloud = {
  word: 'gcp',
  provider: 'GCP',
  product: 'Google Cloud Private Service Connect',
  exampleRegion: 'europe-west1',
  checksServiceId: false,
  createFlags: [
    {
      name: 'portMappingEnabled',
      kind: 'switch',
      usage:
        'One address for the whole cluster, the port picks the member. Without it, one forwarding rule per member.',
    },
  ],
  listColumns: [column('ID', 'id'), column('REGION', 'regionName'), column('STATUS', 'status'), error],
  describeColumns: [
    column('ID', 'id'),
    { header: 'GROUP NAME', cell: (service) => shown(at(service, 'endpointGroupNames')) || 'N/A' },
    column('REGION', 'regionName'),
    column('STATUS', 'status'),
    column('PORT MAPPING ENABLED', 'portMappingEnabled'),
    error,
  ],
  watchedSentence: 'GCP Private endpoint changes completed.',
  interfaces: {
    createArgument: { name: 'endpointGroupId', usage: 'Name for the group of forwarding rules.' },
    createFlags: [
      { name: 'endpointServiceId', kind: 'text', required: true, usage: serviceArgument.usage },
      { name: 'gcpProjectId', kind: 'text', required: true, usage: 'Google Cloud project of the forwarding rules.' },
      { name: 'endpoint', kind: 'list', usage: 'Forwarding rules, each as <endpointName>@<ipAddress>.' },
    ],
    createExample:
      'app --endpointServiceId 5f4fe14da2b47835a58c63a2 --gcpProjectId local-project --endpoint app@127.8.0.9',
    correction: (context) => ({
      ...given(context, { gcpProjectId: 'gcpProjectId' }),
      ...(context.isSet('endpoint') ? { endpoints: context.list('endpoint').map(forwardingRule) } : {}),
    }),
    body: (context) => ({
      endpointGroupName: context.arg('endpointGroupId'),
      gcpProjectId: context.text('gcpProjectId'),
      endpoints: context.list('endpoint').map(forwardingRule),
    }),
    argument: { name: 'id', usage: 'Name of the group of forwarding rules.' },
    exampleId: 'app',
    columns: [
      column('ENDPOINT', 'endpointGroupName'),
      column('STATUS', 'status'),
      column('DELETE REQUESTED', 'deleteRequested'),
      error,
    ],
    idField: 'endpointGroupName',
    idsOnService: 'endpointGroupNames',
  },
}

/** Fields by flag, of those that are set. */
const given = (context: Context, fields: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([flag, field]) => (context.isSet(flag) ? [[field, context.text(flag)]] : [])),
  )

export const clouds = [aws, azure, gcp] as const

function forwardingRule(text: string): { readonly endpointName: string; readonly ipAddress: string } {
  const [endpointName, ipAddress, ...more] = text.split('@')
  if (!endpointName || !ipAddress || more.length > 0) {
    throw new UsageError(`invalid endpoint: ${text}\nRequired format is: <endpointName>@<ipAddress>, eg: foo@127.0.0.1`)
  }
  return { endpointName, ipAddress }
}

/** The ids of the endpoints that a service lists. */
export function endpointIdsOf(cloud: Cloud, service: Json): readonly string[] {
  const ids = at(service, cloud.interfaces.idsOnService)
  return Array.isArray(ids) ? ids.map(String) : []
}
