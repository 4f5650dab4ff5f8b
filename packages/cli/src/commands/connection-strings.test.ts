import { afterAll, beforeAll, describe, test } from 'vitest'
import { type CommandRow, checkRow } from '../trial/command-row.ts'
import { type Answers, type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId } from '../trial/run-trial.ts'

// `clusters connectionStrings describe`, with two differences from the Atlas CLI, each a row that says so.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const inGroup = `/api/atlas/v2/groups/${groupId}`
const own = '/api/postern/v1'
const listenerTarget = `GET ${own}/groups/${groupId}/clusters/Shop/standardListener`
const cluster = { id: groupId, name: 'Shop', mongoDBVersion: '8.0.4', stateName: 'IDLE' }

describe('connection strings', () => {
  const path = `${inGroup}/clusters/Shop`
  const line = 'clusters connectionStrings describe Shop'
  const strings = (connectionStrings: unknown): Answers => ({
    [`GET ${path}`]: { body: { ...cluster, connectionStrings } },
  })
  const endpoint = (port: number) => ({
    connectionString: `mongodb://127.8.0.1:${port}/?authSource=admin&replicaSet=rs`,
    endpoints: [],
    type: 'MONGOD',
  })
  const standard = 'mongodb://127.0.0.1:27017/?replicaSet=rs'

  test.each<CommandRow>([
    {
      says: 'standard is the SRV name where there is one',
      line,
      answers: {
        ...strings({ standard, standardSrv: 'mongodb+srv://shop.k45tj.postern.internal' }),
        [listenerTarget]: { body: { connectionString: null } },
      },
      sent: [[`GET ${path}`], [listenerTarget]],
      stdout: 'STANDARD CONNECTION STRING\nmongodb+srv://shop.k45tj.postern.internal\n',
    },
    {
      says: 'standard through the standard listener: who is let in, and the string that needs no DNS, are told beside it',
      line,
      answers: {
        ...strings({ standard, standardSrv: 'mongodb+srv://shop.k45tj.postern.internal' }),
        [listenerTarget]: { body: { connectionString: standard, accessList: 0, problem: 'Nobody is let in.' } },
      },
      sent: [[`GET ${path}`], [listenerTarget]],
      stdout: 'STANDARD CONNECTION STRING\nmongodb+srv://shop.k45tj.postern.internal\n',
      stderr:
        /^It leads through the gateways, for 0 entries of the IP access list\. .*: mongodb:\/\/127\.0\.0\.1:27017\/\?replicaSet=rs\nNobody is let in\.\n$/,
    },
    {
      says: 'standard without an SRV name is the standard string, where the Atlas CLI prints a blank',
      line,
      answers: strings({ standard }),
      sent: [[`GET ${path}`]],
      stdout: `STANDARD CONNECTION STRING\n${standard}\n`,
    },
    {
      says: 'no standard one where the project hands out private ones alone, and stderr says so',
      line,
      answers: {
        ...strings({ privateEndpoint: [endpoint(1024)] }),
        [`GET ${own}/groups/${groupId}/privateOnly`]: { body: { enabled: true } },
      },
      sent: [[`GET ${path}`], [`GET ${own}/groups/${groupId}/privateOnly`]],
      stdout: 'STANDARD CONNECTION STRING\n\n',
      stderr: /^Cluster Shop has no standard connection string: its project hands out private ones alone; .*\n$/,
    },
    {
      says: 'privateOnly of the project',
      line: 'projects privateOnly enable --force',
      answers: { [`PATCH ${own}/groups/${groupId}/privateOnly`]: { body: { enabled: true } } },
      sent: [[`PATCH ${own}/groups/${groupId}/privateOnly`, { enabled: true }]],
      stdout: 'Private only enabled.\n',
    },
    {
      says: 'privateOnly of the project, described',
      line: 'project private-only get',
      answers: { [`GET ${own}/groups/${groupId}/privateOnly`]: { body: { enabled: false } } },
      sent: [[`GET ${own}/groups/${groupId}/privateOnly`]],
      stdout: 'ENABLED\nfalse\n',
    },
    {
      says: 'an unknown type is standard',
      line: `${line} --type nonsense`,
      answers: strings({ standard }),
      sent: [[`GET ${path}`]],
      stdout: `STANDARD CONNECTION STRING\n${standard}\n`,
    },
    {
      says: 'private (peering)',
      line: 'cluster cs get Shop --type private',
      answers: strings({ standard }),
      sent: [[`GET ${path}`]],
      stdout: 'PRIVATE CONNECTION STRING\n\n',
    },
    {
      says: 'privateEndpoint prints one endpoint a line, where the Atlas CLI prints a blank',
      line: `${line} --type privateEndpoint`,
      answers: strings({ standard, privateEndpoint: [endpoint(1024), endpoint(1030)] }),
      sent: [[`GET ${path}`]],
      stdout: `PRIVATE ENDPOINT CONNECTION STRING\n${endpoint(1024).connectionString}\n${endpoint(1030).connectionString}\n`,
    },
    {
      says: 'privateEndpoint has those of the SRV names of a sharded cluster too, as the Atlas CLI prints them',
      line: `${line} --type privateEndpoint`,
      answers: strings({
        standard,
        privateEndpoint: [
          { ...endpoint(1024), srvShardOptimizedConnectionString: 'mongodb+srv://shop-pl-0-lb.x.test' },
        ],
      }),
      sent: [[`GET ${path}`]],
      stdout: `PRIVATE ENDPOINT CONNECTION STRING\n${endpoint(1024).connectionString}\nSHARD OPTIMIZED CONNECTION STRING\nmongodb+srv://shop-pl-0-lb.x.test\n`,
    },
    {
      says: 'loadBalanced prints what resolves: the name, or the address',
      line: `${line} --type loadBalanced`,
      answers: {
        [`GET ${own}/groups/${groupId}/clusters/Shop/connectionStrings`]: {
          body: {
            reason: null,
            endpoints: ['address', 'name'].map((form) => ({
              form,
              loadBalanced: { standard: `s ${form}`, srv: 'srv' },
            })),
          },
        },
      },
      sent: [[`GET ${own}/groups/${groupId}/clusters/Shop/connectionStrings`]],
      stdout: 'LOAD BALANCED CONNECTION STRING\ns address\nsrv\n',
    },
    {
      says: 'loadBalanced of a replica set: none, and why',
      line: `${line} --type loadBalanced`,
      answers: {
        [`GET ${own}/groups/${groupId}/clusters/Shop/connectionStrings`]: {
          body: { reason: null, endpoints: [{ form: 'address', loadBalanced: null }] },
        },
      },
      sent: [[`GET ${own}/groups/${groupId}/clusters/Shop/connectionStrings`]],
      stdout: 'LOAD BALANCED CONNECTION STRING\n',
      stderr: /^Cluster Shop has no load balanced connection string: Only a sharded cluster has one/,
    },
    {
      says: 'without any, stderr says why',
      line: `${line} --type privateEndpoints`,
      answers: {
        ...strings({ standard }),
        [`GET ${own}/groups/${groupId}/clusters/Shop/connectionStrings`]: {
          body: { reason: 'AWS US_EAST_1 has no AVAILABLE endpoint.', ready: false },
        },
      },
      sent: [[`GET ${path}`], [`GET ${own}/groups/${groupId}/clusters/Shop/connectionStrings`]],
      stdout: 'PRIVATE ENDPOINT CONNECTION STRING\n',
      stderr:
        /^Cluster Shop has no private endpoint connection string yet: AWS US_EAST_1 has no AVAILABLE endpoint\.\n$/,
    },
    {
      says: 'json prints all of them',
      line: `${line} --type privateEndpoint -o json`,
      answers: strings({ standard, privateEndpoint: [endpoint(1024)] }),
      sent: [[`GET ${path}`]],
      stdout: `${JSON.stringify({ standard, privateEndpoint: [endpoint(1024)] }, null, 2)}\n`,
    },
  ])('$says', (row) => checkRow(server, row))
})
