import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandRow, checkRow, page } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, runTrial } from '../trial/run-trial.ts'

// Clusters: what each command sends and prints.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const inGroup = `/api/atlas/v2/groups/${groupId}`
const cluster = { id: groupId, name: 'Shop', mongoDBVersion: '8.0.4', stateName: 'IDLE' }
const clusterTable = `ID                         NAME   MDB VER   STATE\n${groupId}   Shop   8.0.4     IDLE\n`

describe('clusters', () => {
  const spec = (provider: string, electableSpecs: unknown, more = {}) => ({
    zoneName: 'Zone 1',
    regionConfigs: [{ providerName: provider, ...more, regionName: 'US_EAST_1', priority: 7, electableSpecs }],
  })
  const path = `${inGroup}/clusters/Shop`
  const deletion = `${inGroup}/events?eventType=CLUSTER_DELETED&clusterNames=Shop&includeRaw=true&itemsPerPage=1`

  test.each<CommandRow>([
    {
      says: 'list sends paging as the Atlas CLI does',
      line: 'clusters list',
      answers: { [`GET ${inGroup}/clusters${page}`]: { body: { results: [cluster], totalCount: 1 } } },
      sent: [[`GET ${inGroup}/clusters${page}`]],
      stdout: clusterTable,
    },
    {
      says: 'list of page 2 without a count',
      line: 'cluster ls --page 2 --limit 5 --omitCount',
      answers: { [`GET ${inGroup}/clusters?includeCount=false&itemsPerPage=5&pageNum=2`]: { body: { results: [] } } },
      sent: [[`GET ${inGroup}/clusters?includeCount=false&itemsPerPage=5&pageNum=2`]],
      stdout: 'ID    NAME   MDB VER   STATE\n',
    },
    {
      says: 'describe',
      line: 'clusters get Shop',
      answers: { [`GET ${path}`]: { body: cluster } },
      sent: [[`GET ${path}`]],
      stdout: clusterTable,
    },
    {
      says: 'create makes a three-member M10 replica set',
      line: 'clusters create Shop --provider aws --region US_EAST_1',
      answers: { [`POST ${inGroup}/clusters`]: { status: 201, body: cluster } },
      sent: [
        [
          `POST ${inGroup}/clusters`,
          {
            name: 'Shop',
            clusterType: 'REPLICASET',
            terminationProtectionEnabled: false,
            replicationSpecs: [spec('AWS', { instanceSize: 'M10', nodeCount: 3 })],
          },
        ],
      ],
      stdout: "Cluster 'Shop' is being created.\n",
    },
    {
      says: 'create of a sharded cluster has a spec for each shard',
      line: 'clusters create Shop --provider AWS --region US_EAST_1 --type sharded --shards 2 -m 5 --tier M30 --mdbVersion 8.0',
      answers: { [`POST ${inGroup}/clusters`]: { status: 201, body: cluster } },
      sent: [
        [
          `POST ${inGroup}/clusters`,
          {
            name: 'Shop',
            clusterType: 'SHARDED',
            terminationProtectionEnabled: false,
            mongoDBMajorVersion: '8.0',
            replicationSpecs: Array(2).fill(spec('AWS', { instanceSize: 'M30', nodeCount: 5 })),
          },
        ],
      ],
      stdout: "Cluster 'Shop' is being created.\n",
    },
    {
      says: 'create of an M0 is a tenant of the provider',
      line: 'clusters create Shop --provider AWS --region US_EAST_1 --tier m0 --enableTerminationProtection',
      answers: { [`POST ${inGroup}/clusters`]: { status: 201, body: cluster } },
      sent: [
        [
          `POST ${inGroup}/clusters`,
          {
            name: 'Shop',
            clusterType: 'REPLICASET',
            terminationProtectionEnabled: true,
            replicationSpecs: [spec('TENANT', { instanceSize: 'M0' }, { backingProviderName: 'AWS' })],
          },
        ],
      ],
      stdout: "Cluster 'Shop' is being created.\n",
    },
    {
      says: 'watch waits for IDLE',
      line: 'clusters watch Shop',
      answers: { [`GET ${path}`]: [{ body: { ...cluster, stateName: 'CREATING' } }, { body: cluster }] },
      sent: [[`GET ${path}`], [`GET ${path}`]],
      stdout: '\nCluster available.\n',
      stderr: /^\.\n$/,
    },
    {
      says: 'delete --watch waits until it is not found',
      line: 'clusters delete Shop --force --watch',
      answers: {
        [`DELETE ${path}`]: { status: 202, body: {} },
        [`GET ${path}`]: [
          { body: { ...cluster, stateName: 'DELETING' } },
          { status: 404, body: { error: 404, errorCode: 'CLUSTER_NOT_FOUND', detail: 'No cluster.' } },
        ],
        [`GET ${deletion}`]: { body: { results: [] } },
      },
      sent: [[`DELETE ${path}`], [`GET ${path}`], [`GET ${path}`], [`GET ${deletion}`]],
      stdout: 'Cluster deleted\n',
      stderr: /^\.\n$/,
    },
    {
      says: 'delete --watch names who stays on a deployment and why, apart from who was there before',
      line: 'clusters delete Shop --force --watch',
      answers: {
        [`DELETE ${path}`]: { status: 202, body: {} },
        [`GET ${path}`]: { status: 404, body: { error: 404, errorCode: 'CLUSTER_NOT_FOUND', detail: 'No cluster.' } },
        [`GET ${deletion}`]: {
          body: {
            results: [
              {
                raw: {
                  description: JSON.stringify({
                    usersLeft: 'app, shop',
                    rolesLeft: 'mine',
                    leftBecause: 'no primary',
                    usersChanged: 'theirs',
                    rolesChanged: 'audit',
                  }),
                },
              },
            ],
          },
        },
      },
      sent: [[`DELETE ${path}`], [`GET ${path}`], [`GET ${deletion}`]],
      stdout: [
        'Cluster deleted',
        'Still on the deployment, remove them there: database users app, shop',
        'Still on the deployment, remove them there: custom roles mine',
        'They could not be removed: no primary',
        'Were on the deployment before, or it is not known, and have the password and roles that Postern gave them: database users theirs',
        'Were on the deployment before, or it is not known, and have the privileges that Postern gave them: custom roles audit',
        '',
      ].join('\n'),
    },
    {
      says: 'delete',
      line: 'clusters rm Shop',
      terminal: [true],
      answers: { [`DELETE ${path}`]: { status: 202, body: {} } },
      sent: [[`DELETE ${path}`]],
      stdout: "Deleting cluster 'Shop'\n",
    },
  ])('$says', (row) => checkRow(server, row))

  test('No to the question leaves it alone', async () => {
    const trial = await runTrial(['clusters', 'delete', 'Shop'], { url: server.url, terminal: [false] })
    expect(trial).toMatchObject({ code: 0, stdout: 'Cluster not deleted\n' })
    expect(trial.asked[0]).toMatch(/Are you sure you want to terminate Shop\?$/)
  })
})
