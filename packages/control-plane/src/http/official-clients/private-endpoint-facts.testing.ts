// Endpoint services and endpoints. A service is there and AVAILABLE before the first of these rows.

import { expect } from 'vitest'
import { aText, type Fact, g, go, of20230101 } from './fact.testing.ts'

export const services = `${g}/privateEndpoint`
export const one = `${services}/AWS/endpointService/{service}`
export const dummy = 'vpce-11111111111111111'

export const privateEndpointFacts: readonly Fact[] = [
  {
    says: 'the list is bare, without paging, and the operator finds its region there letter by letter',
    sent: go('GET', `${services}/AWS/endpointService`),
    status: 200,
    type: of20230101,
    body: [{ id: '{service}', regionName: 'EU_WEST_1', errorMessage: null }],
  },
  {
    says: 'Terraform imports by v1.0 in plain JSON',
    sent: { ...go('GET', one.replace('/v2/', '/v1.0/')), headers: { accept: 'application/json' } },
    status: 200,
    type: 'application/json',
    body: { id: '{service}', endpointServiceName: aText, interfaceEndpoints: [] },
  },
  {
    says: 'Terraform changes remote regions at a path without the provider',
    sent: go('PATCH', `${services}/endpointService/{service}`, '2023-01-01', {
      cloudProvider: 'AWS',
      supportedRemoteRegions: ['US_EAST_1'],
    }),
    status: 200,
  },
  {
    says: 'an endpoint is attached by 201',
    sent: go('POST', `${one}/endpoint`, '2023-01-01', { id: dummy }),
    status: 201,
    body: { interfaceEndpointId: dummy, connectionStatus: expect.stringMatching(/PENDING|REJECTED/) },
  },
  {
    says: 'the operator knows by this one code that a service is gone',
    sent: go('GET', `${services}/AWS/endpointService/${'1'.repeat(24)}`),
    status: 404,
    headers: { 'x-error-code': 'PRIVATE_ENDPOINT_SERVICE_NOT_FOUND' },
    body: { errorCode: 'PRIVATE_ENDPOINT_SERVICE_NOT_FOUND' },
  },
  {
    says: 'and by the same that an endpoint is',
    sent: go('GET', `${one}/endpoint/vpce-22222222222222222`),
    status: 404,
    headers: { 'x-error-code': 'PRIVATE_ENDPOINT_SERVICE_NOT_FOUND' },
    body: { errorCode: 'PRIVATE_ENDPOINT_SERVICE_NOT_FOUND', detail: expect.stringContaining('vpce-2222') },
  },
  {
    says: 'the CLI may leave the service out of a path; two slashes in it lead nowhere',
    sent: go('DELETE', `${services}/AWS/endpointService//endpoint/${dummy}`),
    status: 404,
    body: { errorCode: 'RESOURCE_NOT_FOUND' },
  },
  {
    says: 'regional mode is turned by 202',
    sent: go('PATCH', `${services}/regionalMode`, '2023-01-01', { enabled: false }),
    status: 202,
    body: { enabled: false },
  },
]
