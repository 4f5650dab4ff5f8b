import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { createJourney, type Journey, type JourneyOptions, type View } from './testing.ts'

let open: TestStore
let journey: Journey
let service: View
let path: string
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(() => begin())

const begin = async (options: JourneyOptions = {}): Promise<void> => {
  await clearStore(open.store)
  journey = await createJourney(open.store, options)
  service = await journey.newService({ providerName: 'AWS' })
  path = journey.servicePath('AWS', service.id)
}

const attach = (id: string, at = path) => journey.ask({ method: 'POST', path: `${at}/endpoint`, body: { id } })
const remove = (id: string) => journey.ask({ method: 'DELETE', path: `${path}/endpoint/${id}` })
const vpcEndpoint = async (over: object = {}): Promise<string> => {
  const body = { serviceName: service.endpointServiceName, ...over }
  const made = await journey.ask({ method: 'POST', path: '/api/postern/v1/local/aws/vpcEndpoints', body })
  expect(made.status).toBe(201)
  return (made.body as View).vpcEndpointId
}
const endpoint = (id: string): Promise<View> => journey.get(`${path}/endpoint/${id}`)
/** Made, attached, and AVAILABLE at this edge. */
const working = async (edge = 'edge-1'): Promise<string> => {
  const id = await vpcEndpoint()
  await attach(id)
  await journey.settle()
  await journey.edge(edge).takeOver()
  expect((await endpoint(id)).connectionStatus).toBe('AVAILABLE')
  return id
}
const dummy = 'vpce-11111111111111111'

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

describe('what its cloud does not know, or will not have, ends REJECTED with a sentence', () => {
  test('one that nobody made; final, also when it appears later', async () => {
    await attach(dummy)
    await journey.settle()
    const rejected = await endpoint(dummy)
    expect(rejected).toMatchObject({ connectionStatus: 'REJECTED', deleteRequested: false })
    expect(rejected.errorMessage).toContain(`The VPC endpoint ${dummy} does not exist`)
    await open.store.transact((tx) =>
      tx
        .insertInto('local_endpoint')
        .values({
          id: 'a',
          provider: 'AWS',
          cloud_id: dummy,
          region: 'US_EAST_1',
          target: service.endpointServiceName,
          link_id: dummy,
          hosts: '["127.64.0.1"]',
          first_port: 1024,
          port_count: 50,
          form: 'address',
          state: 'pending',
          properties: '{"address":null}',
          created: new Date(),
        })
        .execute(),
    )
    const row = await open.store.read.selectFrom('private_endpoint').select('id').executeTakeFirstOrThrow()
    journey.parts.woken.push({ kind: 'privateEndpoint', id: row.id })
    await journey.settle()
    expect(await endpoint(dummy)).toEqual(rejected)
  })

  test('one that was made for another service; its owner’s own attachment is not disturbed', async () => {
    const id = await working()
    const other = await journey.newService({ providerName: 'AWS', region: 'eu-west-1' })
    const at = journey.servicePath('AWS', other.id)
    expect((await attach(id, at)).status).toBe(201)
    await journey.settle()
    const rejected = await journey.get(`${at}/endpoint/${id}`)
    expect(rejected.connectionStatus).toBe('REJECTED')
    expect(rejected.errorMessage).toContain(`was made for ${service.endpointServiceName}`)
    expect((await endpoint(id)).connectionStatus).toBe('AVAILABLE')
  })

  test('one that is named fail-accept: the failure that anybody can look at', async () => {
    const id = await vpcEndpoint({ tags: { Name: 'fail-accept' } })
    await attach(id)
    await journey.settle()
    expect(await endpoint(id)).toMatchObject({
      connectionStatus: 'REJECTED',
      errorMessage: expect.stringContaining('fail-accept'),
    })
  })

  test('one that worked and was deleted in its cloud: REJECTED, and out of the gateway', async () => {
    const id = await working()
    const gone = await journey.ask({ method: 'DELETE', path: `/api/postern/v1/local/aws/vpcEndpoints/${id}` })
    expect(gone.status).toBe(204)
    await journey.settle()
    expect(await endpoint(id)).toMatchObject({
      connectionStatus: 'REJECTED',
      errorMessage: expect.stringContaining('was deleted in its cloud'),
    })
    const edge = journey.edge('edge-1')
    expect((await edge.fetch('gateway')).body.endpoints).toEqual([])
    expect((await edge.fetch('forwarder')).body.listeners).toEqual([])
  })

  test('deleted and added again, a wrong one is corrected, and the service stays', async () => {
    await attach(dummy)
    await journey.settle()
    await remove(dummy)
    await journey.settle()
    expect((await journey.ask({ method: 'GET', path: `${path}/endpoint/${dummy}` })).status).toBe(404)
    expect((await journey.get(path)).status).toBe('AVAILABLE')
    await working()
  })
})

describe('AVAILABLE only when every live edge serves it', () => {
  test('while the cloud takes its time it is PENDING_ACCEPTANCE', async () => {
    await begin({ settings: { localProvisionMs: 300 } })
    await journey.pass(300)
    service = await journey.get(path)
    expect(service.status).toBe('AVAILABLE')
    const id = await vpcEndpoint()
    await attach(id)
    await journey.settle()
    expect((await endpoint(id)).connectionStatus).toBe('PENDING_ACCEPTANCE')
    expect((await journey.get('/api/postern/v1/local/aws/vpcEndpoints')).results[0].state).toBe('pending')
    await journey.pass(300)
    expect((await endpoint(id)).connectionStatus).toBe('PENDING')
    expect((await journey.get('/api/postern/v1/local/aws/vpcEndpoints')).results[0].state).toBe('available')
  })

  test('two edges: both must have it', async () => {
    await journey.edge('edge-2').takeOver()
    const id = await vpcEndpoint()
    await attach(id)
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    expect((await endpoint(id)).connectionStatus).toBe('PENDING')
    await journey.edge('edge-2').takeOver()
    expect((await endpoint(id)).connectionStatus).toBe('AVAILABLE')
  })

  test('a listener that cannot be bound is told in errorMessage; bound later, all is well', async () => {
    await journey.newCluster('Cluster0', 1)
    const id = await vpcEndpoint()
    await attach(id)
    await journey.settle()
    await journey.edge('edge-1').takeOver({ [`${id}:0`]: 'port 1024 of 127.64.0.1 is in use' })
    expect(await endpoint(id)).toMatchObject({
      connectionStatus: 'PENDING',
      errorMessage: expect.stringContaining('port 1024 of 127.64.0.1 is in use'),
    })
    await journey.edge('edge-1').takeOver()
    expect(await endpoint(id)).toMatchObject({ connectionStatus: 'AVAILABLE', errorMessage: null })
  })

  test('one that stands and whose listener is lost says so, stays AVAILABLE, and takes it back when it is served', async () => {
    await journey.newCluster('Cluster0', 1)
    const [id, other] = [await working(), await working()]
    const [port] = (await journey.edge('edge-1').fetch('gateway')).body.listeners.map(({ gatewayPort }) => gatewayPort)
    for (const [listener, both] of [
      [`${id}:0`, false],
      [String(port), true],
    ] as const) {
      await journey.edge('edge-1').takeOver({ [listener]: 'it is in use by another program' })
      const told = { connectionStatus: 'AVAILABLE', errorMessage: expect.stringContaining('in use by another program') }
      expect(await endpoint(id)).toMatchObject(told)
      expect((await endpoint(other)).errorMessage !== null).toBe(both)
      await journey.edge('edge-1').takeOver()
      expect(await endpoint(id)).toMatchObject({ connectionStatus: 'AVAILABLE', errorMessage: null })
      expect(await endpoint(other)).toMatchObject({ connectionStatus: 'AVAILABLE', errorMessage: null })
    }
  })

  test('names are counted up per group and never used again', async () => {
    const names = async () =>
      (await journey.edge('edge-1').fetch('gateway')).body.endpoints.flatMap(({ names: all }) => all)
    const first = await working()
    await working()
    expect((await names()).map((name) => name.split('.')[0]).toSorted()).toEqual(['pl-0-us-east-1', 'pl-1-us-east-1'])
    await remove(first)
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    await working()
    expect((await names()).map((name) => name.split('.')[0]).toSorted()).toEqual(['pl-1-us-east-1', 'pl-2-us-east-1'])
  })
})

describe('deleting an endpoint', () => {
  test('an edge that is silent is named, and holds it up until it is removed', async () => {
    await journey.edge('edge-2').takeOver()
    const id = await vpcEndpoint()
    await attach(id)
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    await journey.edge('edge-2').takeOver()
    await remove(id)
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    expect(await endpoint(id)).toMatchObject({ connectionStatus: 'DELETING', errorMessage: null })
    await journey.pass(61_000)
    const waiting = await endpoint(id)
    expect(waiting.connectionStatus).toBe('DELETING')
    expect(waiting.errorMessage).toContain('Edge edge-2 may still serve this endpoint')

    const edges = await journey.get('/api/postern/v1/edges')
    expect(edges.results.map(({ edge, state }: View) => [edge, state])).toContainEqual(['edge-2', 'SILENT'])
    const removed = await journey.ask({ method: 'DELETE', path: '/api/postern/v1/edges/edge-2' })
    expect(removed.status).toBe(204)
    await journey.settle()
    expect((await journey.ask({ method: 'GET', path: `${path}/endpoint/${id}` })).status).toBe(404)
    expect((await journey.ask({ method: 'DELETE', path: '/api/postern/v1/edges/edge-2' })).status).toBe(404)
  })

  test('with nobody to serve it, it is gone at once; asked twice, it is 202 or 404', async () => {
    const id = await vpcEndpoint()
    await attach(id)
    await journey.settle()
    expect([(await remove(id)).status, (await remove(id)).status]).toEqual([202, 202])
    await journey.settle()
    expect((await remove(id)).status).toBe(404)
  })

  test('its service may be deleted with it: both go, in order', async () => {
    const id = await working()
    await remove(id)
    expect((await journey.ask({ method: 'DELETE', path })).status).toBe(202)
    await journey.settle()
    expect((await journey.get(path)).status).toBe('DELETING')
    await journey.edge('edge-1').takeOver()
    expect((await journey.ask({ method: 'GET', path })).status).toBe(404)
  })

  test('attached and its service deleted at once: one of the two is refused, whichever came second', async () => {
    const answers = await Promise.all([
      attach(dummy),
      journey.ask({ method: 'DELETE', path }),
      attach('vpce-22222222222222222'),
    ])
    const [first, deleted, second] = answers.map(({ status }) => status)
    if (deleted === 202) expect([first, second]).toEqual([409, 409])
    else expect([deleted, [first, second].includes(201)]).toEqual([409, true])
  })

  test('the last of two takes the service, the first does not', async () => {
    const [one, two] = [await working(), await working()]
    for (const [id, status] of [
      [one, 200],
      [two, 404],
    ] as const) {
      await remove(id)
      await journey.settle()
      await journey.edge('edge-1').takeOver()
      expect((await journey.ask({ method: 'GET', path })).status).toBe(status)
    }
  })

  test('by the setting, the service stays', async () => {
    await begin({ settings: { lastEndpointTakesService: false } })
    const id = await working()
    await remove(id)
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    expect((await journey.get(path)).status).toBe('AVAILABLE')
  })

  test('every change left its event', async () => {
    const id = await working()
    await remove(id)
    await journey.settle()
    await journey.edge('edge-1').takeOver()
    const rows = await open.store.read.selectFrom('event').select(['type', 'actor_kind']).orderBy('id').execute()
    const told = rows.map(({ type, actor_kind }) => `${type} ${actor_kind}`).filter((text) => /ENDPOINT/.test(text))
    expect(told.toSorted()).toEqual([
      'ENDPOINT_SERVICE_AVAILABLE SYSTEM',
      'ENDPOINT_SERVICE_CREATED SERVICE_ACCOUNT',
      'ENDPOINT_SERVICE_DELETED SYSTEM',
      'INTERFACE_ENDPOINT_AVAILABLE SYSTEM',
      'INTERFACE_ENDPOINT_CREATED SERVICE_ACCOUNT',
      'INTERFACE_ENDPOINT_DELETED SERVICE_ACCOUNT',
    ])
  })
})
