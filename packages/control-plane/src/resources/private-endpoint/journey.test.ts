import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { createJourney, type Journey, type View } from './testing.ts'

let open: TestStore
let journey: Journey
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(async () => {
  await clearStore(open.store)
  journey = await createJourney(open.store)
})

const attach = (path: string, body: unknown) => journey.ask({ method: 'POST', path: `${path}/endpoint`, body })

const vpcEndpoint = async (serviceName: string, over: object = {}): Promise<View> => {
  const made = await journey.ask({
    method: 'POST',
    path: '/api/postern/v1/local/aws/vpcEndpoints',
    body: { serviceName, ...over },
  })
  expect(made.status).toBe(201)
  return made.body
}

describe('AWS: from nothing to AVAILABLE and back to nothing', () => {
  test('the whole way', async () => {
    const { ask, get, groupPath, servicePath, settle } = journey
    const created = await ask({
      method: 'POST',
      path: `${groupPath}/endpointService`,
      body: { providerName: 'AWS', region: 'eu-west-1' },
    })
    expect(created.status).toBe(201)
    const { id } = created.body as View
    expect(created.body).toEqual({
      cloudProvider: 'AWS',
      endpointServiceName: null,
      errorMessage: null,
      id,
      interfaceEndpoints: [],
      regionName: 'EU_WEST_1',
      status: 'INITIATING',
      supportedRemoteRegions: null,
    })

    const path = servicePath('AWS', id)
    await settle()
    const service = await get(path)
    expect(service).toMatchObject({ status: 'AVAILABLE', errorMessage: null })
    expect(service.endpointServiceName).toMatch(/^com\.amazonaws\.vpce\.eu-west-1\.vpce-svc-[0-9a-f]{17}$/)

    const vpce = await vpcEndpoint(service.endpointServiceName)
    expect(vpce).toMatchObject({ state: 'pendingAcceptance', region: 'eu-west-1', listen: { firstPort: 1024 } })
    expect(vpce.vpcEndpointId).toMatch(/^vpce-[0-9a-f]{17}$/)
    const members = await journey.newCluster('Cluster0', 3)

    const attached = await attach(path, { id: vpce.vpcEndpointId })
    expect([attached.status, attached.body]).toEqual([
      201,
      {
        cloudProvider: 'AWS',
        connectionStatus: 'PENDING_ACCEPTANCE',
        deleteRequested: false,
        errorMessage: null,
        interfaceEndpointId: vpce.vpcEndpointId,
      },
    ])
    const endpointPath = `${path}/endpoint/${vpce.vpcEndpointId}`
    await settle()
    // Accepted in its cloud, but no edge has ever reported: a client could not be served.
    expect(await get(endpointPath)).toMatchObject({ connectionStatus: 'PENDING', errorMessage: null })

    const edge = journey.edge('edge-1')
    const gateway = await edge.fetch('gateway')
    const host = vpce.listen.hosts[0]
    expect(gateway.body.listeners).toEqual(
      members.map((memberId, slot) => ({
        gatewayPort: 40_000 + slot,
        serviceId: id,
        clusterId: expect.any(String),
        memberId,
      })),
    )
    expect(gateway.body.endpoints).toEqual([
      expect.objectContaining({
        provider: 'AWS',
        linkIds: [vpce.vpcEndpointId],
        status: 'AVAILABLE',
        tls: false,
        byAddress: true,
        advertised: Object.fromEntries(members.map((memberId, slot) => [memberId, { host, port: 1024 + slot }])),
      }),
    ])
    const forwarder = await edge.fetch('forwarder')
    expect(forwarder.body.listeners).toEqual(
      [0, 1, 2].map((slot) => ({
        id: `${vpce.vpcEndpointId}:${slot}`,
        provider: 'AWS',
        linkId: vpce.vpcEndpointId,
        hosts: [host],
        port: 1024 + slot,
        gatewayPort: 40_000 + slot,
      })),
    )

    await edge.takeOver()
    expect(await get(endpointPath)).toMatchObject({ connectionStatus: 'AVAILABLE', errorMessage: null })
    expect((await get(path)).interfaceEndpoints).toEqual([vpce.vpcEndpointId])
    const zone = await edge.fetch('dns')
    const srv = zone.body.records.filter(({ type }) => type === 'SRV')
    expect(srv).toHaveLength(3)
    expect(srv[0]?.name).toMatch(/^_mongodb\._tcp\.cluster0-pl-0\.[a-z0-9]{5,6}\.postern\.internal$/)
    expect(zone.body.records.find(({ type }) => type === 'TXT')).toMatchObject({
      value: 'authSource=admin&replicaSet=rs0',
    })

    const refused = await ask({ method: 'DELETE', path })
    expect([refused.status, (refused.body as View).errorCode]).toEqual([409, 'PRIVATE_ENDPOINT_SERVICE_HAS_ENDPOINTS'])
    expect((refused.body as View).detail).toContain(vpce.vpcEndpointId)

    const deleted = await ask({ method: 'DELETE', path: endpointPath })
    expect([deleted.status, deleted.body]).toEqual([202, {}])
    await settle()
    expect(await get(endpointPath)).toMatchObject({ connectionStatus: 'DELETING', deleteRequested: true })
    expect((await edge.fetch('gateway')).body.endpoints).toEqual([])
    await edge.takeOver()
    expect((await ask({ method: 'GET', path: endpointPath })).status).toBe(404)
    // It had worked and was the last: its service goes with it, as in Atlas.
    expect(await get(path)).toMatchObject({ errorCode: 'PRIVATE_ENDPOINT_SERVICE_NOT_FOUND' })
    expect((await get('/api/postern/v1/local/aws/vpcEndpoints')).results[0].state).toBe('rejected')
  })
})
