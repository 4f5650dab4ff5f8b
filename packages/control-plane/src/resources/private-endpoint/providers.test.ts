import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { createJourney, type Journey, type JourneyOptions, type View } from './testing.ts'

let open: TestStore
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(() => clearStore(open.store))

const begin = (options: JourneyOptions = {}): Promise<Journey> => createJourney(open.store, options)
const local = '/api/postern/v1/local'
const post = async (journey: Journey, path: string, body: unknown): Promise<View> => {
  const answer = await journey.ask({ method: 'POST', path, body })
  expect([answer.status, answer.body]).toEqual([201, expect.anything()])
  return answer.body
}

describe('Azure', () => {
  const making = async (journey: Journey) => {
    const service = await journey.newService({ providerName: 'AZURE', region: 'eastus2' })
    const made = await post(journey, `${local}/azure/privateEndpoints`, {
      name: 'pe-1',
      resourceGroupName: 'rg-1',
      privateLinkServiceId: service.privateLinkServiceResourceId,
    })
    return { service, made, path: journey.servicePath('AZURE', service.id) }
  }
  const endpointPath = (path: string, id: string) => `${path}/endpoint/${encodeURIComponent(id)}`

  test('the whole way, with a resource ID as the endpoint’s name in the path', async () => {
    const journey = await begin()
    const { service, made, path } = await making(journey)
    expect(service).toEqual({
      cloudProvider: 'AZURE',
      errorMessage: null,
      id: service.id,
      privateEndpoints: [],
      privateLinkServiceName: `pls_${service.id}`,
      privateLinkServiceResourceId: expect.stringContaining(`/privateLinkServices/pls_${service.id}`),
      regionName: 'US_EAST_2',
      status: 'AVAILABLE',
    })
    expect(made.linkId).toBeLessThan(2 ** 32)
    await journey.newCluster('Cluster0', 1)
    const attached = await post(journey, `${path}/endpoint`, {
      id: made.id,
      privateEndpointIPAddress: made.privateIPAddress,
    })
    expect(attached).toEqual({
      cloudProvider: 'AZURE',
      deleteRequested: false,
      errorMessage: null,
      privateEndpointConnectionName: null,
      privateEndpointIPAddress: made.privateIPAddress,
      privateEndpointResourceId: made.id,
      status: 'INITIATING',
    })
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    expect(await journey.get(endpointPath(path, made.id))).toMatchObject({
      status: 'AVAILABLE',
      privateEndpointConnectionName: expect.stringMatching(/^[0-9a-f-]{36}%2Frg-1%2Fpe-1$/),
    })
    const { body } = await journey.edge('edge-1').fetch('gateway')
    expect(body.endpoints[0]?.linkIds).toEqual([String(made.linkId)])
    expect((await journey.get(path)).privateEndpoints).toEqual([made.id])
  })

  test('another IP address than it has: FAILED, naming both', async () => {
    const journey = await begin()
    const { made, path } = await making(journey)
    await post(journey, `${path}/endpoint`, { id: made.id, privateEndpointIPAddress: '10.0.0.9' })
    await journey.settle()
    const failed = await journey.get(endpointPath(path, made.id))
    expect(failed.status).toBe('FAILED')
    expect(failed.errorMessage).toContain(`${made.privateIPAddress}, not 10.0.0.9`)
  })
})

describe('Google Cloud with port mapping', () => {
  test('one attachment, one rule, ports pick the member', async () => {
    const journey = await begin()
    const service = await journey.newService({ providerName: 'GCP', region: 'us-east4', portMappingEnabled: true })
    expect(service).toMatchObject({ regionName: 'US_EAST_4', portMappingEnabled: true, status: 'AVAILABLE' })
    expect(service.serviceAttachmentNames).toHaveLength(1)
    const made = await post(journey, `${local}/gcp/forwardingRules`, {
      project: 'my-project',
      name: 'psc',
      target: service.serviceAttachmentNames[0],
    })
    const [rule] = made.forwardingRules
    expect(BigInt(rule.pscConnectionId)).toBeGreaterThan(2n ** 53n)
    expect(made.endpoints).toBe(`psc@${rule.IPAddress}`)
    await journey.newCluster('Cluster0', 3)
    const path = journey.servicePath('GCP', service.id)
    const group = {
      endpointGroupName: 'psc',
      gcpProjectId: 'my-project',
      endpoints: [{ endpointName: 'psc', ipAddress: rule.IPAddress }],
    }
    await post(journey, `${path}/endpoint`, group)
    await journey.settle()
    expect(await journey.get(`${path}/endpoint/psc`)).toMatchObject({ status: 'VERIFIED' })
    await journey.edge('edge-1').takeOver()
    expect(await journey.get(`${path}/endpoint/psc`)).toEqual({
      cloudProvider: 'GCP',
      deleteRequested: false,
      endpointGroupName: 'psc',
      endpoints: [{ endpointName: 'psc', ipAddress: rule.IPAddress, status: 'AVAILABLE' }],
      errorMessage: null,
      gcpProjectId: 'my-project',
      portMappingEnabled: true,
      status: 'AVAILABLE',
    })
    const { body } = await journey.edge('edge-1').fetch('forwarder')
    expect(body.listeners.map(({ linkId, port }) => [linkId, port])).toEqual(
      [1024, 1025, 1026].map((port) => [rule.pscConnectionId, port]),
    )
  })
})

describe('Google Cloud without port mapping', () => {
  const attachments = 4
  const making = async (count: number) => {
    const journey = await begin()
    await open.store.transact((tx) =>
      tx
        .insertInto('group_limit')
        .values({
          group_id: journey.groupId,
          name: 'atlas.project.deployment.privateServiceConnectionsPerRegionGroup',
          value: attachments,
        })
        .execute(),
    )
    const service = await journey.newService({ providerName: 'GCP', region: 'US_EAST_4' })
    const made = await post(journey, `${local}/gcp/forwardingRules`, {
      project: 'my-project',
      name: 'psc',
      target: service.serviceAttachmentNames[0],
      count,
    })
    const path = journey.servicePath('GCP', service.id)
    const endpoints = made.forwardingRules.map((rule: View) => ({ endpointName: rule.name, ipAddress: rule.IPAddress }))
    const group = { endpointGroupName: 'psc', gcpProjectId: 'my-project', endpoints }
    return { journey, service, made, path, group }
  }

  test('as many attachments as the project’s limit, a rule for each, a host for each member', async () => {
    const { journey, service, made, path, group } = await making(attachments)
    expect(service.serviceAttachmentNames).toHaveLength(attachments)
    const members = await journey.newCluster('Cluster0', 3)
    await post(journey, `${path}/endpoint`, group)
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    expect(await journey.get(`${path}/endpoint/psc`)).toMatchObject({ status: 'AVAILABLE', portMappingEnabled: false })
    expect((await journey.get(path)).endpointGroupNames).toEqual(['psc'])

    const gateway = await journey.edge('edge-1').fetch('gateway')
    expect(gateway.body.endpoints[0]).toMatchObject({
      linkIds: made.forwardingRules.map((rule: View) => rule.pscConnectionId),
      advertised: Object.fromEntries(
        members.map((memberId, slot) => [memberId, { host: made.forwardingRules[slot].IPAddress, port: 1024 }]),
      ),
    })
    // Four rules, three members: the last rule listens on nothing.
    const forwarder = await journey.edge('edge-1').fetch('forwarder')
    expect(forwarder.body.listeners.map(({ hosts }) => hosts[0]).toSorted()).toEqual(
      made.forwardingRules
        .slice(0, 3)
        .map((rule: View) => rule.IPAddress)
        .toSorted(),
    )
  })

  test('fewer rules than attachments: FAILED with k of N', async () => {
    const { journey, path, group } = await making(attachments - 1)
    await post(journey, `${path}/endpoint`, group)
    await journey.settle()
    const failed = await journey.get(`${path}/endpoint/psc`)
    expect(failed.status).toBe('FAILED')
    expect(failed.errorMessage).toContain('3 of 4 forwarding rules were given')
  })

  test('rules of another endpoint: FAILED, and neither its refusal nor its end harms the one that has them', async () => {
    const { journey, path, group } = await making(attachments)
    await post(journey, `${path}/endpoint`, group)
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    await post(journey, `${path}/endpoint`, { ...group, endpointGroupName: 'same' })
    await post(journey, `${path}/endpoint`, {
      ...group,
      endpointGroupName: 'fewer',
      endpoints: group.endpoints.slice(0, 1),
    })
    await journey.settle()
    const same = await journey.get(`${path}/endpoint/same`)
    expect([same.status, same.errorMessage]).toEqual(['FAILED', expect.stringContaining('belongs to the endpoint psc')])
    expect((await journey.get(`${path}/endpoint/fewer`)).errorMessage).toContain('1 of 4 forwarding rules were given')
    for (const name of ['same', 'fewer']) await journey.ask({ method: 'DELETE', path: `${path}/endpoint/${name}` })
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    expect((await journey.get(path)).endpointGroupNames).toEqual(['psc'])
    await journey.pass(60_000)
    for (const { id } of await open.store.read.selectFrom('private_endpoint').select('id').execute())
      journey.parts.woken.push({ kind: 'privateEndpoint', id })
    await journey.settle()
    expect(await journey.get(`${path}/endpoint/psc`)).toMatchObject({ status: 'AVAILABLE', errorMessage: null })
    const rules = await journey.get(`${local}/gcp/forwardingRules`)
    expect(new Set(rules.results.map((rule: View) => rule.pscConnectionStatus))).toEqual(new Set(['ACCEPTED']))
  })

  test('one rule that was deleted later: FAILED, naming it', async () => {
    const { journey, path, group } = await making(attachments)
    await post(journey, `${path}/endpoint`, group)
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    const gone = await journey.ask({
      method: 'DELETE',
      path: `${local}/gcp/forwardingRules/my-project/us-east4/psc-2`,
    })
    expect(gone.status).toBe(204)
    await journey.settle()
    const failed = await journey.get(`${path}/endpoint/psc`)
    expect(failed.status).toBe('FAILED')
    expect(failed.errorMessage).toContain('3 of 4 forwarding rules exist: psc-2')
    expect((await journey.edge('edge-1').fetch('gateway')).body.endpoints).toEqual([])
  })

  test('more rules than attachments are refused where they are made', async () => {
    const { journey, service } = await making(1)
    const answer = await journey.ask({
      method: 'POST',
      path: `${local}/gcp/forwardingRules`,
      body: { name: 'more', target: service.serviceAttachmentNames[0], count: attachments + 1 },
    })
    expect([answer.status, (answer.body as View).errorCode]).toEqual([400, 'INVALID_ATTRIBUTE'])
  })
})

describe('unknown endpoints that are taken in', () => {
  test('AWS: a well-formed id becomes AVAILABLE though nobody made it here', async () => {
    const journey = await begin({ settings: { unknownEndpoints: 'accept' } })
    const service = await journey.newService({ providerName: 'AWS' })
    const path = journey.servicePath('AWS', service.id)
    await post(journey, `${path}/endpoint`, { id: 'vpce-22222222222222222' })
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    expect(await journey.get(`${path}/endpoint/vpce-22222222222222222`)).toMatchObject({
      connectionStatus: 'AVAILABLE',
    })
    expect((await journey.get(`${local}/aws/vpcEndpoints`)).results).toEqual([
      expect.objectContaining({ vpcEndpointId: 'vpce-22222222222222222', state: 'available' }),
    ])
  })
})

describe('blocks of ports instead of own addresses', () => {
  test('two endpoints have two blocks on both loopback addresses, and hello says the block’s ports', async () => {
    const journey = await begin({ settings: { ownAddresses: false, localPorts: { from: 21_000, to: 21_199 } } })
    const service = await journey.newService({ providerName: 'AWS' })
    const path = journey.servicePath('AWS', service.id)
    const [member] = await journey.newCluster('Cluster0', 1)
    for (const firstPort of [21_000, 21_050]) {
      const made = await post(journey, `${local}/aws/vpcEndpoints`, { serviceName: service.endpointServiceName })
      expect(made.listen).toEqual({ hosts: ['127.0.0.1', '::1'], firstPort, portCount: 50 })
      await post(journey, `${path}/endpoint`, { id: made.vpcEndpointId })
      await journey.settle()
    }
    const gateway = await journey.edge('edge-1').fetch('gateway')
    expect(gateway.body.endpoints.map(({ advertised }) => advertised[member ?? '']?.port).toSorted()).toEqual([
      21_000, 21_050,
    ])
    const forwarder = await journey.edge('edge-1').fetch('forwarder')
    expect(forwarder.body.listeners.map(({ hosts, port }) => [hosts, port])).toEqual(
      expect.arrayContaining([
        [['127.0.0.1', '::1'], 21_000],
        [['127.0.0.1', '::1'], 21_050],
      ]),
    )
  })
})
