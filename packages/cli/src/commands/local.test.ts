import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandRow, checkRow } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, runTrial } from '../trial/run-trial.ts'

// The local cloud: flags as the clouds' own tools spell them, rows with ids and addresses.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const inGroup = `/api/atlas/v2/groups/${groupId}`
const own = '/api/postern/v1'
const service = '5f4fe14da2b47835a58c63a2'

describe('the local cloud', () => {
  const listen = { hosts: ['127.8.0.4'], firstPort: 1024, portCount: 3 }
  const serviceName = 'com.amazonaws.vpce.eu-west-1.vpce-svc-0705499aa25a2b1f5'
  const vpce = { vpcEndpointId: 'vpce-1', state: 'available', serviceName, listen }
  const vpceTable = `VPC ENDPOINT ID   STATE       ADDRESS               SERVICE NAME\nvpce-1            available   127.8.0.4:1024-1026   ${serviceName}\n`
  const azureId = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateEndpoints/app'
  const azure = { id: azureId, privateIPAddress: '127.8.0.4', connectionState: 'Pending', listen }
  const azureTable = `ID${' '.repeat(azureId.length + 1)}IP ADDRESS   STATE     LISTENS ON\n${azureId}   127.8.0.4    Pending   127.8.0.4:1024-1026\n`
  const rule = (name: string, ip: string) => ({
    ...{ name, project: 'local-project', region: 'europe-west1', IPAddress: ip, pscConnectionStatus: 'PENDING' },
    listen: { hosts: [ip], firstPort: 27017, portCount: 1 },
  })
  const created = { endpointGroupName: 'app', endpoints: 'app@127.8.0.9', forwardingRules: [rule('app', '127.8.0.9')] }
  const ruleHeader = 'NAME   PROJECT         REGION         IP ADDRESS   STATUS    LISTENS ON\n'
  const ruleTable = `${ruleHeader}app    local-project   europe-west1   127.8.0.9    PENDING   127.8.0.9:27017\n`
  const getService = (provider: string) => `GET ${inGroup}/privateEndpoint/${provider}/endpointService/${service}`
  const attachments = ['projects/p/regions/r/serviceAttachments/sa-0', 'projects/p/regions/r/serviceAttachments/sa-1']

  test.each<CommandRow>([
    {
      says: 'aws create, as the aws tool spells it',
      line: `local aws create-vpc-endpoint --service-name ${serviceName} --vpc-id vpc-12345678 --subnet-ids subnet-a,subnet-b --region eu-west-1`,
      answers: { [`POST ${own}/local/aws/vpcEndpoints`]: { status: 201, body: vpce } },
      sent: [
        [
          `POST ${own}/local/aws/vpcEndpoints`,
          { serviceName, vpcId: 'vpc-12345678', subnetIds: ['subnet-a', 'subnet-b'], region: 'eu-west-1' },
        ],
      ],
      stdout: vpceTable,
    },
    {
      says: 'aws create, in camel case',
      line: `local aws create-vpc-endpoint --serviceName ${serviceName}`,
      answers: { [`POST ${own}/local/aws/vpcEndpoints`]: { status: 201, body: vpce } },
      sent: [[`POST ${own}/local/aws/vpcEndpoints`, { serviceName }]],
      stdout: vpceTable,
    },
    {
      says: 'aws create for a service by its id',
      line: `local aws create-vpc-endpoint --endpoint-service-id ${service}`,
      answers: {
        [getService('AWS')]: { body: { id: service, endpointServiceName: serviceName } },
        [`POST ${own}/local/aws/vpcEndpoints`]: { status: 201, body: vpce },
      },
      sent: [[getService('AWS')], [`POST ${own}/local/aws/vpcEndpoints`, { serviceName }]],
      stdout: vpceTable,
    },
    {
      says: 'aws create in name form',
      line: `local aws create-vpc-endpoint --service-name ${serviceName} --form name`,
      answers: { [`POST ${own}/local/aws/vpcEndpoints`]: { status: 201, body: vpce } },
      sent: [[`POST ${own}/local/aws/vpcEndpoints`, { serviceName, form: 'name' }]],
      stdout: vpceTable,
    },
    {
      says: 'aws list',
      line: 'local aws list-vpc-endpoints',
      answers: { [`GET ${own}/local/aws/vpcEndpoints`]: { body: { results: [vpce], totalCount: 1 } } },
      sent: [[`GET ${own}/local/aws/vpcEndpoints`]],
      stdout: vpceTable,
    },
    {
      says: 'an endpoint with an address of its own shows no ports',
      line: 'local aws list-vpc-endpoints',
      answers: {
        [`GET ${own}/local/aws/vpcEndpoints`]: {
          body: { results: [{ ...vpce, listen: { hosts: ['127.8.0.4'], firstPort: 1024, portCount: 64_512 } }] },
        },
      },
      sent: [[`GET ${own}/local/aws/vpcEndpoints`]],
      stdout: `VPC ENDPOINT ID   STATE       ADDRESS     SERVICE NAME\nvpce-1            available   127.8.0.4   ${serviceName}\n`,
    },
    {
      says: 'aws delete',
      line: 'local aws delete-vpc-endpoint vpce-1',
      answers: { [`DELETE ${own}/local/aws/vpcEndpoints/vpce-1`]: { status: 204 } },
      sent: [[`DELETE ${own}/local/aws/vpcEndpoints/vpce-1`]],
      stdout: "VPC endpoint 'vpce-1' deleted\n",
    },
    {
      says: 'azure create, as the az tool spells it',
      line: 'local azure private-endpoint create -n app -g shop --private-connection-resource-id /pls -l westeurope',
      answers: { [`POST ${own}/local/azure/privateEndpoints`]: { status: 201, body: azure } },
      sent: [
        [
          `POST ${own}/local/azure/privateEndpoints`,
          { name: 'app', privateLinkServiceId: '/pls', resourceGroupName: 'shop', location: 'westeurope' },
        ],
      ],
      stdout: azureTable,
    },
    {
      says: 'azure create for a service by its id',
      line: `local azure private-endpoint create --name app --endpointServiceId ${service}`,
      answers: {
        [getService('AZURE')]: { body: { id: service, privateLinkServiceResourceId: '/pls' } },
        [`POST ${own}/local/azure/privateEndpoints`]: { status: 201, body: azure },
      },
      sent: [
        [getService('AZURE')],
        [`POST ${own}/local/azure/privateEndpoints`, { name: 'app', privateLinkServiceId: '/pls' }],
      ],
      stdout: azureTable,
    },
    {
      says: 'azure create in name form',
      line: 'local azure private-endpoint create -n app --private-connection-resource-id /pls --form name',
      answers: { [`POST ${own}/local/azure/privateEndpoints`]: { status: 201, body: azure } },
      sent: [[`POST ${own}/local/azure/privateEndpoints`, { name: 'app', privateLinkServiceId: '/pls', form: 'name' }]],
      stdout: azureTable,
    },
    {
      says: 'azure list',
      line: 'local azure private-endpoint list',
      answers: { [`GET ${own}/local/azure/privateEndpoints`]: { body: { results: [azure] } } },
      sent: [[`GET ${own}/local/azure/privateEndpoints`]],
      stdout: azureTable,
    },
    {
      says: 'azure delete',
      line: `local azure private-endpoint delete ${azureId}`,
      answers: { [`DELETE ${own}/local/azure/privateEndpoints/${encodeURIComponent(azureId)}`]: { status: 204 } },
      sent: [[`DELETE ${own}/local/azure/privateEndpoints/${encodeURIComponent(azureId)}`]],
      stdout: `Private endpoint '${azureId}' deleted\n`,
    },
    {
      says: 'gcp create, with what --endpoint wants on the last line',
      line: 'local gcp forwarding-rule create app --target-service-attachment sa-0',
      answers: { [`POST ${own}/local/gcp/forwardingRules`]: { status: 201, body: created } },
      sent: [[`POST ${own}/local/gcp/forwardingRules`, { name: 'app', target: 'sa-0' }]],
      stdout: `${ruleTable}\n--endpoint app@127.8.0.9\n`,
    },
    {
      says: 'gcp create in name form',
      line: 'local gcp forwarding-rule create app --target sa-0 --form name',
      answers: { [`POST ${own}/local/gcp/forwardingRules`]: { status: 201, body: created } },
      sent: [[`POST ${own}/local/gcp/forwardingRules`, { name: 'app', target: 'sa-0', form: 'name' }]],
      stdout: `${ruleTable}\n--endpoint app@127.8.0.9\n`,
    },
    {
      says: 'gcp create of many',
      line: 'local gcp forwarding-rule create app --target sa-0 --count 50 --project my-project',
      answers: { [`POST ${own}/local/gcp/forwardingRules`]: { status: 201, body: created } },
      sent: [
        [`POST ${own}/local/gcp/forwardingRules`, { name: 'app', target: 'sa-0', count: 50, project: 'my-project' }],
      ],
      stdout: `${ruleTable}\n--endpoint app@127.8.0.9\n`,
    },
    {
      says: 'gcp create by id makes as many as a service without port mapping demands',
      line: `local gcp forwarding-rule create app --endpoint-service-id ${service}`,
      answers: {
        [getService('GCP')]: { body: { id: service, portMappingEnabled: false, serviceAttachmentNames: attachments } },
        [`POST ${own}/local/gcp/forwardingRules`]: { status: 201, body: created },
      },
      sent: [
        [getService('GCP')],
        [`POST ${own}/local/gcp/forwardingRules`, { name: 'app', target: attachments[0], count: 2 }],
      ],
      stdout: `${ruleTable}\n--endpoint app@127.8.0.9\n`,
    },
    {
      says: 'gcp create by id makes one for a port-mapped service',
      line: `local gcp forwarding-rule create app --endpoint-service-id ${service}`,
      answers: {
        [getService('GCP')]: { body: { id: service, portMappingEnabled: true, serviceAttachmentNames: attachments } },
        [`POST ${own}/local/gcp/forwardingRules`]: { status: 201, body: created },
      },
      sent: [[getService('GCP')], [`POST ${own}/local/gcp/forwardingRules`, { name: 'app', target: attachments[0] }]],
      stdout: `${ruleTable}\n--endpoint app@127.8.0.9\n`,
    },
    {
      says: 'gcp list',
      line: 'local gcp forwarding-rules ls',
      answers: { [`GET ${own}/local/gcp/forwardingRules`]: { body: { results: [rule('app', '127.8.0.9')] } } },
      sent: [[`GET ${own}/local/gcp/forwardingRules`]],
      stdout: ruleTable,
    },
    {
      says: 'gcp delete by names',
      line: 'local gcp forwarding-rule delete a-0 a-1',
      answers: {
        [`GET ${own}/local/gcp/forwardingRules`]: {
          body: { results: [rule('a-0', '127.8.0.1'), rule('a-1', '127.8.0.2')] },
        },
        [`DELETE ${own}/local/gcp/forwardingRules/local-project/europe-west1/a-0`]: { status: 204 },
        [`DELETE ${own}/local/gcp/forwardingRules/local-project/europe-west1/a-1`]: { status: 204 },
      },
      sent: [
        [`GET ${own}/local/gcp/forwardingRules`],
        [`DELETE ${own}/local/gcp/forwardingRules/local-project/europe-west1/a-0`],
        [`DELETE ${own}/local/gcp/forwardingRules/local-project/europe-west1/a-1`],
      ],
      stdout: "Forwarding rule 'a-0' deleted\nForwarding rule 'a-1' deleted\n",
    },
  ])('$says', (row) => checkRow(server, row))

  test.each([
    {
      says: 'neither name nor id',
      line: 'local aws create-vpc-endpoint',
      error: 'required flag(s) "service-name" or "endpoint-service-id" not set',
    },
    {
      says: 'a form that there is not',
      line: 'local aws create-vpc-endpoint --service-name x --form srv',
      error: '--form takes address or name, not "srv"',
    },
    {
      says: 'a service that is not ready',
      line: `local aws create-vpc-endpoint --endpoint-service-id ${service}`,
      error: 'is INITIATING and has no name in its cloud yet',
    },
    {
      says: 'an id that is none',
      line: 'local gcp forwarding-rule create a --endpoint-service-id x',
      error: "the provided value 'x' is not a valid ID",
    },
    {
      says: 'one name of two that is not there',
      line: 'local gcp forwarding-rule delete app nope',
      error: 'no forwarding rule "nope" in the local cloud',
    },
    {
      says: 'a name that is there twice',
      line: 'local gcp forwarding-rule delete twice',
      error: '  --project other --region europe-west1',
    },
  ])('$says is refused and changes nothing', async ({ line, error }) => {
    server.requests.length = 0
    server.answers = {
      [getService('AWS')]: { body: { id: service, endpointServiceName: null, status: 'INITIATING' } },
      [`GET ${own}/local/gcp/forwardingRules`]: {
        body: { results: [rule('app', '1'), rule('twice', '2'), { ...rule('twice', '3'), project: 'other' }] },
      },
    }
    const trial = await runTrial(line.split(' '), { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr).toContain(error)
    expect(server.requests.every(({ method }) => method === 'GET')).toBe(true)
  })
})
