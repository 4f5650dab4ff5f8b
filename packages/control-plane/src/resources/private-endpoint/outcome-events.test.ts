import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Provider, SeenService } from '../../providers/provider.ts'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { createJourney, type Journey, type View } from './testing.ts'

let open: TestStore
let journey: Journey
/** What the clouds say of a service in place of the truth; undefined: the truth. */
let said: ((seen: SeenService | null) => SeenService | null) | undefined
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(async () => {
  await clearStore(open.store)
  said = undefined
  const around = (provider: Provider): Provider => ({
    ...provider,
    observeService: async (wish) => {
      const seen = await provider.observeService(wish)
      return said === undefined ? seen : said(seen)
    },
  })
  journey = await createJourney(open.store, { twice: true, around })
})

const refusedBy = (reason: string) => (seen: SeenService | null) => seen && { ...seen, failure: reason }

const attach = async (provider: 'AWS' | 'AZURE' | 'GCP', serviceId: string, body: object): Promise<void> => {
  const path = `${journey.servicePath(provider, serviceId)}/endpoint`
  const { status, text } = await journey.ask({ method: 'POST', path, body })
  expect({ status, text }).toMatchObject({ status: 201 })
  await journey.settle()
}
const working = async () => {
  const service = await journey.newService({ providerName: 'AWS' })
  const endpointId = await journey.newVpcEndpoint(service)
  await attach('AWS', service.id, { id: endpointId })
  await journey.edge('edge-1').takeOver()
  return { endpointId, endpointServiceId: service.id as string, provider: 'AWS', region: 'US_EAST_1' }
}

const vpceId = 'vpce-11111111111111111'
const azureId =
  '/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/rg/providers/Microsoft.Network/privateEndpoints/pe'
const inUse = expect.stringContaining('port 1024 of 127.64.0.1 is in use')
const deleted = expect.stringContaining('was deleted in its cloud')
const sentence = expect.stringMatching(/\w+ \w+ .*\.$/)

/** Each does something and answers what the system is to have told of it, oldest first. */
const rows: readonly { readonly says: string; readonly happens: () => Promise<readonly object[]> }[] = [
  {
    says: 'a service that its cloud made: AVAILABLE',
    happens: async () => {
      const { id } = await journey.newService({ providerName: 'GCP' })
      const target = { endpointServiceId: id, provider: 'GCP', region: 'US_EAST_4' }
      return [{ type: 'ENDPOINT_SERVICE_AVAILABLE', target }]
    },
  },
  {
    says: 'a service that its cloud could not make: FAILED, with the cloud’s words',
    happens: async () => {
      said = refusedBy('The quota of load balancers is used up.')
      const { id, status } = await journey.newService({ providerName: 'AWS' })
      expect(status).toBe('FAILED')
      const errorMessage = 'The quota of load balancers is used up.'
      const target = { endpointServiceId: id, provider: 'AWS', region: 'US_EAST_1', errorMessage }
      return [{ type: 'ENDPOINT_SERVICE_FAILED', target }]
    },
  },
  {
    says: 'a service that its cloud lost later: AVAILABLE, then FAILED',
    happens: async () => {
      const { id } = await journey.newService({ providerName: 'AZURE' })
      said = () => null
      for (let look = 0; look < 2; look++) journey.parts.woken.push({ kind: 'endpointService', id })
      await journey.settle()
      const target = { endpointServiceId: id, provider: 'AZURE', region: 'US_EAST_2' }
      return [
        { type: 'ENDPOINT_SERVICE_AVAILABLE', target },
        { type: 'ENDPOINT_SERVICE_FAILED', target: { ...target, errorMessage: sentence } },
      ]
    },
  },
  {
    says: 'an endpoint that every edge serves: AVAILABLE',
    happens: async () => {
      const target = await working()
      return [serviceAvailable(target), { type: 'INTERFACE_ENDPOINT_AVAILABLE', target }]
    },
  },
  {
    says: 'an endpoint that waits for an edge: nothing yet',
    happens: async () => {
      const service = await journey.newService({ providerName: 'AWS' })
      await attach('AWS', service.id, { id: await journey.newVpcEndpoint(service) })
      await journey.pass(60_000)
      return [serviceAvailable({ endpointServiceId: service.id, provider: 'AWS', region: 'US_EAST_1' })]
    },
  },
  {
    says: 'one on AWS that nobody made: REJECTED, with what to do',
    happens: async () => {
      const { id } = await journey.newService({ providerName: 'AWS' })
      await attach('AWS', id, { id: vpceId })
      const place = { endpointServiceId: id, provider: 'AWS', region: 'US_EAST_1' }
      const target = { ...place, endpointId: vpceId, errorMessage: sentence }
      return [serviceAvailable(place), { type: 'INTERFACE_ENDPOINT_REJECTED', target }]
    },
  },
  {
    says: 'one on Azure that nobody made: FAILED',
    happens: async () => {
      const { id } = await journey.newService({ providerName: 'AZURE' })
      await attach('AZURE', id, { id: azureId, privateEndpointIPAddress: '10.0.0.9' })
      const place = { endpointServiceId: id, provider: 'AZURE', region: 'US_EAST_2' }
      const target = { ...place, endpointId: azureId, errorMessage: sentence }
      return [serviceAvailable(place), { type: 'INTERFACE_ENDPOINT_FAILED', target }]
    },
  },
  {
    says: 'one on Google Cloud that nobody made: FAILED',
    happens: async () => {
      const { id } = await journey.newService({ providerName: 'GCP', portMappingEnabled: true })
      const endpoints = [{ endpointName: 'rule', ipAddress: '10.0.0.1' }]
      await attach('GCP', id, { endpointGroupName: 'nobodys', gcpProjectId: 'my-project', endpoints })
      const place = { endpointServiceId: id, provider: 'GCP', region: 'US_EAST_4' }
      const target = { ...place, endpointId: 'nobodys', errorMessage: sentence }
      return [serviceAvailable(place), { type: 'INTERFACE_ENDPOINT_FAILED', target }]
    },
  },
  {
    says: 'one that worked and lost its consumer: AVAILABLE, then REJECTED',
    happens: async () => {
      const target = await working()
      await journey.ask({ method: 'DELETE', path: `/api/postern/v1/local/aws/vpcEndpoints/${target.endpointId}` })
      await journey.settle()
      return [
        serviceAvailable(target),
        { type: 'INTERFACE_ENDPOINT_AVAILABLE', target },
        { type: 'INTERFACE_ENDPOINT_REJECTED', target: { ...target, errorMessage: deleted } },
      ]
    },
  },
  {
    says: 'one that an edge cannot bind for a while: it stays AVAILABLE, and both are told',
    happens: async () => {
      await journey.newCluster('Cluster0', 1)
      const target = await working()
      const edge = journey.edge('edge-1')
      const [listener] = (await edge.fetch('forwarder')).body.listeners
      if (listener === undefined) throw new Error('the endpoint listens nowhere')
      await edge.takeOver({ [listener.id]: 'port 1024 of 127.64.0.1 is in use' })
      await edge.takeOver()
      return [
        serviceAvailable(target),
        { type: 'INTERFACE_ENDPOINT_AVAILABLE', target },
        { type: 'INTERFACE_ENDPOINT_DEGRADED', target: { ...target, errorMessage: inUse } },
        { type: 'INTERFACE_ENDPOINT_RECOVERED', target },
      ]
    },
  },
]

const serviceAvailable = ({ endpointServiceId, provider, region }: View) => ({
  type: 'ENDPOINT_SERVICE_AVAILABLE',
  target: { endpointServiceId, provider, region },
})

describe('what turns find out is told once, also when each turn is taken twice', () => {
  test.each(rows)('$says', async ({ happens }) => {
    const expected = await happens()
    const told = await open.store.read
      .selectFrom('event')
      .select(['type', 'target', 'group_id', 'org_id', 'source_address'])
      .where('actor_kind', '=', 'SYSTEM')
      .where('type', 'like', '%ENDPOINT%')
      .orderBy('tx')
      .orderBy('n')
      .execute()
    const by = { group_id: journey.groupId, org_id: journey.orgId, source_address: null }
    expect(told).toEqual(expected.map((event) => ({ ...by, ...event })))
  })
})
