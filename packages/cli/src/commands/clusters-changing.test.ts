import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandRow, checkRow, page } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, runTrial } from '../trial/run-trial.ts'

// Clusters from files, changes to clusters, Flex clusters, and waits that have an end.

let server: RecordingServer
let folder: string
beforeAll(async () => {
  server = await startRecordingServer()
  folder = await mkdtemp(join(tmpdir(), 'postern-clusters-'))
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

const inGroup = `/api/atlas/v2/groups/${groupId}`
const path = `${inGroup}/clusters/Shop`
const flexPath = `${inGroup}/flexClusters/Shop`
const config = { providerName: 'AWS', regionName: 'US_EAST_1', priority: 7 }
const cluster = {
  id: groupId,
  name: 'Shop',
  mongoDBVersion: '8.0.4',
  stateName: 'IDLE',
  replicationSpecs: [
    {
      zoneName: 'Zone 1',
      regionConfigs: [
        {
          ...config,
          electableSpecs: { instanceSize: 'M10', nodeCount: 3 },
          readOnlySpecs: { instanceSize: 'M10', nodeCount: 0 },
        },
      ],
    },
  ],
}
const clusterTable = `ID                         NAME   MDB VER   STATE\n${groupId}   Shop   8.0.4     IDLE\n`
const isFlex = {
  status: 400,
  body: { error: 400, errorCode: 'CANNOT_USE_FLEX_CLUSTER_IN_CLUSTER_API', detail: 'It is a Flex cluster.' },
}
const updating = "Updating cluster 'Shop'.\n"
const patched = { [`PATCH ${path}`]: { body: cluster } }

describe('changing clusters', () => {
  test.each<CommandRow>([
    {
      says: 'update sends only what is named',
      line: 'clusters update Shop --mdbVersion 8.0 --enableTerminationProtection --tag env=dev,team=shop',
      answers: patched,
      sent: [
        [
          `PATCH ${path}`,
          {
            mongoDBMajorVersion: '8.0',
            terminationProtectionEnabled: true,
            tags: [
              { key: 'env', value: 'dev' },
              { key: 'team', value: 'shop' },
            ],
          },
        ],
      ],
      stdout: updating,
    },
    {
      says: 'update --tag = takes all tags away, --disableTerminationProtection lets it be deleted',
      line: 'cluster update Shop --tag = --disableTerminationProtection',
      answers: patched,
      sent: [[`PATCH ${path}`, { terminationProtectionEnabled: false, tags: [] }]],
      stdout: updating,
    },
    {
      says: 'update of tier and disk keeps the rest of every region',
      line: 'clusters update Shop --tier m30 --diskSizeGB 40',
      answers: { ...patched, [`GET ${path}`]: { body: cluster } },
      sent: [
        [`GET ${path}`],
        [
          `PATCH ${path}`,
          {
            replicationSpecs: [
              {
                zoneName: 'Zone 1',
                regionConfigs: [
                  {
                    ...config,
                    electableSpecs: { instanceSize: 'M30', nodeCount: 3, diskSizeGB: 40 },
                    readOnlySpecs: { instanceSize: 'M30', nodeCount: 0, diskSizeGB: 40 },
                  },
                ],
              },
            ],
          },
        ],
      ],
      stdout: updating,
    },
    {
      says: 'pause',
      line: 'clusters pause Shop',
      answers: patched,
      sent: [[`PATCH ${path}`, { paused: true }]],
      stdout: "Pausing cluster 'Shop'.\n",
    },
    {
      says: 'start',
      line: 'clusters start Shop',
      answers: patched,
      sent: [[`PATCH ${path}`, { paused: false }]],
      stdout: "Starting cluster 'Shop'.\n",
    },
    {
      says: 'failover asks first',
      line: 'clusters failover Shop',
      terminal: [true],
      answers: { [`POST ${path}/restartPrimaries`]: { body: {} } },
      sent: [[`POST ${path}/restartPrimaries`]],
      stdout: "Failover test for 'Shop' started\n",
    },
    {
      says: 'failover that is declined',
      line: 'clusters failover Shop',
      terminal: [false],
      answers: {},
      sent: [],
      stdout: 'Failover test not started\n',
    },
    {
      says: 'available regions have a line for each provider and size',
      line: 'clusters availableRegions list --provider aws --tier m30',
      answers: {
        [`GET ${inGroup}/clusters/provider/regions?providers=AWS&tier=M30`]: {
          body: {
            results: [
              {
                provider: 'AWS',
                instanceSizes: [{ name: 'M30', availableRegions: [{ name: 'US_EAST_1' }, { name: 'EU_WEST_1' }] }],
              },
            ],
          },
        },
      },
      sent: [[`GET ${inGroup}/clusters/provider/regions?providers=AWS&tier=M30`]],
      stdout: 'PROVIDER   INSTANCE SIZE   REGIONS\nAWS        M30             US_EAST_1 EU_WEST_1\n',
    },
    {
      says: 'create with disk, backup, BI Connector and tags',
      line: 'clusters create Shop --provider AWS -r US_EAST_1 --diskSizeGB 20 --backup --biConnector --tag env=dev',
      answers: { [`POST ${inGroup}/clusters`]: { status: 201, body: cluster } },
      sent: [
        [
          `POST ${inGroup}/clusters`,
          {
            name: 'Shop',
            clusterType: 'REPLICASET',
            terminationProtectionEnabled: false,
            backupEnabled: true,
            pitEnabled: true,
            biConnector: { enabled: true },
            tags: [{ key: 'env', value: 'dev' }],
            replicationSpecs: [
              {
                zoneName: 'Zone 1',
                regionConfigs: [{ ...config, electableSpecs: { instanceSize: 'M10', nodeCount: 3, diskSizeGB: 20 } }],
              },
            ],
          },
        ],
      ],
      stdout: "Cluster 'Shop' is being created.\n",
    },
    {
      says: 'create of a Flex cluster has operations of its own, also while it is waited for',
      line: 'clusters create Shop --provider aws --region US_EAST_1 --tier flex --watch',
      answers: {
        [`POST ${inGroup}/flexClusters`]: { status: 201, body: { ...cluster, stateName: 'CREATING' } },
        [`GET ${path}`]: isFlex,
        [`GET ${flexPath}`]: { body: cluster },
      },
      sent: [
        [
          `POST ${inGroup}/flexClusters`,
          {
            name: 'Shop',
            providerSettings: { backingProviderName: 'AWS', regionName: 'US_EAST_1' },
            terminationProtectionEnabled: false,
          },
        ],
        [`GET ${path}`],
        [`GET ${flexPath}`],
      ],
      stdout: "Cluster 'Shop' created successfully.\n",
    },
    {
      says: 'list --tier FLEX',
      line: 'clusters list --tier FLEX',
      answers: { [`GET ${inGroup}/flexClusters${page}`]: { body: { results: [cluster] } } },
      sent: [[`GET ${inGroup}/flexClusters${page}`]],
      stdout: clusterTable,
    },
    {
      says: 'describe of a Flex cluster',
      line: 'clusters describe Shop',
      answers: { [`GET ${path}`]: isFlex, [`GET ${flexPath}`]: { body: cluster } },
      sent: [[`GET ${path}`], [`GET ${flexPath}`]],
      stdout: clusterTable,
    },
    {
      says: 'delete of a Flex cluster',
      line: 'clusters delete Shop --force',
      answers: { [`DELETE ${path}`]: isFlex, [`DELETE ${flexPath}`]: { status: 202, body: {} } },
      sent: [[`DELETE ${path}`], [`DELETE ${flexPath}`]],
      stdout: "Deleting cluster 'Shop'\n",
    },
  ])('$says', (row) => checkRow(server, row))

  test.each([
    { says: 'a cluster', settings: { name: 'Shop', replicationSpecs: [] }, to: 'clusters' },
    { says: 'a Flex cluster, which has no replication specs', settings: { name: 'Shop' }, to: 'flexClusters' },
  ])('create --file of $says', async ({ settings, to }) => {
    const file = join(folder, 'new.json')
    await writeFile(file, JSON.stringify(settings))
    await checkRow(server, {
      says: '',
      line: `clusters create --file ${file}`,
      answers: { [`POST ${inGroup}/${to}`]: { status: 201, body: cluster } },
      sent: [[`POST ${inGroup}/${to}`, settings]],
      stdout: "Cluster 'Shop' is being created.\n",
    })
  })

  test('update --file sends the file but for the name, which is looked up in it', async () => {
    const file = join(folder, 'change.json')
    await writeFile(file, JSON.stringify({ name: 'Shop', paused: true }))
    await checkRow(server, {
      says: '',
      line: `clusters update -f ${file}`,
      answers: patched,
      sent: [[`PATCH ${path}`, { paused: true }]],
      stdout: updating,
    })
  })

  test.each([
    ['update Shop', 'nothing to change: give at least one flag'],
    ['update --tier M30', 'cluster name missing'],
    [
      'update Shop --enableTerminationProtection --disableTerminationProtection',
      'if any flags in the group [enableTerminationProtection disableTerminationProtection] are set none of the others ' +
        'can be; [disableTerminationProtection enableTerminationProtection] were all set',
    ],
    [
      'update Shop --file x.json --tier M30',
      'if any flags in the group [file tier] are set none of the others can be; [file tier] were all set',
    ],
    ['update Shop --tag env', 'invalid argument "env" for "--tag" flag: env must be formatted as key=value'],
    ['update Shop --file /nonexistent/x.json', 'cannot read /nonexistent/x.json: ENOENT'],
    ['create --provider AWS --region US_EAST_1', 'cluster name missing'],
    ['create Shop --provider AWS', 'required flag(s) "region" not set'],
    ['create Shop', 'required flag(s) "provider", "region" not set'],
    [
      'create Shop --file x.json --members 3',
      'if any flags in the group [file members] are set none of the others can be; [file members] were all set',
    ],
    ['delete Shop --force --watch --timeout 0', '--timeout must be 1 or more'],
    ['availableRegions list --tier M30', 'tier search also requires a provider flag'],
    ['availableRegions list --provider IBM', 'invalid value "IBM" for --provider; accepted values: AWS, AZURE, GCP'],
  ])('clusters %s is refused', async (line, error) => {
    server.requests.length = 0
    const trial = await runTrial(['clusters', ...line.split(' ')], { url: server.url })
    expect(trial.stderr.replace(/^Using .*\n/m, '')).toBe(`Error: ${error}\n`)
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(server.requests).toEqual([])
  })

  test.each([
    ['{', /failed to parse JSON file .*: /],
    ['[]', /failed to parse JSON file .*: it must hold one object/],
    ['{"paused":true}', /cluster name missing/],
  ])('a file with %s is refused', async (text, error) => {
    const file = join(folder, 'wrong.json')
    await writeFile(file, text)
    const trial = await runTrial(['clusters', 'update', '--file', file], { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr).toMatch(error)
  })

  test.each(['--timeout', '--watchTimeout'])('%s ends a wait with exit code 1', async (flag) => {
    server.answers = { [`GET ${path}`]: { body: { ...cluster, stateName: 'UPDATING' } } }
    const trial = await runTrial(['clusters', 'watch', 'Shop', flag, '1'], { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr).toMatch(/Error: cluster Shop is still UPDATING after 1 second; it goes on by itself\n$/)
  })
})
