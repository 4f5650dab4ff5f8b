// The commands for the consumer's side over the real handlers: what may be asked, and that nothing else gets in.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createTestStore, type TestStore } from '../../store/testing.ts'
import { createJourney, type Journey, type View } from '../private-endpoint/testing.ts'

let open: TestStore
let journey: Journey
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(async () => {
  journey = await createJourney(open.store)
})

const setup = (provider: string, id: string, query = '') =>
  journey.ask({
    method: 'GET',
    path: `/api/postern/v1/groups/${journey.groupId}/privateEndpoint/${provider}/endpointService/${id}/setup${query}`,
  })
const tools = (body: View): readonly string[] => body.results.map(({ tool }: View) => tool)

test.each([
  { provider: 'AWS', body: {}, expected: ['aws', 'terraform', 'local'] },
  { provider: 'AZURE', body: { region: 'westeurope' }, expected: ['az', 'terraform', 'local'] },
  { provider: 'GCP', body: { region: 'europe-west1' }, expected: ['gcloud', 'terraform', 'local'] },
] as const)(
  '$provider is set up with $expected, one of them where one is asked for',
  async ({ provider, body, expected }) => {
    const { id } = await journey.newService({ providerName: provider, ...body })
    const all = await setup(provider, id)
    expect(all).toMatchObject({
      status: 200,
      body: { cloudProvider: provider, endpointServiceId: id, status: 'AVAILABLE' },
    })
    expect(tools(all.body as View)).toEqual(expected)
    const [first, second] = expected
    expect(tools((await setup(provider, id, `?tool=${second}&tool=${first}`)).body as View)).toEqual([first, second])
  },
)

test('the legacy form of Google Cloud names every attachment', async () => {
  const service = await journey.newService({ providerName: 'GCP', region: 'europe-west1' })
  const { body } = await setup('GCP', service.id, '?tool=gcloud')
  const [{ create }] = (body as View).results
  expect(service.serviceAttachmentNames).toHaveLength(50)
  for (const name of service.serviceAttachmentNames) expect(create).toContain(`  ${name}`)
})

test('before the cloud has given a name there is no command, and the status says why', async () => {
  const made = await journey.ask({
    method: 'POST',
    path: `${journey.groupPath}/endpointService`,
    body: { providerName: 'AWS', region: 'us-east-1' },
  })
  const { body } = await setup('AWS', (made.body as View).id)
  expect(body).toMatchObject({ results: [], status: 'INITIATING' })
})

describe('what is filled in', () => {
  test('stands in the commands, and regions in the cloud’s own spelling', async () => {
    const { id } = await journey.newService({ providerName: 'AWS', supportedRemoteRegions: ['EU_WEST_1'] })
    const query = '?tool=aws&vpcId=vpc-0123456789abcdef0&subnetIds=subnet-0123456789abcdef0&consumerRegion=EU_WEST_1'
    const [{ create, placeholders }] = ((await setup('AWS', id, query)).body as View).results
    expect(create).toContain('--region eu-west-1 ')
    expect(create).toContain('--service-region us-east-1 ')
    expect(create).toContain('--vpc-id vpc-0123456789abcdef0 ')
    expect(placeholders.map(({ parameter }: View) => parameter)).toEqual(['securityGroupIds', null])
  })

  test.each([
    {
      says: 'another cloud’s tool',
      query: 'tool=az',
      code: 'POSTERN_SETUP_TOOL_UNSUPPORTED',
      names: 'aws, terraform, local',
    },
    { says: 'no tool at all', query: 'tool=pulumi', code: 'QUERY_PARAM_PARSE_ERROR', names: 'tool' },
    { says: 'what a shell would run', query: 'vpcId=%24(id)', code: 'QUERY_PARAM_PARSE_ERROR', names: 'vpcId' },
    {
      says: 'what would be an option',
      query: 'subnetIds=--debug',
      code: 'QUERY_PARAM_PARSE_ERROR',
      names: 'subnetIds',
    },
    {
      says: 'a parameter of another cloud',
      query: 'resourceGroup=shop',
      code: 'QUERY_PARAM_PARSE_ERROR',
      names: 'resourceGroup',
    },
    {
      says: 'a value without an end',
      query: `vpcId=${'v'.repeat(300)}`,
      code: 'QUERY_PARAM_PARSE_ERROR',
      names: 'vpcId',
    },
    { says: 'no region', query: 'consumerRegion=mars', code: 'QUERY_PARAM_PARSE_ERROR', names: 'consumerRegion' },
    {
      says: 'a region that the service takes no endpoint from',
      query: 'consumerRegion=sa-east-1',
      code: 'POSTERN_CONSUMER_REGION_NOT_ACCEPTED',
      names: 'SA_EAST_1',
    },
  ])('$says: 400 $code', async ({ query, code, names }) => {
    const { id } = await journey.newService({ providerName: 'AWS' })
    const answer = await setup('AWS', id, `?${query}`)
    expect([answer.status, (answer.body as View).errorCode]).toEqual([400, code])
    expect(answer.text).toContain(names)
  })
})

test('another group’s service is not found', async () => {
  const { id } = await journey.newService({ providerName: 'AWS' })
  journey = await createJourney(open.store)
  expect((await setup('AWS', id)).status).toBe(404)
})
