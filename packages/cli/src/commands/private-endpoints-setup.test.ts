import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandRow, checkRow } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, runTrial } from '../trial/run-trial.ts'

// `describe --setup`: the command alone on standard output, the rest beside it, and another cloud's tool named as such.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const id = '5f4fe14da2b47835a58c63a2'
const path = (cloud: string) =>
  `GET /api/postern/v1/groups/${groupId}/privateEndpoint/${cloud}/endpointService/${id}/setup`
const setup = {
  tool: 'aws',
  syntax: 'shell',
  create: "aws ec2 create-vpc-endpoint \\\n  --vpc-id '<VPC_ID>'",
  attach: "postern privateEndpoints aws interfaces create x --privateEndpointId '<VPC_ENDPOINT_ID>'",
  placeholders: [
    { placeholder: '<VPC_ID>', meaning: 'VPC of the endpoint.', parameter: 'vpcId' },
    { placeholder: '<VPC_ENDPOINT_ID>', meaning: 'As creating it told.', parameter: null },
  ],
}
const found = (...results: readonly object[]) => ({
  body: { cloudProvider: 'AWS', endpointServiceId: id, results, status: 'INITIATING' },
})

describe('describe --setup', () => {
  test.each<CommandRow>([
    {
      says: 'the command, and beside it what is left',
      line: `privateEndpoints aws describe ${id} --setup aws`,
      answers: { [`${path('AWS')}?tool=aws`]: found(setup) },
      sent: [[`${path('AWS')}?tool=aws`]],
      stdout: `${setup.create}\n`,
      stderr:
        /^<VPC_ID>: VPC of the endpoint\. --vpcId fills it in\.\n<VPC_ENDPOINT_ID>: As creating it told\.\nThen attach it:\npostern privateEndpoints /,
    },
    {
      says: 'what is known is filled in by the server',
      line: `privateEndpoints aws describe ${id} --setup terraform --vpcId vpc-0 --subnetIds subnet-0,subnet-1`,
      answers: {
        [`${path('AWS')}?vpcId=vpc-0&subnetIds=subnet-0&subnetIds=subnet-1&tool=terraform`]: found({
          ...setup,
          create: 'resource "a" "b" {\n}',
          attach: null,
          placeholders: [],
        }),
      },
      sent: [[`${path('AWS')}?vpcId=vpc-0&subnetIds=subnet-0&subnetIds=subnet-1&tool=terraform`]],
      stdout: 'resource "a" "b" {\n}\n',
    },
    {
      says: 'as JSON it is what the API answers',
      line: `privateEndpoints gcp get ${id} --setup gcloud --gcpProjectId shop-project -o json-path=$.tool`,
      answers: { [`${path('GCP')}?gcpProjectId=shop-project&tool=gcloud`]: found(setup) },
      sent: [[`${path('GCP')}?gcpProjectId=shop-project&tool=gcloud`]],
      stdout: '"aws"\n',
      stderr: /Then attach it/,
    },
  ])('$says', (row) => checkRow(server, row))

  test.each([
    {
      line: `privateEndpoints aws describe ${id} --setup az`,
      error: `Error: "az" does not make the consumer's side of AWS PrivateLink; --setup takes aws, terraform or local\n`,
    },
    {
      line: `privateEndpoints azure describe ${id} --setup gcloud`,
      error: `Error: "gcloud" does not make the consumer's side of Azure Private Link; --setup takes az, terraform or local\n`,
    },
    {
      line: `privateEndpoints gcp describe ${id} --setup aws`,
      error: `Error: "aws" does not make the consumer's side of Google Cloud Private Service Connect; --setup takes gcloud, terraform or local\n`,
    },
    {
      line: `privateEndpoints aws describe ${id} --vpcId vpc-0`,
      error: 'Error: --vpcId is of use with --setup only\n',
    },
  ])('$line: nothing is asked of the server', async ({ line, error }) => {
    server.requests.length = 0
    expect(await runTrial(line.split(' '), { url: server.url })).toMatchObject({ code: 1, stdout: '', stderr: error })
    expect(server.requests).toEqual([])
  })

  test('a service that has no name yet', async () => {
    server.answers = { [`${path('AWS')}?tool=local`]: found() }
    const { code, stdout, stderr } = await runTrial(`privateEndpoints aws describe ${id} --setup local`.split(' '), {
      url: server.url,
    })
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
    expect(stderr).toContain(`Error: private endpoint ${id} is INITIATING and has no name in its cloud yet\n`)
  })
})
