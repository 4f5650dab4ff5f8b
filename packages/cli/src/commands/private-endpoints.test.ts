import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  awsService,
  azureId,
  azureService,
  base,
  gcpService,
  ownBase,
  service,
  vpce,
} from '../trial/endpoint-services.ts'
import { type Answers, type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { runTrial } from '../trial/run-trial.ts'

// The Atlas CLI's commands, arguments, flags, requests and printed templates, one row each: the table that scripts
// written for it rely on. Differences of ours are rows that say so.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const mediaType = 'application/vnd.atlas.2023-01-01+json'
const azureSegment = encodeURIComponent(azureId)

interface Row {
  readonly says: string
  readonly line: readonly string[]
  readonly answers: Answers
  readonly sent: readonly [method: string, target: string, body?: unknown]
  readonly stdout: string
}

const table: readonly Row[] = [
  {
    says: 'aws create sends provider and region as typed',
    line: ['aws', 'create', '--region', 'eu-west-1'],
    answers: { [`POST ${base}/endpointService`]: { status: 201, body: { ...awsService, status: 'INITIATING' } } },
    sent: ['POST', `${base}/endpointService`, { providerName: 'AWS', region: 'eu-west-1' }],
    stdout: `Private endpoint '${service}' created.\n`,
  },
  {
    says: 'aws list has the service name, and the region behind what the Atlas CLI shows',
    line: ['aws', 'list'],
    answers: { [`GET ${base}/AWS/endpointService`]: { body: [awsService] } },
    sent: ['GET', `${base}/AWS/endpointService`],
    stdout:
      'ID                         ENDPOINT SERVICE                                          STATUS      REGION      ERROR\n' +
      `${service}   com.amazonaws.vpce.eu-west-1.vpce-svc-0705499aa25a2b1f5   AVAILABLE   EU_WEST_1   \n`,
  },
  {
    says: 'aws ls of nothing prints the header alone',
    line: ['aws', 'ls'],
    answers: { [`GET ${base}/AWS/endpointService`]: { body: [] } },
    sent: ['GET', `${base}/AWS/endpointService`],
    stdout: 'ID    ENDPOINT SERVICE   STATUS   REGION   ERROR\n',
  },
  {
    says: 'aws describe shows the error of a failed service',
    line: ['aws', 'describe', service],
    answers: {
      [`GET ${base}/AWS/endpointService/${service}`]: {
        body: { ...awsService, endpointServiceName: null, status: 'FAILED', errorMessage: 'No room.\nTry later.' },
      },
    },
    sent: ['GET', `${base}/AWS/endpointService/${service}`],
    stdout: `ID                         ENDPOINT SERVICE   STATUS   REGION      ERROR\n${service}                      FAILED   EU_WEST_1   No room. Try later.\n`,
  },
  {
    says: 'aws delete --force does not ask',
    line: ['aws', 'delete', service, '--force'],
    answers: { [`DELETE ${base}/AWS/endpointService/${service}`]: { status: 202, body: {} } },
    sent: ['DELETE', `${base}/AWS/endpointService/${service}`],
    stdout: `Private endpoint '${service}' deleted\n`,
  },
  {
    says: 'aws watch ends on AVAILABLE',
    line: ['aws', 'watch', service],
    answers: { [`GET ${base}/AWS/endpointService/${service}`]: { body: awsService } },
    sent: ['GET', `${base}/AWS/endpointService/${service}`],
    stdout: '\nPrivate endpoint changes completed.\n',
  },
  {
    says: 'aws interfaces create',
    line: ['aws', 'interfaces', 'create', service, '--privateEndpointId', vpce],
    answers: {
      [`POST ${base}/AWS/endpointService/${service}/endpoint`]: { status: 201, body: { interfaceEndpointId: vpce } },
    },
    sent: ['POST', `${base}/AWS/endpointService/${service}/endpoint`, { id: vpce }],
    stdout: `Interface endpoint '${vpce}' created.\n`,
  },
  {
    says: 'aws interface add is the same under its aliases',
    line: ['aws', 'interface', 'add', service, '--privateEndpointId', vpce],
    answers: {
      [`POST ${base}/AWS/endpointService/${service}/endpoint`]: { status: 201, body: { interfaceEndpointId: vpce } },
    },
    sent: ['POST', `${base}/AWS/endpointService/${service}/endpoint`, { id: vpce }],
    stdout: `Interface endpoint '${vpce}' created.\n`,
  },
  {
    says: 'aws interfaces describe shows connectionStatus as STATUS',
    line: ['aws', 'interfaces', 'describe', vpce, '--endpointServiceId', service],
    answers: {
      [`GET ${ownBase}/AWS/endpointService/${service}/endpoint/${vpce}`]: {
        body: {
          interfaceEndpointId: vpce,
          connectionStatus: 'REJECTED',
          errorMessage: 'Unknown.',
          deleteRequested: false,
        },
      },
    },
    sent: ['GET', `${ownBase}/AWS/endpointService/${service}/endpoint/${vpce}`],
    stdout: `ID                       STATUS     ERROR\n${vpce}   REJECTED   Unknown.\n`,
  },
  {
    says: 'aws interfaces delete',
    line: ['aws', 'interfaces', 'rm', vpce, '--endpointServiceId', service, '--force'],
    answers: { [`DELETE ${base}/AWS/endpointService/${service}/endpoint/${vpce}`]: { status: 202, body: {} } },
    sent: ['DELETE', `${base}/AWS/endpointService/${service}/endpoint/${vpce}`],
    stdout: `Interface endpoint '${vpce}' deleted\n`,
  },
  {
    says: 'azure create',
    line: ['azure', 'create', '--region', 'eastus2'],
    answers: { [`POST ${base}/endpointService`]: { status: 201, body: azureService } },
    sent: ['POST', `${base}/endpointService`, { providerName: 'AZURE', region: 'eastus2' }],
    stdout: `Private endpoint '${service}' created.\n`,
  },
  {
    says: 'azure list shows the private link service',
    line: ['azure', 'list'],
    answers: { [`GET ${base}/AZURE/endpointService`]: { body: [azureService] } },
    sent: ['GET', `${base}/AZURE/endpointService`],
    stdout:
      'ID                         ENDPOINT SERVICE               STATUS       REGION      ERROR\n' +
      `${service}   pls_${service}   INITIATING   US_EAST_2   \n`,
  },
  {
    says: 'azure describe',
    line: ['azure', 'get', service],
    answers: { [`GET ${base}/AZURE/endpointService/${service}`]: { body: azureService } },
    sent: ['GET', `${base}/AZURE/endpointService/${service}`],
    stdout:
      'ID                         ENDPOINT SERVICE               STATUS       REGION      ERROR\n' +
      `${service}   pls_${service}   INITIATING   US_EAST_2   \n`,
  },
  {
    says: 'azure watch',
    line: ['azure', 'watch', service],
    answers: { [`GET ${base}/AZURE/endpointService/${service}`]: { body: { ...azureService, status: 'AVAILABLE' } } },
    sent: ['GET', `${base}/AZURE/endpointService/${service}`],
    stdout: '\nPrivate endpoint changes completed.\n',
  },
  {
    says: 'azure delete',
    line: ['azure', 'rm', service, '--force'],
    answers: { [`DELETE ${base}/AZURE/endpointService/${service}`]: { status: 202, body: {} } },
    sent: ['DELETE', `${base}/AZURE/endpointService/${service}`],
    stdout: `Private endpoint '${service}' deleted\n`,
  },
  {
    says: 'azure interfaces create sends the address too',
    line: [
      ...['azure', 'interfaces', 'create', service],
      ...['--privateEndpointId', azureId, '--privateEndpointIpAddress', '127.8.0.4'],
    ],
    answers: {
      [`POST ${base}/AZURE/endpointService/${service}/endpoint`]: {
        status: 201,
        body: { privateEndpointResourceId: azureId },
      },
    },
    sent: [
      'POST',
      `${base}/AZURE/endpointService/${service}/endpoint`,
      { id: azureId, privateEndpointIPAddress: '127.8.0.4' },
    ],
    stdout: `Interface endpoint '${azureId}' created.\n`,
  },
  {
    says: 'azure interfaces describe sends the resource id as one percent-encoded segment',
    line: ['azure', 'interfaces', 'describe', azureId, '--endpointServiceId', service],
    answers: {
      [`GET ${ownBase}/AZURE/endpointService/${service}/endpoint/${azureSegment}`]: {
        body: { privateEndpointResourceId: '/x', privateEndpointIPAddress: '127.8.0.4', status: 'AVAILABLE' },
      },
    },
    sent: ['GET', `${ownBase}/AZURE/endpointService/${service}/endpoint/${azureSegment}`],
    stdout: 'ID    IP ADDRESS   STATUS      ERROR\n/x    127.8.0.4    AVAILABLE   \n',
  },
  {
    says: 'azure interfaces delete',
    line: ['azure', 'interfaces', 'delete', azureId, '--endpointServiceId', service, '--force'],
    answers: {
      [`DELETE ${base}/AZURE/endpointService/${service}/endpoint/${azureSegment}`]: { status: 202, body: {} },
    },
    sent: ['DELETE', `${base}/AZURE/endpointService/${service}/endpoint/${azureSegment}`],
    stdout: `Interface endpoint '${azureId}' deleted\n`,
  },
  {
    says: 'gcp create is without port mapping unless asked',
    line: ['gcp', 'create', '--region', 'CENTRAL_US'],
    answers: { [`POST ${base}/endpointService`]: { status: 201, body: gcpService } },
    sent: ['POST', `${base}/endpointService`, { providerName: 'GCP', region: 'CENTRAL_US', portMappingEnabled: false }],
    stdout: `Private endpoint '${service}' created.\n`,
  },
  {
    says: 'gcp create --portMappingEnabled',
    line: ['gcp', 'create', '--region=europe-west1', '--portMappingEnabled'],
    answers: { [`POST ${base}/endpointService`]: { status: 201, body: gcpService } },
    sent: [
      'POST',
      `${base}/endpointService`,
      { providerName: 'GCP', region: 'europe-west1', portMappingEnabled: true },
    ],
    stdout: `Private endpoint '${service}' created.\n`,
  },
  {
    says: 'gcp list shows the region',
    line: ['gcp', 'list'],
    answers: { [`GET ${base}/GCP/endpointService`]: { body: [gcpService] } },
    sent: ['GET', `${base}/GCP/endpointService`],
    stdout:
      'ID                         REGION           STATUS      ERROR\n' +
      `${service}   WESTERN_EUROPE   AVAILABLE   \n`,
  },
  {
    says: 'gcp describe joins the group names',
    line: ['gcp', 'describe', service],
    answers: { [`GET ${base}/GCP/endpointService/${service}`]: { body: gcpService } },
    sent: ['GET', `${base}/GCP/endpointService/${service}`],
    stdout:
      'ID                         GROUP NAME   REGION           STATUS      PORT MAPPING ENABLED   ERROR\n' +
      `${service}   app, shop    WESTERN_EUROPE   AVAILABLE   true                   \n`,
  },
  {
    says: 'gcp describe says N/A where there is no group',
    line: ['gcp', 'describe', service],
    answers: {
      [`GET ${base}/GCP/endpointService/${service}`]: {
        body: { ...gcpService, endpointGroupNames: [], portMappingEnabled: false },
      },
    },
    sent: ['GET', `${base}/GCP/endpointService/${service}`],
    stdout:
      'ID                         GROUP NAME   REGION           STATUS      PORT MAPPING ENABLED   ERROR\n' +
      `${service}   N/A          WESTERN_EUROPE   AVAILABLE   false                  \n`,
  },
  {
    says: 'gcp watch has a sentence of its own',
    line: ['gcp', 'watch', service],
    answers: { [`GET ${base}/GCP/endpointService/${service}`]: { body: gcpService } },
    sent: ['GET', `${base}/GCP/endpointService/${service}`],
    stdout: '\nGCP Private endpoint changes completed.\n',
  },
  {
    says: 'gcp delete',
    line: ['gcp', 'delete', service, '--force'],
    answers: { [`DELETE ${base}/GCP/endpointService/${service}`]: { status: 202, body: {} } },
    sent: ['DELETE', `${base}/GCP/endpointService/${service}`],
    stdout: `Private endpoint '${service}' deleted\n`,
  },
  {
    says: 'gcp interfaces create takes a comma list of name@ip',
    line: [
      ...['gcp', 'interfaces', 'create', 'app', '--endpointServiceId', service, '--gcpProjectId', 'local-project'],
      ...['--endpoint', 'app-0@127.8.0.1,app-1@127.8.0.2', '--endpoint', 'app-2@127.8.0.3'],
    ],
    answers: {
      [`POST ${base}/GCP/endpointService/${service}/endpoint`]: { status: 201, body: { endpointGroupName: 'app' } },
    },
    sent: [
      'POST',
      `${base}/GCP/endpointService/${service}/endpoint`,
      {
        endpointGroupName: 'app',
        gcpProjectId: 'local-project',
        endpoints: [
          { endpointName: 'app-0', ipAddress: '127.8.0.1' },
          { endpointName: 'app-1', ipAddress: '127.8.0.2' },
          { endpointName: 'app-2', ipAddress: '127.8.0.3' },
        ],
      },
    ],
    stdout: "Interface endpoint 'app' created.\n",
  },
  {
    says: 'gcp interfaces describe has an ERROR column, which the Atlas CLI has not',
    line: ['gcp', 'interfaces', 'describe', 'app', '--endpointServiceId', service],
    answers: {
      [`GET ${ownBase}/GCP/endpointService/${service}/endpoint/app`]: {
        body: { endpointGroupName: 'app', status: 'FAILED', deleteRequested: false, errorMessage: '2 of 50 rules.' },
      },
    },
    sent: ['GET', `${ownBase}/GCP/endpointService/${service}/endpoint/app`],
    stdout: 'ENDPOINT   STATUS   DELETE REQUESTED   ERROR\napp        FAILED   false              2 of 50 rules.\n',
  },
  {
    says: 'gcp interfaces delete',
    line: ['gcp', 'interfaces', 'delete', 'app', '--endpointServiceId', service, '--force'],
    answers: { [`DELETE ${base}/GCP/endpointService/${service}/endpoint/app`]: { status: 202, body: {} } },
    sent: ['DELETE', `${base}/GCP/endpointService/${service}/endpoint/app`],
    stdout: "Interface endpoint 'app' deleted\n",
  },
  {
    says: 'regionalModes describe',
    line: ['regionalModes', 'describe'],
    answers: { [`GET ${base}/regionalMode`]: { body: { enabled: false } } },
    sent: ['GET', `${base}/regionalMode`],
    stdout: 'ENABLED\nfalse\n',
  },
  {
    says: 'regionalModes enable',
    line: ['regional-mode', 'enable'],
    answers: { [`PATCH ${base}/regionalMode`]: { status: 202, body: { enabled: true } } },
    sent: ['PATCH', `${base}/regionalMode`, { enabled: true }],
    stdout: 'Regionalized private endpoint setting enabled.\n',
  },
  {
    says: 'regionalModes disable',
    line: ['regionalModes', 'disable'],
    answers: { [`PATCH ${base}/regionalMode`]: { status: 202, body: { enabled: false } } },
    sent: ['PATCH', `${base}/regionalMode`, { enabled: false }],
    stdout: 'Regionalized private endpoint setting disabled.\n',
  },
]

describe('what a command sends and prints', () => {
  test.each(table)('$says', async ({ line, answers, sent, stdout }) => {
    server.answers = answers
    server.requests.length = 0
    const trial = await runTrial(['privateEndpoints', ...line], { url: server.url })
    expect(trial.stderr).toBe(`Using ${server.url} (environment)\n`)
    expect(trial.stdout).toBe(stdout)
    expect(trial.code).toBe(0)
    const [method, target, body] = sent
    expect(server.requests).toEqual([
      {
        method,
        target,
        accept: target.startsWith(base) ? mediaType : 'application/json',
        contentType: body === undefined ? undefined : mediaType,
        body,
      },
    ])
  })
})
