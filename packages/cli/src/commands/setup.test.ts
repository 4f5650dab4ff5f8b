import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Answers, type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, runTrial, type TrialParts } from '../trial/run-trial.ts'

// `setup`: what it asks, what it makes of flags, and that it makes everything before it prints. The whole against a real
// server is a journey of its own.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const id = '5f4fe14da2b47835a58c63a2'
const vpce = 'vpce-00713b5e644e830a3'
const atlas = `/api/atlas/v2/groups/${groupId}`
const own = `/api/postern/v1/groups/${groupId}/privateEndpoint`
const serviceName = 'com.amazonaws.vpce.us-east-1.vpce-svc-0705499aa25a2b1f5'
const service = { id, cloudProvider: 'AWS', status: 'AVAILABLE', endpointServiceName: serviceName }
const uri = 'mongodb://127.0.0.1:1024/?replicaSet=x'
const answersFor = (clusterName: string): Answers => ({
  [`POST ${atlas}/clusters`]: { status: 201, body: { name: clusterName } },
  [`POST ${atlas}/databaseUsers`]: { status: 201, body: {} },
  [`POST ${atlas}/accessList`]: { status: 201, body: {} },
  [`POST ${own}/endpointService:ensure`]: { body: { ...service, status: 'INITIATING' } },
  [`GET ${atlas}/privateEndpoint/AWS/endpointService/${id}`]: [
    { body: { ...service, status: 'INITIATING' } },
    { body: service },
  ],
  'POST /api/postern/v1/local/aws/vpcEndpoints': { status: 201, body: { vpcEndpointId: vpce } },
  [`POST ${atlas}/privateEndpoint/AWS/endpointService/${id}/endpoint`]: { status: 201, body: {} },
  [`GET ${own}/AWS/endpointService/${id}/endpoint/${vpce}`]: { body: { status: 'AVAILABLE' } },
  [`GET ${atlas}/clusters/${clusterName}`]: [
    { body: { stateName: 'CREATING' } },
    {
      body: {
        stateName: 'IDLE',
        clusterType: 'REPLICASET',
        connectionStrings: { privateEndpoint: [{ connectionString: uri, endpoints: [{ endpointId: vpce }] }] },
      },
    },
  ],
})
const run = (line: string, parts: TrialParts = {}) => {
  server.requests.length = 0
  return runTrial(line.split(' '), { url: server.url, ...parts })
}
const sentTo = (path: string) => server.requests.find(({ method, target }) => `${method} ${target}` === path)?.body
const wrote = () => server.requests.filter(({ method }) => method !== 'GET').map(({ target }) => target)

describe('setup', () => {
  test('makes everything, waits for it, and prints how to connect', async () => {
    server.answers = answersFor('Shop')
    const { code, stdout } = await run('setup --clusterName Shop --username shop --force', { stdin: 'a password\n' })
    expect(code).toBe(0)
    expect(stdout).toBe(
      [
        'Cluster            Shop',
        'Provider           AWS',
        'Region             US_EAST_1',
        `Endpoint service   ${id}`,
        `Private endpoint   ${vpce}`,
        'Database user      shop',
        `Connection string  ${uri}`,
        '',
      ].join('\n'),
    )
    expect(sentTo(`POST ${atlas}/databaseUsers`)).toEqual({
      username: 'shop',
      password: 'a password',
      databaseName: 'admin',
      roles: [{ roleName: 'atlasAdmin', databaseName: 'admin' }],
    })
    expect(sentTo('POST /api/postern/v1/local/aws/vpcEndpoints')).toEqual({ serviceName })
    expect(sentTo(`POST ${atlas}/privateEndpoint/AWS/endpointService/${id}/endpoint`)).toEqual({ id: vpce })
    expect(wrote()).not.toContain(`${atlas}/accessList`)
  })

  test('without a password one is made up, long enough, and told once', async () => {
    server.answers = answersFor('Shop')
    const { stdout } = await run('setup --clusterName Shop --force -o json')
    const made = JSON.parse(stdout)
    expect(made.password).toMatch(/^[\w-]{20}$/)
    expect(sentTo(`POST ${atlas}/databaseUsers`)).toMatchObject({ username: made.username, password: made.password })
  })

  test('flags of the Atlas CLI reach the bodies', async () => {
    server.answers = answersFor('Shop')
    const flags =
      '--provider aws --region eu-west-1 --tier m30 --mdbVersion 8.0 --tag env=test --accessListIp 192.0.2.7'
    await run(`setup --clusterName Shop ${flags} --enableTerminationProtection --skipMongosh --force`)
    expect(sentTo(`POST ${atlas}/clusters`)).toMatchObject({
      name: 'Shop',
      mongoDBMajorVersion: '8.0',
      tags: [{ key: 'env', value: 'test' }],
      terminationProtectionEnabled: true,
      replicationSpecs: [
        {
          regionConfigs: [
            { providerName: 'AWS', regionName: 'EU_WEST_1', electableSpecs: { instanceSize: 'M30', nodeCount: 3 } },
          ],
        },
      ],
    })
    expect(sentTo(`POST ${own}/endpointService:ensure`)).toEqual({ providerName: 'AWS', region: 'EU_WEST_1' })
    expect(sentTo(`POST ${atlas}/accessList`)).toEqual([{ ipAddress: '192.0.2.7' }])
  })

  test('of a sharded cluster the string for drivers in load balanced mode is told too', async () => {
    const spread = 'mongodb://127.0.0.1:1030/?loadBalanced=true'
    const answers = answersFor('Shop')
    const [, made] = answers[`GET ${atlas}/clusters/Shop`] as { readonly body: object }[]
    const loadBalanced = { standard: spread, srv: 'mongodb+srv://shop-pl-0-lb.x.test' }
    server.answers = {
      ...answers,
      [`GET ${atlas}/clusters/Shop`]: { body: { ...made?.body, clusterType: 'SHARDED' } },
      [`GET /api/postern/v1/groups/${groupId}/clusters/Shop/connectionStrings`]: {
        body: { endpoints: [{ endpointId: vpce, form: 'address', loadBalanced }] },
      },
    }
    const { stdout } = await run('setup --clusterName Shop --type sharded --force')
    expect(sentTo(`POST ${atlas}/clusters`)).toMatchObject({ clusterType: 'SHARDED' })
    expect(stdout).toContain(`Connection string  ${uri}\nLoad balanced      ${spread}\n`)
  })

  test('a person may choose for themselves, and is not asked what a flag has said', async () => {
    server.answers = answersFor('Shop')
    const { code, asked } = await run('setup --username shop', {
      terminal: ['manual', 'Shop', 'AWS', 'us-east-1'],
    })
    expect(code).toBe(0)
    expect(asked).toEqual([
      expect.stringMatching(
        /^How do you want to set up Cluster\d{5} at AWS in US_EAST_1 with the database user shop\?$/,
      ),
      'Name of the cluster:',
      'Cloud provider:',
      'Region (such as US_EAST_1):',
    ])
  })

  test('or decide that nothing is made', async () => {
    expect(await run('setup', { terminal: ['exit'] })).toMatchObject({ code: 0, stdout: '' })
    expect(server.requests).toEqual([])
  })

  test.each([
    ['setup', /use --force, which takes the defaults/],
    ['setup --force --provider IBM', /invalid provider "IBM"; accepted values: AWS, AZURE, GCP/],
    ['setup --force --region mars', /AWS has no region "mars"/],
    ['setup --force --type GEOSHARDED', /invalid type "GEOSHARDED"; accepted values: REPLICASET, SHARDED/],
    ['setup --force --currentIp --accessListIp 192.0.2.7', /none of the others can be/],
    ['setup --force --connectWith compass', /accepted values: mongosh, skip/],
    ['setup --force --connectWith mongosh', /wants a terminal/],
    ['setup --force --timeout 0', /--timeout must be 1 or more/],
    ['setup extra --force', /accepts no arguments/],
  ])('%s: refused before anything is asked of the server', async (line, error) => {
    const { code, stdout, stderr } = await run(line)
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toMatch(error)
    expect(server.requests).toEqual([])
  })

  test('an endpoint that is refused ends it with the reason and exit code 1', async () => {
    server.answers = {
      ...answersFor('Shop'),
      [`GET ${own}/AWS/endpointService/${id}/endpoint/${vpce}`]: { body: { status: 'REJECTED', errorMessage: 'No.' } },
    }
    const { code, stdout, stderr } = await run('setup --clusterName Shop --force')
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(`interface endpoint ${vpce} is REJECTED: No.`)
  })
})
