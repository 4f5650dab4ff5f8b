// What is refused when it is asked for.

import { describe, expect, test } from 'vitest'
import { attach, dummy, journey, open, path, service } from './aws-service.testing.ts'
import type { View } from './testing.ts'

describe('what cannot be an endpoint is refused at once, the field named', () => {
  const azureId =
    '/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe'
  const gcp = {
    endpointGroupName: 'g',
    gcpProjectId: 'my-project',
    endpoints: [{ endpointName: 'r', ipAddress: '10.0.0.1' }],
  }
  test.each([
    { says: 'AWS: no id', provider: 'AWS', body: {}, code: 'MISSING_ATTRIBUTE', field: 'id' },
    {
      says: 'AWS: an id of another kind',
      provider: 'AWS',
      body: { id: 'vpc-1' },
      code: 'INVALID_ATTRIBUTE',
      field: 'id',
    },
    {
      says: 'AWS: the body says another provider',
      provider: 'AWS',
      body: { cloudProvider: 'GCP', id: dummy },
      code: 'INVALID_ATTRIBUTE',
      field: 'cloudProvider',
    },
    {
      says: 'Azure: a VPC endpoint’s id',
      provider: 'AZURE',
      body: { id: dummy },
      code: 'INVALID_ATTRIBUTE',
      field: 'id',
    },
    {
      says: 'Azure: no address',
      provider: 'AZURE',
      body: { id: azureId },
      code: 'MISSING_ATTRIBUTE',
      field: 'privateEndpointIPAddress',
    },
    {
      says: 'Azure: no IP address',
      provider: 'AZURE',
      body: { id: azureId, privateEndpointIPAddress: '10.0.0' },
      code: 'INVALID_ATTRIBUTE',
      field: 'privateEndpointIPAddress',
    },
    {
      says: 'GCP: no project',
      provider: 'GCP',
      body: { ...gcp, gcpProjectId: null },
      code: 'MISSING_ATTRIBUTE',
      field: 'gcpProjectId',
    },
    {
      says: 'GCP: no rules',
      provider: 'GCP',
      body: { ...gcp, endpoints: [] },
      code: 'MISSING_ATTRIBUTE',
      field: 'endpoints',
    },
    {
      says: 'GCP: a bad rule name',
      provider: 'GCP',
      body: { ...gcp, endpoints: [{ endpointName: 'R_1', ipAddress: '10.0.0.1' }] },
      code: 'INVALID_ATTRIBUTE',
      field: 'endpoints[0].endpointName',
    },
    {
      says: 'GCP: a rule twice',
      provider: 'GCP',
      body: { ...gcp, endpoints: [...gcp.endpoints, ...gcp.endpoints] },
      code: 'INVALID_ATTRIBUTE',
      field: 'endpoints',
    },
    { says: 'no object', provider: 'AWS', body: [], code: 'INVALID_ATTRIBUTE', field: '' },
  ] as const)('$says', async ({ provider, body, code, field }) => {
    const id = provider === 'AWS' ? service.id : (await journey.newService({ providerName: provider })).id
    const at = `${journey.servicePath(provider, id)}/endpoint`
    const answer = await journey.ask({ method: 'POST', path: at, body })
    expect(answer.status).toBe(400)
    if (field !== '')
      expect([(answer.body as View).errorCode, answer.text]).toEqual([code, expect.stringContaining(field)])
    const { count } = await open.store.read
      .selectFrom('private_endpoint')
      .select(({ fn }) => fn.countAll<string>().as('count'))
      .executeTakeFirstOrThrow()
    expect(Number(count)).toBe(0)
  })

  test('two rules where ports are mapped', async () => {
    const { id } = await journey.newService({ providerName: 'GCP', portMappingEnabled: true })
    const body = { ...gcp, endpoints: [...gcp.endpoints, { endpointName: 'r2', ipAddress: '10.0.0.2' }] }
    const answer = await journey.ask({ method: 'POST', path: `${journey.servicePath('GCP', id)}/endpoint`, body })
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('exactly one forwarding rule')])
  })

  test('a service that is not AVAILABLE takes none: 409 with its status', async () => {
    const made = await journey.ask({
      method: 'POST',
      path: `${journey.groupPath}/endpointService`,
      body: { providerName: 'AWS', region: 'eu-west-1' },
    })
    const answer = await attach(dummy, journey.servicePath('AWS', (made.body as View).id))
    expect([answer.status, (answer.body as View).errorCode]).toEqual([409, 'PRIVATE_ENDPOINT_SERVICE_NOT_AVAILABLE'])
    expect((answer.body as View).detail).toContain('INITIATING')
  })

  test('attached already: 409; eight at once: one is attached', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => attach(dummy)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, ...Array.from({ length: 7 }, () => 409)])
    const again = await attach(dummy)
    expect((again.body as View).errorCode).toBe('PRIVATE_ENDPOINT_ALREADY_EXISTS')
  })

  test('an endpoint that is not attached is not found', async () => {
    for (const method of ['GET', 'DELETE']) {
      const answer = await journey.ask({ method, path: `${path}/endpoint/${dummy}` })
      expect([answer.status, (answer.body as View).errorCode]).toEqual([404, 'PRIVATE_ENDPOINT_SERVICE_NOT_FOUND'])
      expect((answer.body as View).detail).toContain(`No private endpoint ${dummy} exists`)
    }
  })
})
