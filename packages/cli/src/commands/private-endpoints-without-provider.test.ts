import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { awsService, base, ownBase, service, vpce } from '../trial/endpoint-services.ts'
import { type Answers, type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, runTrial } from '../trial/run-trial.ts'

// What the Atlas CLI keeps of the time when it knew AWS only: hidden, and answered as the command of AWS that it names.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const endpoint = { cloudProvider: 'AWS', interfaceEndpointId: vpce, connectionStatus: 'AVAILABLE', errorMessage: null }
const services = `${base}/AWS/endpointService`
const table: readonly {
  readonly line: string
  readonly use: string
  readonly answers: Answers
  readonly sent: readonly unknown[]
  readonly stdout: string
}[] = [
  {
    line: 'create --region eu-west-1 --provider AWS',
    use: 'aws create [--region region]',
    answers: { [`POST ${base}/endpointService`]: { status: 201, body: awsService } },
    sent: [`POST ${base}/endpointService`, { providerName: 'AWS', region: 'eu-west-1' }],
    stdout: `Private endpoint '${service}' created.\n`,
  },
  {
    line: `get ${service} -o json-path=$.id`,
    use: 'aws describe <ID>',
    answers: { [`GET ${services}/${service}`]: { body: awsService } },
    sent: [`GET ${services}/${service}`, undefined],
    stdout: `"${service}"\n`,
  },
  {
    line: `watch ${service}`,
    use: 'aws watch <ID>',
    answers: { [`GET ${services}/${service}`]: { body: awsService } },
    sent: [`GET ${services}/${service}`, undefined],
    stdout: '\nPrivate endpoint changes completed.\n',
  },
  {
    line: `rm ${service} --force`,
    use: 'aws delete <ID>',
    answers: { [`DELETE ${services}/${service}`]: { status: 202, body: {} } },
    sent: [`DELETE ${services}/${service}`, undefined],
    stdout: `Private endpoint '${service}' deleted\n`,
  },
  {
    line: `interfaces add ${service} --privateEndpointId ${vpce}`,
    use: 'aws interfaces create <atlasPrivateEndpointId> [--privateEndpointId privateEndpointID]',
    answers: { [`POST ${services}/${service}/endpoint`]: { status: 201, body: endpoint } },
    sent: [`POST ${services}/${service}/endpoint`, { id: vpce }],
    stdout: `Interface endpoint '${vpce}' created.\n`,
  },
  {
    line: `interface describe ${service} --privateEndpointId ${vpce}`,
    use: 'aws interfaces describe <atlasPrivateEndpointId> [--privateEndpointId privateEndpointID]',
    answers: { [`GET ${ownBase}/AWS/endpointService/${service}/endpoint/${vpce}`]: { body: endpoint } },
    sent: [`GET ${ownBase}/AWS/endpointService/${service}/endpoint/${vpce}`, undefined],
    stdout: `ID                       STATUS      ERROR\n${vpce}   AVAILABLE   \n`,
  },
  {
    line: `interfaces delete ${service} --privateEndpointId ${vpce} --force --projectId ${groupId}`,
    use: 'aws interfaces delete <atlasPrivateEndpointId> [--privateEndpointId privateEndpointID]',
    answers: { [`DELETE ${services}/${service}/endpoint/${vpce}`]: { status: 202, body: {} } },
    sent: [`DELETE ${services}/${service}/endpoint/${vpce}`, undefined],
    stdout: `Interface endpoint '${vpce}' deleted\n`,
  },
]
const words: Readonly<Record<string, string>> = { get: 'describe', rm: 'delete', add: 'create' }

describe('privateEndpoints without a cloud', () => {
  test.each(table)('$line', async ({ line, use, answers, sent, stdout }) => {
    server.answers = answers
    server.requests.length = 0
    const trial = await runTrial(['privateEndpoints', ...line.split(' ')], { url: server.url })
    const typed = line.replace(/^interfaces? /, '').split(' ')[0] ?? ''
    const told = `Command "${words[typed] ?? typed}" is deprecated, Please use postern privateEndpoints ${use} [--projectId projectId]\n`
    expect(trial).toMatchObject({ code: 0, stdout, stderr: `${told}Using ${server.url} (environment)\n` })
    expect(server.requests.map(({ method, target, body }) => [`${method} ${target}`, body])).toEqual([sent])
  })

  test('neither help nor a shell offers them', async () => {
    const help = await runTrial(['privateEndpoints', '--help'])
    expect(help.stdout).not.toMatch(/^ {2}(create|describe|delete|watch|interfaces) /m)
    expect((await runTrial(['__complete', 'privateEndpoints', ''])).stdout).not.toMatch(/^(create|interfaces)\t/m)
  })

  test('create makes nothing for another cloud', async () => {
    server.requests.length = 0
    const line = ['privateEndpoints', 'create', '--region', 'eastus2', '--provider', 'AZURE']
    const trial = await runTrial(line, { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr).toContain('Error: --provider takes AWS, not AZURE')
    expect(server.requests).toEqual([])
  })

  test('an endpoint must be named', async () => {
    const trial = await runTrial(['privateEndpoints', 'interfaces', 'delete', service, '--force'], { url: server.url })
    expect(trial.stderr).toContain('Error: required flag(s) "privateEndpointId" not set\n')
  })
})
