import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { awsService, azureId, azureService, gcpService, service, vpce } from '../trial/endpoint-services.ts'
import { type Answers, type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, orgId, runTrial, type TrialParts } from '../trial/run-trial.ts'

// `diff` and `apply` as typed: what they ask of the server, what they send, when they ask a person. Whole journeys against
// the real server are in packages/postern/journeys/apply.test.ts.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const all = '?pageNum=1&itemsPerPage=500&includeCount=true'
const group = `/api/atlas/v2/groups/${groupId}`
const own = `/api/postern/v1/groups/${groupId}/privateEndpoint`
const page = (...results: readonly unknown[]) => ({ body: { links: [], results, totalCount: results.length } })
const shop = { [`GET /api/atlas/v2/orgs/${orgId}/groups${all}`]: page({ id: groupId, name: 'Shop', orgId }) }
const details = { createDate: '', description: '', labels: {}, undoUntil: null, endpointIds: [], status: 'AVAILABLE' }

interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  readonly asked: readonly string[]
  /** Everything but looks. */
  readonly sent: readonly (readonly [string, unknown])[]
}
async function run(line: string, file: string, answers: Answers, parts: TrialParts = {}): Promise<Ran> {
  server.answers = { ...shop, ...answers }
  server.requests.length = 0
  const trial = await runTrial(line.split(' '), {
    url: server.url,
    stdin: `apiVersion: postern/v1\nprojects:\n  - name: Shop\n${file}`,
    ...parts,
    env: { POSTERN_ORG_ID: orgId, ...parts.env },
  })
  const sent = server.requests.filter(({ method }) => method !== 'GET')
  return { ...trial, sent: sent.map(({ method, target, body }) => [`${method} ${target}`, body] as const) }
}

const users = `GET ${group}/databaseUsers${all}`
const oneUser = '    users: [{ username: a, passwordFrom: { env: A }, roles: [read@shop] }]\n'
const made = { [users]: page(), [`POST ${group}/databaseUsers`]: { status: 201, body: {} } }
const standing = (state: string) => ({
  [`GET /api/postern/v1/groups/${groupId}/databaseAccess`]: {
    body: { results: [{ kind: 'USER', name: 'a', databaseName: 'admin', state, errorMessage: null }] },
  },
})
const env = { A: 'a-secret-password' }

describe('apply asks', () => {
  test('a person, who says no', async () => {
    const ran = await run('apply -f -', oneUser, made, { terminal: [false], env })
    expect(ran).toMatchObject({ code: 0, asked: ['Do this?'], sent: [], stdout: 'Nothing was done\n' })
  })
  test('a person, who says yes', async () => {
    const ran = await run('apply -f -', oneUser, { ...made, ...standing('READY') }, { terminal: [true], env })
    expect(ran).toMatchObject({ code: 0, stdout: 'Applied: 1 created, 0 changed, 0 deleted, 1 left alone.\n' })
  })
  test('nobody where there is no terminal: then it does nothing', async () => {
    const ran = await run('apply -f -', oneUser, made, { env })
    expect(ran).toMatchObject({ code: 1, sent: [], stdout: '' })
    expect(ran.stderr).toMatch(/use --yes to go on without the question\n$/)
  })
  test.each(['--yes', '-y', '--force'])('nobody with %s', async (flag) => {
    const ran = await run(`apply -f - ${flag}`, oneUser, { ...made, ...standing('READY') }, { env })
    expect(ran.code).toBe(0)
    expect(ran.sent).toEqual([
      [
        `POST ${group}/databaseUsers`,
        {
          username: 'a',
          databaseName: 'admin',
          password: env.A,
          roles: [{ roleName: 'read', databaseName: 'shop' }],
        },
      ],
    ])
  })
})

describe('a secret', () => {
  const there = {
    [users]: page({
      username: 'a',
      databaseName: 'admin',
      roles: [{ roleName: 'read', databaseName: 'shop' }],
      scopes: [],
      labels: [],
      x509Type: 'NONE',
    }),
    [`PATCH ${group}/databaseUsers/admin/a`]: { body: {} },
    ...standing('READY'),
  }
  test('of what is there is not even read', async () => {
    expect(await run('diff -f -', oneUser, there)).toMatchObject({ code: 0 })
    expect(await run('apply -f -', oneUser, there)).toMatchObject({ code: 0, sent: [] })
  })
  test('is set again with --passwords, and never printed', async () => {
    const ran = await run('apply -f - --passwords --yes', oneUser, there, { env })
    expect(ran).toMatchObject({ code: 0, sent: [[`PATCH ${group}/databaseUsers/admin/a`, { password: env.A }]] })
    expect(`${ran.stdout}${ran.stderr}`).not.toContain(env.A)
  })
  test('that is none is told by its place, without what it is', async () => {
    const ran = await run('apply -f - --yes', oneUser, made, { env: { A: 'short' } })
    expect(ran).toMatchObject({ code: 1, sent: [] })
    expect(ran.stderr).toContain(
      'standard input:4: projects[0].users[0].passwordFrom: what is in $A is no password: 8 to 1024 characters',
    )
    expect(ran.stderr).not.toContain('short')
  })
  test('in the file in clear is warned about, and not printed', async () => {
    const clear = oneUser.replace('passwordFrom: { env: A }', 'password: in-clear-as-it-is')
    const ran = await run('apply -f - --yes -o json', clear, { ...made, ...standing('READY') })
    expect(ran.stderr).toContain(
      'Warning: the file holds secrets in clear, the first at standard input:4: projects[0].users[0].password',
    )
    expect(`${ran.stdout}${ran.stderr}`).not.toContain('in-clear-as-it-is')
  })
})

describe('endpoints that somebody else made', () => {
  const ids = { AWS: service, AZURE: service.replace(/2$/, '3'), GCP: service.replace(/2$/, '4') }
  const services = page(
    { ...awsService, ...details, id: ids.AWS, supportedRemoteRegions: null },
    { ...azureService, ...details, id: ids.AZURE, privateLinkServiceResourceId: 'pls' },
    { ...gcpService, ...details, id: ids.GCP },
  )
  const file = `    services:
      - provider: AWS
        region: eu-west-1
        endpoints: [{ id: ${vpce} }]
      - provider: AZURE
        region: eastus2
        endpoints: [{ id: "${azureId.replace(' ', '')}", address: 10.0.0.4, labels: { team: shop } }]
      - provider: GCP
        region: europe-west1
        portMapping: true
        endpoints: [{ group: shop, gcpProject: p-shop-1, rules: [{ name: shop-0, address: 10.0.0.5 }] }]
`
  const attached = (status: string, address = '10.0.0.4') => {
    const common = {
      ...details,
      status,
      errorMessage: status === 'AVAILABLE' ? null : 'Why it is so.',
      deleteRequested: false,
    }
    const azure = azureId.replace(' ', '')
    return page(
      { ...common, cloudProvider: 'AWS', endpointId: vpce, endpointServiceId: ids.AWS, regionName: 'EU_WEST_1' },
      {
        ...common,
        cloudProvider: 'AZURE',
        endpointId: azure,
        endpointServiceId: ids.AZURE,
        privateEndpointIPAddress: address,
        labels: { team: 'shop' },
      },
      {
        ...common,
        cloudProvider: 'GCP',
        endpointId: 'shop',
        endpointServiceId: ids.GCP,
        gcpProjectId: 'p-shop-1',
        endpoints: [{ endpointName: 'shop-0', ipAddress: '10.0.0.5' }],
      },
    )
  }
  const look = { [`GET ${own}/endpointService${all}`]: services }
  const endpoints = `GET ${own}/endpoint${all}`
  const azurePath = `${own}/AZURE/endpointService/${ids.AZURE}/endpoint/${encodeURIComponent(azureId.replace(' ', ''))}`

  test('are attached as each cloud names them, and waited for', async () => {
    const ran = await run('apply -f - --yes', file, {
      ...look,
      [endpoints]: [page(), attached('PENDING'), attached('AVAILABLE')],
      [`POST ${own}/AWS/endpointService/${ids.AWS}/endpoint:ensure`]: { body: {} },
      [`POST ${own}/AZURE/endpointService/${ids.AZURE}/endpoint:ensure`]: { body: {} },
      [`POST ${own}/GCP/endpointService/${ids.GCP}/endpoint:ensure`]: { body: {} },
    })
    expect(ran.code).toBe(0)
    expect(new Map(ran.sent)).toEqual(
      new Map<string, unknown>([
        [`POST ${own}/AWS/endpointService/${ids.AWS}/endpoint:ensure`, { id: vpce }],
        [
          `POST ${own}/AZURE/endpointService/${ids.AZURE}/endpoint:ensure`,
          { id: azureId.replace(' ', ''), privateEndpointIPAddress: '10.0.0.4', labels: { team: 'shop' } },
        ],
        [
          `POST ${own}/GCP/endpointService/${ids.GCP}/endpoint:ensure`,
          {
            endpointGroupName: 'shop',
            gcpProjectId: 'p-shop-1',
            endpoints: [{ endpointName: 'shop-0', ipAddress: '10.0.0.5' }],
          },
        ],
      ]),
    )
    expect(ran.stderr).toContain('waiting for 3 endpoints\n')
  })
  test('that put clusters into UPDATING once they stand are over when these are IDLE again', async () => {
    const electableSpecs = { instanceSize: 'M10', nodeCount: 3 }
    const regionConfigs = [{ providerName: 'AWS', regionName: 'US_EAST_1', priority: 7, electableSpecs }]
    const cluster = (stateName: string) =>
      page({ name: 'c', clusterType: 'REPLICASET', stateName, replicationSpecs: [{ regionConfigs }] })
    const wish = '    clusters: [{ name: c, provider: AWS, region: us-east-1, tier: M10 }]\n'
    const ran = await run('apply -f - --yes', `${wish}${file}`, {
      ...look,
      // for the plan, before the endpoints stand, after it
      [`GET ${group}/clusters${all}`]: [cluster('IDLE'), cluster('IDLE'), cluster('UPDATING'), cluster('IDLE')],
      [endpoints]: [attached('PENDING'), attached('PENDING'), attached('AVAILABLE')],
    })
    expect(ran).toMatchObject({ code: 0, sent: [] })
    expect(ran.stderr).toMatch(/waiting for 3 endpoints\nwaiting for cluster c\n$/)
  })
  test('that ended badly are tried again, corrected where the file says otherwise', async () => {
    const ran = await run('apply -f - --yes', file, {
      ...look,
      [endpoints]: [attached('FAILED', '10.9.9.9'), attached('AVAILABLE')],
      [`POST ${own}/AWS/endpointService/${ids.AWS}/endpoint/${vpce}:retry`]: { status: 202, body: {} },
      [`PATCH ${azurePath}`]: { body: {} },
      [`POST ${own}/GCP/endpointService/${ids.GCP}/endpoint/shop:retry`]: { status: 202, body: {} },
    })
    expect(ran.code).toBe(0)
    expect(new Map(ran.sent)).toEqual(
      new Map<string, unknown>([
        [`POST ${own}/AWS/endpointService/${ids.AWS}/endpoint/${vpce}:retry`, undefined],
        [`PATCH ${azurePath}`, { id: azureId.replace(' ', ''), privateEndpointIPAddress: '10.0.0.4' }],
        [`POST ${own}/GCP/endpointService/${ids.GCP}/endpoint/shop:retry`, undefined],
      ]),
    )
  })
  test('that stand at another address are not changed, and then nothing is', async () => {
    const ran = await run('apply -f - --yes', file, { ...look, [endpoints]: attached('AVAILABLE', '10.9.9.9') })
    expect(ran).toMatchObject({ code: 1, sent: [] })
    expect(ran.stderr).toContain('      address: 10.9.9.9 -> 10.0.0.4\n')
  })
  test('that end badly while waiting are an error with the reason', async () => {
    const ran = await run('apply -f - --yes', file, {
      ...look,
      [endpoints]: [attached('AVAILABLE'), attached('FAILED')],
    })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain(`Error: endpoint ${vpce} at AWS EU_WEST_1 is FAILED (Why it is so.)`)
  })
  test('that take too long are an error, with --timeout', async () => {
    const ran = await run('apply -f - --yes --timeout 2', file, {
      ...look,
      [endpoints]: [attached('AVAILABLE'), attached('PENDING')],
    })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain('is still PENDING; it goes on by itself')
  })
  const awsPath = `${own}/AWS/endpointService/${ids.AWS}/endpoint/${vpce}`
  test.each([
    {
      says: 'one that is DELETING, whose place is wished',
      line: 'apply -f - --yes',
      wished: `{ id: ${vpce} }`,
      status: 'DELETING',
    },
    { says: 'one that is pruned', line: 'apply -f - --yes --prune', wished: '', status: 'AVAILABLE' },
  ])('that do not go are an error with --timeout, too: $says', async ({ line, wished, status }) => {
    const only = `    services:
      - { provider: AWS, region: eu-west-1, endpoints: [${wished}] }
`
    const there = {
      ...details,
      status,
      errorMessage: null,
      cloudProvider: 'AWS',
      endpointId: vpce,
      endpointServiceId: ids.AWS,
    }
    const ran = await run(`${line} --timeout 2`, only, {
      [`GET ${own}/endpointService${all}`]: page({
        ...awsService,
        ...details,
        id: ids.AWS,
        supportedRemoteRegions: null,
      }),
      [endpoints]: page(there),
      'GET /api/postern/v1/local/aws/vpcEndpoints': page(),
      [`GET ${awsPath}`]: { body: there },
      [`DELETE ${awsPath}?keepService=true`]: { status: 202, body: {} },
    })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain(`endpoint ${vpce} at AWS EU_WEST_1 is still on its way out; it goes on by itself`)
  })
  test('that take long are left to themselves, with --no-wait', async () => {
    const ran = await run('apply -f - --yes --no-wait', file, { ...look, [endpoints]: attached('PENDING') })
    expect(ran).toMatchObject({ code: 0, sent: [] })
  })
})

describe('a cluster with a standard listener', () => {
  const file = (on: boolean) =>
    `    clusters: [{ name: c, provider: AWS, region: us-east-1, tier: M10, standardListener: ${on} }]\n`
  const clusters = `GET ${group}/clusters${all}`
  const listener = `/api/postern/v1/groups/${groupId}/clusters/c/standardListener`
  const electableSpecs = { instanceSize: 'M10', nodeCount: 3 }
  const regionConfigs = [{ providerName: 'AWS', regionName: 'US_EAST_1', priority: 7, electableSpecs }]
  const there = page({ name: 'c', clusterType: 'REPLICASET', stateName: 'IDLE', replicationSpecs: [{ regionConfigs }] })
  const patched = (enabled: boolean) => [`PATCH ${listener}`, { enabled }]

  test('is made, and then opened; one without is made alone', async () => {
    const answers = {
      [clusters]: [page(), there],
      [`POST ${group}/clusters`]: { status: 201, body: {} },
      [`PATCH ${listener}`]: { body: {} },
      [`GET ${listener}`]: { body: { enabled: true, policy: { maxSnapshotAgeSeconds: null } } },
    }
    const { sent } = await run('apply -f - --yes', file(true), answers)
    expect(sent).toEqual([[`POST ${group}/clusters`, expect.anything()], patched(true)])
    expect((await run('apply -f - --yes', file(false), answers)).sent).toHaveLength(1)
  })

  test.each([true, false])('that is to be %s is switched, and nothing else of the cluster is touched', async (on) => {
    const answers = (enabled: boolean) => ({
      [clusters]: there,
      [`GET ${listener}`]: { body: { enabled, policy: { maxSnapshotAgeSeconds: null } } },
      [`PATCH ${listener}`]: { body: {} },
    })
    const ran = await run('apply -f - --yes', file(on), answers(!on))
    expect(ran.sent).toEqual([patched(on)])
    expect((await run('diff -f -', file(on), answers(!on))).stdout).toContain('standardListener')
    expect((await run('diff -f -', file(on), answers(on))).code).toBe(0)
  })

  test.each([
    { says: 'set', policy: '{ maxSnapshotAgeSeconds: 300 }', there: null, sent: 300 },
    { says: 'taken back where the file says an empty one', policy: '{}', there: 300, sent: null },
    { says: 'left alone where it is the same', policy: '{ maxSnapshotAgeSeconds: 300 }', there: 300, sent: undefined },
    { says: 'left alone where the file says nothing', policy: null, there: 300, sent: undefined },
  ])('has a policy that is $says', async ({ policy, there: seconds, sent }) => {
    const wish = policy === null ? file(true) : file(true).replace(' }]', `, standardListenerPolicy: ${policy} }]`)
    const ran = await run('apply -f - --yes', wish, {
      [clusters]: there,
      [`GET ${listener}`]: { body: { enabled: true, policy: { maxSnapshotAgeSeconds: seconds } } },
      [`PATCH ${listener}`]: { body: {} },
    })
    expect(ran.code).toBe(0)
    const body = { enabled: true, policy: { maxSnapshotAgeSeconds: sent } }
    expect(ran.sent).toEqual(sent === undefined ? [] : [[`PATCH ${listener}`, body]])
  })
})

describe('a cluster of several regions and clouds', () => {
  const file =
    '    clusters: [{ name: c, provider: AWS, tier: M10, regions: [{ region: us-east-1, members: 2 }, { provider: GCP, region: europe-west1, members: 1 }] }]\n'
  const clusters = `GET ${group}/clusters${all}`
  const config = (providerName: string, regionName: string, [nodeCount, priority]: readonly [number, number]) => ({
    providerName,
    regionName,
    priority,
    electableSpecs: { instanceSize: 'M10', nodeCount },
  })
  const there = (...regionConfigs: readonly object[]) =>
    page({ name: 'c', clusterType: 'REPLICASET', stateName: 'IDLE', replicationSpecs: [{ regionConfigs }] })
  const [aws, gcp] = [config('AWS', 'US_EAST_1', [2, 7]), config('GCP', 'WESTERN_EUROPE', [1, 6])]

  test('is made with its regions in the order of the file', async () => {
    const answers = { [clusters]: [page(), there(aws, gcp)], [`POST ${group}/clusters`]: { status: 201, body: {} } }
    const ran = await run('apply -f - --yes', file, answers)
    expect(ran.code).toBe(0)
    expect(ran.sent).toEqual([
      [
        `POST ${group}/clusters`,
        { name: 'c', clusterType: 'REPLICASET', replicationSpecs: [{ zoneName: 'Zone 1', regionConfigs: [aws, gcp] }] },
      ],
    ])
  })
  test('differs where a region, its members or its priority do', async () => {
    expect(await run('diff -f -', file, { [clusters]: there(aws, gcp) })).toMatchObject({ code: 0 })
    const other = there(config('AWS', 'US_EAST_1', [3, 7]))
    expect((await run('diff -f -', file, { [clusters]: other })).stdout).toContain(
      '      regions: AWS US_EAST_1: 3 members, priority 7 -> AWS US_EAST_1: 2 members, priority 7, GCP WESTERN_EUROPE: 1 members, priority 6\n',
    )
  })
})

describe('a project', () => {
  const choices =
    '    id: 6553f0c8a3b1c2d4e5f60729\n    hash: shop1\n    regionalMode: true\n    fidelity: atlas\n    tags: { env: test }\n'
  test('with choices is made by the door for them, and its switches are set', async () => {
    const id = '6553f0c8a3b1c2d4e5f60729'
    const ran = await run('apply -f - --yes', choices, {
      [`GET /api/atlas/v2/orgs/${orgId}/groups${all}`]: page(),
      [`POST /api/postern/v1/orgs/${orgId}/groups`]: { status: 201, body: { id } },
      [`PATCH /api/atlas/v2/groups/${id}/privateEndpoint/regionalMode`]: { status: 202, body: {} },
      [`PATCH /api/postern/v1/groups/${id}/fidelity`]: { body: {} },
    })
    expect(ran.sent).toEqual([
      [
        `POST /api/postern/v1/orgs/${orgId}/groups`,
        { name: 'Shop', tags: [{ key: 'env', value: 'test' }], id, hash: 'shop1' },
      ],
      [`PATCH /api/atlas/v2/groups/${id}/privateEndpoint/regionalMode`, { enabled: true }],
      [`PATCH /api/postern/v1/groups/${id}/fidelity`, { own: 'atlas' }],
    ])
    expect(ran.code).toBe(0)
  })
  test('that is there shows what differs, and what is fixed', async () => {
    const ran = await run('diff -f -', choices, {
      [`GET /api/postern/v1/groups/${groupId}/hash`]: { body: { hash: 'other' } },
      [`GET ${group}/privateEndpoint/regionalMode`]: { body: { enabled: false } },
      [`GET /api/postern/v1/groups/${groupId}/fidelity`]: { body: { fidelity: 'postern', own: null } },
    })
    expect(ran.stdout).toContain(
      `  ! project Shop
      id: ${groupId} -> 6553f0c8a3b1c2d4e5f60729
      tags: none -> env=test
      hash: other -> shop1
      regionalMode: false -> true
      fidelity: none -> atlas
`,
    )
    expect(ran.code).toBe(2)
  })
  test('of an organization that the file names is looked for there', async () => {
    const line = 'diff -f -'
    const stdin = 'apiVersion: postern/v1\norganization: Acme\nprojects: []\n'
    const orgs = (...ids: readonly string[]) => ({
      [`GET /api/atlas/v2/orgs${all}`]: page(...ids.map((id) => ({ id, name: 'Acme' }))),
    })
    expect((await run(line, '', orgs(orgId), { stdin })).code).toBe(0)
    expect((await run(line, '', orgs(), { stdin })).stderr).toContain('Error: there is no organization "Acme"')
    expect((await run(line, '', orgs(orgId, groupId), { stdin })).stderr).toContain(
      'several organizations are named "Acme"',
    )
  })
})

describe('the command line', () => {
  test('--schema needs no server and no file', async () => {
    const { code, stdout, stderr } = await runTrial(['apply', '--schema'])
    expect({ code, stderr, title: (JSON.parse(stdout) as { title: string }).title }).toEqual({
      code: 0,
      stderr: '',
      title: 'Postern',
    })
  })
  test.each([
    ['diff', 'required flag(s) "file" not set'],
    ['apply --yes', 'required flag(s) "file" not set'],
    ['diff -f /nonexistent/shop.yaml', 'cannot read /nonexistent/shop.yaml: ENOENT'],
    ['diff -f /', 'cannot read /: EISDIR'],
    ['diff -f /dev/zero', '/dev/zero is larger than 2 MiB'],
  ])('%s: %s', async (line, sentence) => {
    expect(await runTrial(line.split(' '))).toMatchObject({ code: 1, stdout: '', stderr: `Error: ${sentence}\n` })
  })
})
