import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { createJourney, type Journey, type View } from '../private-endpoint/testing.ts'

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

const local = '/api/postern/v1/local'
const post = (path: string, body: unknown) => journey.ask({ method: 'POST', path: `${local}/${path}`, body })
const paths = { AWS: 'aws/vpcEndpoints', AZURE: 'azure/privateEndpoints', GCP: 'gcp/forwardingRules' } as const

describe('what an endpoint is made for must be there', () => {
  test.each([
    { path: paths.AWS, body: { serviceName: 'com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0' } },
    { path: paths.AZURE, body: { name: 'pe', privateLinkServiceId: 'pls_0' } },
    { path: paths.GCP, body: { name: 'psc', target: 'projects/p/regions/r/serviceAttachments/s' } },
  ])('$path: 404 that says where the name is found', async ({ path, body }) => {
    const answer = await post(path, body)
    expect([answer.status, (answer.body as View).errorCode]).toEqual([404, 'POSTERN_LOCAL_TARGET_NOT_FOUND'])
    expect((answer.body as View).detail).toContain('once it is AVAILABLE')
  })

  test('a service that its cloud is still making is no target', async () => {
    journey = await createJourney(open.store, { settings: { localProvisionMs: 300 } })
    await journey.newService({ providerName: 'AWS' })
    const row = await open.store.read.selectFrom('local_service').select('names').executeTakeFirstOrThrow()
    const { endpointServiceName } = row.names as { readonly endpointServiceName: string }
    expect((await post(paths.AWS, { serviceName: endpointServiceName })).status).toBe(404)
    await journey.pass(300)
    expect((await post(paths.AWS, { serviceName: endpointServiceName })).status).toBe(201)
  })
})

describe('AWS', () => {
  test('made, listed and deleted', async () => {
    const service = await journey.newService({ providerName: 'AWS' })
    const body = {
      serviceName: service.endpointServiceName,
      vpcId: 'vpc-0a1b2c3d',
      subnetIds: ['subnet-0a1b2c3d'],
      tags: { Name: 'app' },
    }
    const made = await post(paths.AWS, body)
    expect([made.status, made.body]).toEqual([
      201,
      {
        vpcEndpointId: expect.stringMatching(/^vpce-[0-9a-f]{17}$/),
        vpcEndpointType: 'Interface',
        vpcId: 'vpc-0a1b2c3d',
        serviceName: service.endpointServiceName,
        state: 'pendingAcceptance',
        region: 'us-east-1',
        subnetIds: ['subnet-0a1b2c3d'],
        dnsEntries: [
          { dnsName: expect.stringMatching(/^vpce-.*\.vpce-svc-[0-9a-f]{17}\.us-east-1\.vpce\.amazonaws\.com$/) },
        ],
        tags: { Name: 'app' },
        creationTimestamp: expect.any(String),
        form: 'address',
        listen: { hosts: [expect.stringMatching(/^127\./)], firstPort: 1024, portCount: 64_512 },
      },
    ])
    expect(await journey.get(`${local}/${paths.AWS}`)).toEqual({ results: [made.body], totalCount: 1 })
    const path = `${local}/${paths.AWS}/${(made.body as View).vpcEndpointId}`
    expect((await journey.ask({ method: 'DELETE', path })).status).toBe(204)
    const again = await journey.ask({ method: 'DELETE', path })
    expect([again.status, (again.body as View).errorCode]).toEqual([404, 'POSTERN_LOCAL_ENDPOINT_NOT_FOUND'])
  })

  test('twelve at once get twelve addresses', async () => {
    const { endpointServiceName: serviceName } = await journey.newService({ providerName: 'AWS' })
    const made = await Promise.all(Array.from({ length: 12 }, () => post(paths.AWS, { serviceName })))
    expect(made.map(({ status }) => status)).toEqual(Array.from({ length: 12 }, () => 201))
    expect(new Set(made.map(({ body }) => (body as View).listen.hosts[0])).size).toBe(12)
  })

  test('an address that was freed is not the next to be given, so that an old string leads nowhere', async () => {
    const { endpointServiceName: serviceName } = await journey.newService({ providerName: 'AWS' })
    const given = new Set<string>()
    for (const round of [1, 2, 3]) {
      const made = (await post(paths.AWS, { serviceName })).body as View
      given.add(made.listen.hosts[0])
      expect(given.size).toBe(round)
      await journey.ask({ method: 'DELETE', path: `${local}/${paths.AWS}/${made.vpcEndpointId}` })
    }
  })

  test('addresses that other programs have are passed over', async () => {
    const refused: string[] = []
    const probe = async (host: string) => {
      if (refused.length === 2) return 'free' as const
      refused.push(host)
      return 'taken' as const
    }
    journey = await createJourney(open.store, { probe })
    const { endpointServiceName: serviceName } = await journey.newService({ providerName: 'AWS' })
    const made = (await post(paths.AWS, { serviceName })).body as View
    expect(refused).toHaveLength(2)
    expect(refused).not.toContain(made.listen.hosts[0])
  })

  test('with a host to advertise, that is where it is dialled', async () => {
    journey = await createJourney(open.store, { settings: { bind: '0.0.0.0', advertise: 'host.containers.internal' } })
    const { endpointServiceName: serviceName } = await journey.newService({ providerName: 'AWS' })
    const made = (await post(paths.AWS, { serviceName })).body as View
    expect(made.listen).toEqual({ hosts: ['host.containers.internal'], firstPort: 20_000, portCount: 50 })
  })
})

describe('Azure', () => {
  test('names are unique within a resource group, without case', async () => {
    const service = await journey.newService({ providerName: 'AZURE' })
    const body = { name: 'pe', resourceGroupName: 'rg', privateLinkServiceId: service.privateLinkServiceResourceId }
    const made = await post(paths.AZURE, body)
    expect([made.status, made.body]).toMatchObject([
      201,
      { name: 'pe', location: 'eastus2', connectionState: 'Pending' },
    ])
    const again = await post(paths.AZURE, { ...body, name: 'PE' })
    expect([again.status, (again.body as View).errorCode]).toEqual([409, 'POSTERN_LOCAL_ENDPOINT_ALREADY_EXISTS'])
    const path = `${local}/${paths.AZURE}/${encodeURIComponent((made.body as View).id)}`
    expect((await journey.ask({ method: 'DELETE', path })).status).toBe(204)
    expect((await journey.get(`${local}/${paths.AZURE}`)).totalCount).toBe(0)
  })

  test('the service’s short name is a target too', async () => {
    const service = await journey.newService({ providerName: 'AZURE' })
    const made = await post(paths.AZURE, { name: 'pe', privateLinkServiceId: service.privateLinkServiceName })
    expect((made.body as View).privateLinkServiceId).toBe(service.privateLinkServiceResourceId)
  })
})

describe('Google Cloud', () => {
  test('a rule that exists makes none of several', async () => {
    const service = await journey.newService({ providerName: 'GCP' })
    const target = service.serviceAttachmentNames[0]
    expect((await post(paths.GCP, { name: 'psc-1', target })).status).toBe(201)
    const answer = await post(paths.GCP, { name: 'psc', target, count: 3 })
    expect(answer.status).toBe(409)
    expect((await journey.get(`${local}/${paths.GCP}`)).totalCount).toBe(1)
  })

  test('rules made together are listed in the order of their numbers', async () => {
    const service = await journey.newService({ providerName: 'GCP' })
    const target = service.serviceAttachmentNames[0]
    expect((await post(paths.GCP, { name: 'psc', target, count: 12 })).status).toBe(201)
    const { results } = await journey.get(`${local}/${paths.GCP}`)
    expect(results.map(({ name }: View) => name)).toEqual(Array.from({ length: 12 }, (_, rule) => `psc-${rule}`))
  })

  test('a rule must be in its attachment’s region', async () => {
    const service = await journey.newService({ providerName: 'GCP', region: 'us-east4' })
    const answer = await post(paths.GCP, { name: 'psc', target: service.serviceAttachmentNames[0], region: 'us-west1' })
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining('us-east4')])
  })
})

describe('how an endpoint is told to clients', () => {
  test.each([
    { says: 'by address unless asked', form: undefined, told: 'address' },
    { says: 'by name', form: 'name', told: 'name' },
  ])('$says, in every cloud', async ({ form, told }) => {
    const aws = await journey.newService({ providerName: 'AWS' })
    const azure = await journey.newService({ providerName: 'AZURE' })
    const gcp = await journey.newService({ providerName: 'GCP' })
    const made = [
      (await post(paths.AWS, { serviceName: aws.endpointServiceName, form })).body as View,
      (await post(paths.AZURE, { name: 'pe', privateLinkServiceId: azure.privateLinkServiceName, form })).body as View,
      ((await post(paths.GCP, { name: 'psc', target: gcp.serviceAttachmentNames[0], form })).body as View)
        .forwardingRules[0],
    ]
    expect(made.map((view) => view.form)).toEqual([told, told, told])
    expect((await journey.get(`${local}/${paths.AWS}`)).results[0].form).toBe(told)
  })

  test('there is no third form', async () => {
    const { endpointServiceName: serviceName } = await journey.newService({ providerName: 'AWS' })
    expect((await post(paths.AWS, { serviceName, form: 'both' })).status).toBe(400)
    expect((await journey.get(`${local}/${paths.AWS}`)).totalCount).toBe(0)
  })
})

test('who is not known has no local cloud', async () => {
  for (const path of Object.values(paths)) {
    expect((await journey.ask({ method: 'GET', path: `${local}/${path}`, as: null })).status).toBe(401)
  }
})
