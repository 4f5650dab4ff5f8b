import { describe, expect, test } from 'vitest'
import { draftOf } from '../draft.ts'
import type { Endpoint, Service } from '../filters.ts'
import { consumerProblems, consumerRegions, given } from './consumer-fields.ts'
import { endpointBody, identityFields, identityOf, isComplete } from './endpoint-identity.ts'

const service = (fields: object): Service => ({ regionName: 'EU_WEST_1', ...fields }) as Service
const aws = service({ cloudProvider: 'AWS', supportedRemoteRegions: ['EU_WEST_2'] })
const azure = service({ cloudProvider: 'AZURE' })
const mapped = service({ cloudProvider: 'GCP', portMappingEnabled: true })
const legacy = service({ cloudProvider: 'GCP', portMappingEnabled: false })
const resourceId =
  '/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe'

const forms = [
  {
    says: 'AWS',
    of: aws,
    draft: { id: ' vpce-0123456789abcdef0 ' },
    body: { id: 'vpce-0123456789abcdef0' },
  },
  {
    says: 'Azure',
    of: azure,
    draft: { id: resourceId, privateEndpointIPAddress: '10.0.0.4' },
    body: { id: resourceId, privateEndpointIPAddress: '10.0.0.4' },
  },
  {
    says: 'Google Cloud, port-mapped: one rule of the endpoint’s name',
    of: mapped,
    draft: { gcpProjectId: 'my-project', endpointGroupName: 'psc', privateEndpointIPAddress: '10.0.0.4' },
    body: {
      gcpProjectId: 'my-project',
      endpointGroupName: 'psc',
      endpoints: [{ endpointName: 'psc', ipAddress: '10.0.0.4' }],
    },
  },
  {
    says: 'Google Cloud, legacy: rules as the command prints them',
    of: legacy,
    draft: {
      gcpProjectId: 'my-project',
      endpointGroupName: 'psc',
      endpoints: '--endpoint psc-0@10.0.0.4,psc-1@10.0.0.5\n',
    },
    body: {
      gcpProjectId: 'my-project',
      endpointGroupName: 'psc',
      endpoints: [
        { endpointName: 'psc-0', ipAddress: '10.0.0.4' },
        { endpointName: 'psc-1', ipAddress: '10.0.0.5' },
      ],
    },
  },
]

describe('what attaches an endpoint', () => {
  test.each(forms)('$says', ({ of, draft, body }) => {
    expect(endpointBody(of, draftOf(draft))).toEqual(body)
    expect(isComplete(of, draftOf(draft))).toBe(true)
  })

  test.each(forms)('$says: what is attached is read back as it was written', ({ of, body }) => {
    const endpoint = {
      ...body,
      cloudProvider: of.cloudProvider,
      interfaceEndpointId: body.id,
      privateEndpointResourceId: body.id,
    } as unknown as Endpoint
    expect(endpointBody(of, draftOf(identityOf(endpoint)))).toEqual(body)
  })

  test.each([
    { says: 'an id of another shape', of: aws, draft: { id: 'vpce-1' } },
    { says: 'an address that is missing', of: azure, draft: { id: resourceId } },
    { says: 'rules that are missing', of: legacy, draft: { gcpProjectId: 'p', endpointGroupName: 'psc' } },
  ])('$says is not worth asking for', ({ of, draft }) => {
    expect(isComplete(of, draftOf(draft))).toBe(false)
  })

  test('every field of the API that may be refused has a field of the form', () => {
    expect(identityFields(mapped).flatMap(({ fills }) => fills)).toContain('endpoints[0].endpointName')
  })
})

describe('what only the consumer knows', () => {
  test('goes into the commands, several as a list; what is empty stays out', () => {
    expect(given('AWS', draftOf({ vpcId: ' vpc-12345678 ', subnetIds: 'subnet-12345678, subnet-87654321' }))).toEqual({
      vpcId: 'vpc-12345678',
      subnetIds: ['subnet-12345678', 'subnet-87654321'],
    })
  })

  test('is told at its field where a cloud would not take it', () => {
    expect(consumerProblems('AWS', draftOf({ vpcId: 'my vpc', subnetIds: 'subnet-12345678' }))).toEqual({
      vpcId: 'It must look like vpc-0123456789abcdef0.',
    })
  })

  test('AWS takes endpoints of its own region and of those that the service accepts', () => {
    expect(consumerRegions(aws)).toEqual(['EU_WEST_1', 'EU_WEST_2'])
    expect(consumerRegions(azure)).toEqual(['EU_WEST_1'])
  })
})
