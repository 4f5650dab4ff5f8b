import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandRow, checkRow, page } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, runTrial } from '../trial/run-trial.ts'

// Private endpoints beyond the Atlas CLI: lists over everything, waiting in create and delete, corrections, another try,
// and the way back.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const id = '5f4fe14da2b47835a58c63a2'
const vpce = 'vpce-00713b5e644e830a3'
const atlas = `/api/atlas/v2/groups/${groupId}/privateEndpoint`
const own = `/api/postern/v1/groups/${groupId}/privateEndpoint`
const service = { id, cloudProvider: 'AWS', regionName: 'EU_WEST_1', status: 'AVAILABLE', errorMessage: null }
const endpoint = {
  cloudProvider: 'AWS',
  connectionStatus: 'AVAILABLE',
  endpointId: vpce,
  endpointServiceId: id,
  errorMessage: null,
  interfaceEndpointId: vpce,
  regionName: 'EU_WEST_1',
  status: 'AVAILABLE',
}
const servicePath = `${atlas}/AWS/endpointService/${id}`
const endpointPath = `${servicePath}/endpoint/${vpce}`
const ownEndpoint = `${own}/AWS/endpointService/${id}/endpoint/${vpce}`
const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'
const caFile = join(mkdtempSync(join(tmpdir(), 'postern-cli-')), 'ca.pem')
writeFileSync(caFile, pem)
const byFlag = `--endpointServiceId ${id}`
const notFound = { status: 404, body: { error: 404, errorCode: 'PRIVATE_ENDPOINT_NOT_FOUND', detail: 'None.' } }
const termination = {
  kind: 'endpoint',
  cloudProvider: 'AWS',
  regionName: 'EU_WEST_1',
  endpointServiceId: id,
  endpointId: vpce,
  undoUntil: '2026-11-25T11:00:00Z',
}
const terminations = `${own}/terminations`

describe('private endpoints beyond the Atlas CLI', () => {
  test.each<CommandRow>([
    {
      says: 'list goes over all clouds',
      line: 'privateEndpoints list',
      answers: {
        [`GET ${own}/endpointService${page}`]: {
          body: {
            results: [
              { ...service, endpointIds: [vpce] },
              { ...service, cloudProvider: 'GCP', endpointIds: [] },
            ],
          },
        },
      },
      sent: [[`GET ${own}/endpointService${page}`]],
      stdout:
        'ID                         PROVIDER   REGION      STATUS      ENDPOINTS   ERROR\n' +
        `${id}   AWS        EU_WEST_1   AVAILABLE   1           \n` +
        `${id}   GCP        EU_WEST_1   AVAILABLE   0           \n`,
    },
    {
      says: 'interfaces list of one service',
      line: `privateEndpoints aws interfaces list ${id}`,
      answers: {
        [`GET ${own}/endpoint${page}&cloudProvider=AWS&endpointServiceId=${id}`]: { body: { results: [endpoint] } },
      },
      sent: [[`GET ${own}/endpoint${page}&cloudProvider=AWS&endpointServiceId=${id}`]],
      stdout:
        'ID                       ENDPOINT SERVICE           REGION      STATUS      ERROR\n' +
        `${vpce}   ${id}   EU_WEST_1   AVAILABLE   \n`,
    },
    {
      says: 'create --watch waits for AVAILABLE',
      line: 'privateEndpoints aws create --region eu-west-1 --watch',
      answers: {
        [`POST ${atlas}/endpointService`]: { status: 201, body: { ...service, status: 'INITIATING' } },
        [`GET ${servicePath}`]: [{ body: { ...service, status: 'INITIATING' } }, { body: service }],
      },
      sent: [
        [`POST ${atlas}/endpointService`, { providerName: 'AWS', region: 'eu-west-1' }],
        [`GET ${servicePath}`],
        [`GET ${servicePath}`],
      ],
      stdout: `Private endpoint '${id}' created.\n`,
      stderr: /^\.\n$/,
    },
    {
      says: 'delete --watch waits until it is gone',
      line: `privateEndpoints aws delete ${id} --force --watch`,
      answers: {
        [`DELETE ${servicePath}`]: { status: 202, body: {} },
        [`GET ${servicePath}`]: [{ body: { ...service, status: 'DELETING' } }, notFound],
      },
      sent: [[`DELETE ${servicePath}`], [`GET ${servicePath}`], [`GET ${servicePath}`]],
      stdout: `Private endpoint '${id}' deleted\n`,
      stderr: /^\.\n$/,
    },
    {
      says: 'retry of a service',
      line: `privateEndpoints aws retry ${id}`,
      answers: { [`POST ${own}/AWS/endpointService/${id}:retry`]: { status: 202, body: service } },
      sent: [[`POST ${own}/AWS/endpointService/${id}:retry`]],
      stdout: `Private endpoint '${id}' is being retried.\n`,
    },
    {
      says: 'undo of the deletion of a service',
      line: `privateEndpoints azure undo ${id}`,
      answers: { [`POST ${own}/AZURE/endpointService/${id}:undo`]: { status: 202, body: service } },
      sent: [[`POST ${own}/AZURE/endpointService/${id}:undo`]],
      stdout: `Deletion of private endpoint '${id}' undone.\n`,
    },
    {
      says: 'interfaces create --watch',
      line: `privateEndpoints aws interfaces create ${id} --privateEndpointId ${vpce} -w`,
      answers: {
        [`POST ${servicePath}/endpoint`]: { status: 201, body: { ...endpoint, connectionStatus: 'PENDING' } },
        [`GET ${endpointPath}`]: { body: endpoint },
      },
      sent: [[`POST ${servicePath}/endpoint`, { id: vpce }], [`GET ${endpointPath}`]],
      stdout: `Interface endpoint '${vpce}' created.\n`,
    },
    {
      says: 'interfaces delete --forceSilent goes on without silent edges',
      line: `privateEndpoints aws interfaces delete ${vpce} ${byFlag} --force --forceSilent`,
      answers: { [`DELETE ${ownEndpoint}?force=true`]: { status: 202, body: {} } },
      sent: [[`DELETE ${ownEndpoint}?force=true`]],
      stdout: `Interface endpoint '${vpce}' deleted\n`,
    },
    {
      says: 'interfaces delete --keepService, and waits until it is gone',
      line: `privateEndpoints aws interfaces delete ${vpce} ${byFlag} --force --keepService --watch`,
      answers: {
        [`DELETE ${ownEndpoint}?keepService=true`]: { status: 202, body: {} },
        [`GET ${endpointPath}`]: notFound,
      },
      sent: [[`DELETE ${ownEndpoint}?keepService=true`], [`GET ${endpointPath}`]],
      stdout: `Interface endpoint '${vpce}' deleted\n`,
    },
    {
      says: 'interfaces delete --keep-service=false overrules the setting of the endpoint',
      line: `privateEndpoints aws interfaces delete ${vpce} ${byFlag} --force --keep-service=false`,
      answers: { [`DELETE ${ownEndpoint}?keepService=false`]: { status: 202, body: {} } },
      sent: [[`DELETE ${ownEndpoint}?keepService=false`]],
      stdout: `Interface endpoint '${vpce}' deleted\n`,
    },
    {
      says: 'interfaces update sends only what is named',
      line: `privateEndpoints gcp interfaces update app ${byFlag} --endpoint app@127.8.0.9`,
      answers: {
        [`PATCH ${own}/GCP/endpointService/${id}/endpoint/app`]: { body: { ...endpoint, endpointId: 'app' } },
      },
      sent: [
        [
          `PATCH ${own}/GCP/endpointService/${id}/endpoint/app`,
          { endpoints: [{ endpointName: 'app', ipAddress: '127.8.0.9' }] },
        ],
      ],
      stdout: "Interface endpoint 'app' updated.\n",
    },
    {
      says: 'interfaces update of an address in Azure',
      line: `privateEndpoints azure interfaces update app ${byFlag} --privateEndpointIpAddress 127.8.0.4`,
      answers: {
        [`PATCH ${own}/AZURE/endpointService/${id}/endpoint/app`]: { body: { ...endpoint, endpointId: 'app' } },
      },
      sent: [[`PATCH ${own}/AZURE/endpointService/${id}/endpoint/app`, { privateEndpointIPAddress: '127.8.0.4' }]],
      stdout: "Interface endpoint 'app' updated.\n",
    },
    {
      says: 'interfaces update of limits',
      line: `privateEndpoints aws interfaces update ${vpce} ${byFlag} --connectionLimit 500 --newConnectionLimit default`,
      answers: { [`PATCH ${ownEndpoint}`]: { body: endpoint } },
      sent: [[`PATCH ${ownEndpoint}`, { limits: { connections: 500, newPerSecond: null } }]],
      stdout: `Interface endpoint '${vpce}' updated.\n`,
    },
    {
      says: 'interfaces update of the policy',
      line: `privateEndpoints aws interfaces update ${vpce} ${byFlag} --allowedCluster a,b --minimumTls TLS1_3 --idleTimeout 60 --maxSnapshotAge 300`,
      answers: { [`PATCH ${ownEndpoint}`]: { body: endpoint } },
      sent: [
        [
          `PATCH ${ownEndpoint}`,
          { policy: { clusters: ['a', 'b'], minimumTls: 'TLS1_3', idleSeconds: 60, maxSnapshotAgeSeconds: 300 } },
        ],
      ],
      stdout: `Interface endpoint '${vpce}' updated.\n`,
    },
    {
      says: 'interfaces update of clients’ certificates',
      line: `privateEndpoints aws interfaces update ${vpce} ${byFlag} --clientCaFile ${caFile} --allowedClient CN=app,O=Shop --allowedClient app.test`,
      answers: { [`PATCH ${ownEndpoint}`]: { body: endpoint } },
      sent: [[`PATCH ${ownEndpoint}`, { policy: { clientCa: pem, clientNames: ['CN=app,O=Shop', 'app.test'] } }]],
      stdout: `Interface endpoint '${vpce}' updated.\n`,
    },
    {
      says: 'interfaces update that asks for no certificate',
      line: `privateEndpoints aws interfaces update ${vpce} ${byFlag} --clientCaFile none`,
      answers: { [`PATCH ${ownEndpoint}`]: { body: endpoint } },
      sent: [[`PATCH ${ownEndpoint}`, { policy: { clientCa: null, clientNames: null } }]],
      stdout: `Interface endpoint '${vpce}' updated.\n`,
    },
    {
      says: 'interfaces create with a policy asks Postern’s own operation',
      line: `privateEndpoints aws interfaces create ${id} --privateEndpointId ${vpce} --minimumTls TLS1_2 --clientCaFile ${caFile}`,
      answers: { [`POST ${own}/AWS/endpointService/${id}/endpoint:ensure`]: { body: { ...endpoint, created: true } } },
      sent: [
        [
          `POST ${own}/AWS/endpointService/${id}/endpoint:ensure`,
          { id: vpce, policy: { minimumTls: 'TLS1_2', clientCa: pem } },
        ],
      ],
      stdout: `Interface endpoint '${vpce}' created.\n`,
    },
    {
      says: 'interfaces describe shows the policy and limits, where there are any',
      line: `privateEndpoints aws interfaces describe ${vpce} ${byFlag}`,
      answers: {
        [`GET ${ownEndpoint}`]: {
          body: {
            ...endpoint,
            limits: { connections: 500, newPerSecond: 0 },
            policy: {
              clusters: [],
              minimumTls: 'TLS1_2',
              idleSeconds: null,
              readOnly: false,
              databaseUsers: [{ username: 'app', databaseName: 'admin' }],
              clientCa: pem,
              clientNames: ['CN=app,O=Shop', 'app.test'],
            },
          },
        },
      },
      sent: [[`GET ${ownEndpoint}`]],
      stdout:
        `ID                       STATUS      ERROR\n${vpce}   AVAILABLE   \n\n` +
        'POLICY                VALUE\n' +
        'allowedCluster        nothing is allowed\n' +
        'minimumTls            TLS1_2\n' +
        'allowedDatabaseUser   app@admin\n' +
        'clientCaFile          a certificate that cannot be read\n' +
        'allowedClient         CN=app,O=Shop; app.test\n\n' +
        'LIMIT                VALUE\nconnectionLimit      500\nnewConnectionLimit   0\n',
    },
    {
      says: 'interfaces update of who may do what',
      line: `privateEndpoints aws interfaces update ${vpce} ${byFlag} --allowedDatabaseUser app,a@b@$external --readOnly true`,
      answers: { [`PATCH ${ownEndpoint}`]: { body: endpoint } },
      sent: [
        [
          `PATCH ${ownEndpoint}`,
          {
            policy: {
              databaseUsers: [
                { username: 'app', databaseName: 'admin' },
                { username: 'a@b', databaseName: '$external' },
              ],
              readOnly: true,
            },
          },
        ],
      ],
      stdout: `Interface endpoint '${vpce}' updated.\n`,
    },
    {
      says: 'interfaces update that lets everybody write',
      line: `privateEndpoints aws interfaces update ${vpce} ${byFlag} --allowedDatabaseUser all --readOnly false`,
      answers: { [`PATCH ${ownEndpoint}`]: { body: endpoint } },
      sent: [[`PATCH ${ownEndpoint}`, { policy: { databaseUsers: null, readOnly: false } }]],
      stdout: `Interface endpoint '${vpce}' updated.\n`,
    },
    {
      says: 'interfaces update that takes the policy back',
      line: `privateEndpoints aws interfaces update ${vpce} ${byFlag} --allowedCluster all --minimumTls default --idleTimeout default --maxSnapshotAge default`,
      answers: { [`PATCH ${ownEndpoint}`]: { body: endpoint } },
      sent: [
        [
          `PATCH ${ownEndpoint}`,
          { policy: { clusters: null, minimumTls: null, idleSeconds: null, maxSnapshotAgeSeconds: null } },
        ],
      ],
      stdout: `Interface endpoint '${vpce}' updated.\n`,
    },
    {
      says: 'interfaces retry',
      line: `privateEndpoints aws interfaces retry ${vpce} ${byFlag}`,
      answers: { [`POST ${ownEndpoint}:retry`]: { status: 202, body: endpoint } },
      sent: [[`POST ${ownEndpoint}:retry`]],
      stdout: `Interface endpoint '${vpce}' is being retried.\n`,
    },
    {
      says: 'interfaces undo finds the service among the deletions',
      line: `privateEndpoints aws interfaces undo ${vpce}`,
      answers: {
        [`GET ${terminations}?itemsPerPage=500`]: {
          body: {
            results: [{ ...termination, cloudProvider: 'GCP' }, termination, { ...termination, endpointId: null }],
          },
        },
        [`POST ${ownEndpoint}:undo`]: { status: 202, body: endpoint },
      },
      sent: [[`GET ${terminations}?itemsPerPage=500`], [`POST ${ownEndpoint}:undo`]],
      stdout: `Deletion of interface endpoint '${vpce}' undone.\n`,
    },
  ])('$says', (row) => checkRow(server, row))

  test.each([
    {
      says: 'nothing to undo',
      results: [],
      error: /no deletion of an interface endpoint "vpce-\S+" can be undone any more/,
    },
    {
      says: 'several to undo',
      results: [termination, { ...termination, endpointServiceId: groupId }],
      error: /was detached from several private endpoints; choose one with --endpointServiceId:\n {2}5f4f/,
    },
  ])('$says is an error that undoes nothing', async ({ results, error }) => {
    server.answers = { [`GET ${terminations}?itemsPerPage=500`]: { body: { results } } }
    server.requests.length = 0
    const trial = await runTrial(['privateEndpoints', 'aws', 'interfaces', 'undo', vpce], { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr).toMatch(error)
    expect(server.requests).toHaveLength(1)
  })

  test('create --watch of one that FAILED is exit code 1, with its id and reason', async () => {
    server.answers = {
      [`POST ${atlas}/endpointService`]: { status: 201, body: { ...service, status: 'INITIATING' } },
      [`GET ${servicePath}`]: { body: { ...service, status: 'FAILED', errorMessage: 'No room.' } },
    }
    const trial = await runTrial(['privateEndpoints', 'aws', 'create', '--region', 'eu-west-1', '-w'], {
      url: server.url,
    })
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr).toMatch(new RegExp(`Error: private endpoint ${id} is FAILED: No room\\.\n$`))
  })

  test('--timeout ends a wait with exit code 1', async () => {
    server.answers = { [`GET ${servicePath}`]: { body: { ...service, status: 'INITIATING' } } }
    const trial = await runTrial(['privateEndpoints', 'aws', 'watch', id, '--timeout', '2'], { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr).toMatch(/is still INITIATING after 2 seconds; it goes on by itself\n$/)
  })

  test('what a deletion waits for is said while it waits, and where the time is over', async () => {
    const errorMessage = 'Edge gw2 may still serve this endpoint. Start it again, or forget it.'
    server.answers = {
      [`DELETE ${endpointPath}`]: { status: 204 },
      [`GET ${endpointPath}`]: [
        { body: { ...endpoint, connectionStatus: 'DELETING' } },
        { body: { ...endpoint, connectionStatus: 'DELETING', errorMessage } },
      ],
    }
    const words = ['interfaces', 'delete', vpce, '--endpointServiceId', id, '--force', '--watch', '--timeout', '2']
    const trial = await runTrial(['privateEndpoints', 'aws', ...words], { url: server.url })
    expect(trial.code).toBe(1)
    expect(trial.stderr).toMatch(/\n\.\nEdge gw2 may still serve this endpoint\. .*forget it\.\n\.+\n/)
    expect(trial.stderr).toMatch(
      /is still DELETING after 2 seconds: Edge gw2 may still serve this endpoint\. Start it again, or forget it\.\n$/,
    )
  })

  test('interfaces update with a limit that is none is refused', async () => {
    const words = ['privateEndpoints', 'aws', 'interfaces', 'update', vpce, '--connectionLimit', 'many']
    const trial = await runTrial(words, { url: server.url })
    const error = 'invalid value "many" for --connectionLimit: neither a whole number of at most 7 digits nor "default"'
    expect(trial).toMatchObject({ code: 1, stderr: `Error: ${error}\n` })
  })

  test.each([
    { flag: '--minimumTls', value: 'TLS1_1', error: 'neither TLS1_2, TLS1_3 nor "default"' },
    { flag: '--readOnly', value: 'yes', error: 'neither "true" nor "false"' },
    { flag: '--idleTimeout', value: '1.5', error: 'neither a whole number of at most 7 digits nor "default"' },
    { flag: '--allowedDatabaseUser', value: '', error: 'give a name, or "all"' },
  ])('interfaces update with $flag $value is refused', async ({ flag, value, error }) => {
    const words = ['privateEndpoints', 'aws', 'interfaces', 'update', vpce, flag, value]
    const trial = await runTrial(words, { url: server.url })
    expect(trial).toMatchObject({ code: 1, stderr: `Error: invalid value "${value}" for ${flag}: ${error}\n` })
  })

  test('interfaces update without anything to change is refused', async () => {
    const trial = await runTrial(['privateEndpoints', 'aws', 'interfaces', 'update', vpce], { url: server.url })
    expect(trial).toMatchObject({ code: 1, stderr: 'Error: nothing to change: give at least one flag\n' })
  })
})
