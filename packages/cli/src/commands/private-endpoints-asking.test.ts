import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { awsService, azureId, azureService, base, gcpService, service, vpce } from '../trial/endpoint-services.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { runTrial } from '../trial/run-trial.ts'

// Private endpoints beyond the templates: questions before a delete, services found by themselves, watching, and what
// is refused before any request is made.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const other = '5f4fe14da2b47835a58c63a3'

describe('json output', () => {
  test('-o=json prints the reply as it came, nulls included', async () => {
    server.answers = { [`GET ${base}/AWS/endpointService/${service}`]: { body: awsService } }
    const trial = await runTrial(['privateEndpoints', 'aws', 'describe', service, '-o=json'], { url: server.url })
    expect(JSON.parse(trial.stdout)).toEqual(awsService)
  })

  test.each(['json-path=$.[', 'go-template={{.Id', 'go-template-file=/nonexistent', 'json-path', 'xml'])(
    '-o %s is refused before anything is done',
    async (format) => {
      server.requests.length = 0
      const line = ['privateEndpoints', 'aws', 'create', '--region', 'eu-west-1', '-o', format]
      const trial = await runTrial(line, { url: server.url })
      expect(trial).toMatchObject({ code: 1, stdout: '' })
      expect(server.requests).toEqual([])
      expect(trial.stderr).toMatch(/^Error: .*(json-path|template|output format).*\n$/)
    },
  )
})

describe('before a delete', () => {
  const line = ['privateEndpoints', 'aws', 'interfaces', 'delete', vpce, '--endpointServiceId', service]
  const target = `${base}/AWS/endpointService/${service}/endpoint/${vpce}`

  test.each([
    { says: 'No', answer: false },
    { says: 'giving up', answer: undefined },
  ])('$says leaves it alone and is no failure', async ({ answer }) => {
    server.requests.length = 0
    const trial = await runTrial(line, { url: server.url, terminal: [answer] })
    expect(trial).toMatchObject({ code: 0, stdout: 'Interface endpoint not deleted\n' })
    expect(trial.asked).toEqual([`Are you sure you want to delete: ${vpce}`])
    expect(server.requests).toEqual([])
  })

  test('Yes deletes', async () => {
    server.answers = { [`DELETE ${target}`]: { status: 202, body: {} } }
    const trial = await runTrial(line, { url: server.url, terminal: [true] })
    expect(trial).toMatchObject({ code: 0, stdout: `Interface endpoint '${vpce}' deleted\n` })
  })

  test.each([[[]], [['--force=false']]])('nobody to ask and %j: an error that names --force', async (more) => {
    server.requests.length = 0
    const trial = await runTrial([...line, ...more], { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr).toContain('use --force')
    expect(server.requests).toEqual([])
  })

  test('a service has its own sentence for No', async () => {
    const trial = await runTrial(['privateEndpoints', 'gcp', 'delete', service], { url: server.url, terminal: [false] })
    expect(trial).toMatchObject({ code: 0, stdout: 'Private endpoint not deleted\n' })
  })
})

describe('an interface endpoint without --endpointServiceId', () => {
  const cases = [
    { cloud: 'aws', provider: 'AWS', id: vpce, segment: vpce, view: awsService },
    {
      cloud: 'azure',
      provider: 'AZURE',
      id: azureId.toUpperCase(),
      segment: encodeURIComponent(azureId.toUpperCase()),
      view: azureService,
    },
    { cloud: 'gcp', provider: 'GCP', id: 'shop', segment: 'shop', view: gcpService },
  ]
  test.each(cases)('$cloud: the one service that lists it is taken', async ({ cloud, provider, id, segment, view }) => {
    const target = `${base}/${provider}/endpointService/${service}/endpoint/${segment}`
    server.answers = {
      [`GET ${base}/${provider}/endpointService`]: {
        body: [{ ...view, id: other, interfaceEndpoints: [], privateEndpoints: [], endpointGroupNames: [] }, view],
      },
      [`DELETE ${target}`]: { status: 202, body: {} },
    }
    const trial = await runTrial(['privateEndpoints', cloud, 'interfaces', 'delete', id, '--force'], {
      url: server.url,
    })
    expect(trial).toMatchObject({ code: 0, stdout: `Interface endpoint '${id}' deleted\n` })
  })

  test('several services list it: all are shown, nothing is deleted', async () => {
    server.requests.length = 0
    server.answers = {
      [`GET ${base}/AWS/endpointService`]: {
        body: [awsService, { ...awsService, id: other, regionName: 'US_EAST_1' }],
      },
    }
    const trial = await runTrial(['privateEndpoints', 'aws', 'interfaces', 'delete', vpce, '--force'], {
      url: server.url,
    })
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr).toContain(`${service}   EU_WEST_1   AVAILABLE`)
    expect(trial.stderr).toContain(`${other}   US_EAST_1   AVAILABLE`)
    expect(server.requests.map(({ method }) => method)).toEqual(['GET'])
  })

  test('no service lists it', async () => {
    server.answers = { [`GET ${base}/AWS/endpointService`]: { body: [] } }
    const trial = await runTrial(['privateEndpoints', 'aws', 'interfaces', 'get', vpce], { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr).toContain(`has an interface endpoint "${vpce}"`)
  })
})

describe('watch', () => {
  const target = `GET ${base}/AWS/endpointService/${service}`
  const line = ['privateEndpoints', 'aws', 'watch', service]

  test('a dot per look on stderr until it is AVAILABLE', async () => {
    const initiating = { body: { ...awsService, status: 'INITIATING' } }
    server.answers = { [target]: [initiating, initiating, initiating, { body: awsService }] }
    const trial = await runTrial(line, { url: server.url })
    expect(trial.stderr).toBe(`Using ${server.url} (environment)\n...\n`)
    expect(trial.stdout).toBe('\nPrivate endpoint changes completed.\n')
  })

  test('FAILED is exit 1 with the error message, where the Atlas CLI says it completed', async () => {
    server.answers = { [target]: { body: { ...awsService, status: 'FAILED', errorMessage: 'Quota exceeded.' } } }
    const trial = await runTrial(line, { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr).toContain(`Error: private endpoint ${service} is FAILED: Quota exceeded.\n`)
  })

  test.each([
    { cloud: 'aws', view: { cloudProvider: 'AWS', connectionStatus: 'REJECTED' } },
    { cloud: 'azure', view: { cloudProvider: 'AZURE', status: 'FAILED' } },
    { cloud: 'gcp', view: { cloudProvider: 'GCP', status: 'FAILED' } },
  ])('$cloud: an interface endpoint that is refused is exit 1 with the reason', async ({ cloud, view }) => {
    const one = `GET ${base}/${view.cloudProvider}/endpointService/${service}/endpoint/x`
    const watch = ['privateEndpoints', cloud, 'interfaces', 'watch', 'x', '--endpointServiceId', service]
    server.answers = { [one]: { body: { ...view, errorMessage: 'It does not exist.' } } }
    const refused = await runTrial(watch, { url: server.url })
    expect(refused).toMatchObject({ code: 1, stdout: '' })
    expect(refused.stderr).toMatch(/Error: interface endpoint x is (REJECTED|FAILED): It does not exist\.\n$/)
    server.answers = { [one]: { body: { ...view, connectionStatus: 'AVAILABLE', status: 'AVAILABLE' } } }
    expect(await runTrial(watch, { url: server.url })).toMatchObject({
      code: 0,
      stdout: '\nInterface endpoint changes completed.\n',
    })
  })

  test('one that is gone is exit 1', async () => {
    server.answers = {}
    expect(await runTrial(line, { url: server.url })).toMatchObject({ code: 1, stdout: '' })
  })
})

describe('what is refused before any request', () => {
  const path = 'postern privateEndpoints'
  const usage = (line: string) => `\n\nUsage:  ${path} ${line} [flags]\n`
  test.each([
    {
      says: 'a missing argument',
      line: ['aws', 'describe'],
      error: `"${path} aws describe" requires 1 argument, received 0${usage('aws describe <privateEndpointId>')}`,
    },
    {
      says: 'an argument too many',
      line: ['aws', 'interfaces', 'create', 'a', 'b', '--privateEndpointId', 'c'],
      error: `"${path} aws interfaces create" requires 1 argument, received 2${usage('aws interfaces create <endpointServiceId>')}`,
    },
    {
      says: 'arguments where none are taken',
      line: ['gcp', 'list', 'x'],
      error: `"${path} gcp list" accepts no arguments${usage('gcp list')}`,
    },
    { says: 'a missing flag', line: ['aws', 'create'], error: 'required flag(s) "region" not set\n' },
    {
      says: 'several missing flags',
      line: ['azure', 'interfaces', 'create', service],
      error: 'required flag(s) "privateEndpointId", "privateEndpointIpAddress" not set\n',
    },
    { says: 'an id that is none', line: ['aws', 'get', 'xyz'], error: "the provided value 'xyz' is not a valid ID\n" },
    {
      says: 'a project id that is none',
      line: ['aws', 'list', '--projectId', 'mine'],
      error: "the provided value 'mine' is not a valid ID\n",
    },
    {
      says: 'a forwarding rule without an address',
      line: [
        'gcp',
        'interfaces',
        'create',
        'g',
        '--endpointServiceId',
        service,
        '--gcpProjectId',
        'p',
        '--endpoint',
        'foo',
      ],
      error: 'invalid endpoint: foo\nRequired format is: <endpointName>@<ipAddress>, eg: foo@127.0.0.1\n',
    },
    {
      says: 'a service id that would fold the path',
      line: ['azure', 'describe', '..'],
      error: '".." is not a valid endpointServiceId\n',
    },
  ])('$says', async ({ line, error }) => {
    server.requests.length = 0
    const trial = await runTrial(['privateEndpoints', ...line], { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr.replace(/^Using .*\n/, '')).toBe(`Error: ${error}`)
    expect(server.requests).toEqual([])
  })

  test('list takes --page and --limit, says that they do nothing, and sends neither', async () => {
    server.answers = { [`GET ${base}/AWS/endpointService`]: { body: [] } }
    const trial = await runTrial(['privateEndpoints', 'aws', 'list', '--page', '2', '--limit', '5'], {
      url: server.url,
    })
    expect(trial.code).toBe(0)
    expect(trial.stderr).toContain('Flag --page has been deprecated, --page and --limit are not supported')
  })
})

test('a 409 shows the sentence, the code and the fields', async () => {
  server.answers = {
    [`POST ${base}/endpointService`]: {
      status: 409,
      body: {
        detail: 'A private endpoint service already exists for AWS region US_EAST_1.',
        error: 409,
        errorCode: 'PRIVATE_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION',
        parameters: ['AWS', 'US_EAST_1'],
        reason: 'Conflict',
        badRequestDetail: { fields: [{ field: 'region', description: 'taken\u001b[31m' }] },
      },
    },
  }
  const trial = await runTrial(['privateEndpoints', 'aws', 'create', '--region', 'us-east-1'], { url: server.url })
  expect(trial).toMatchObject({ code: 1, stdout: '' })
  expect(trial.stderr).toBe(
    `Using ${server.url} (environment)\n` +
      'Error: A private endpoint service already exists for AWS region US_EAST_1. ' +
      '(HTTP 409, PRIVATE_ENDPOINT_SERVICE_ALREADY_EXISTS_FOR_REGION)\n  region: taken [31m\n',
  )
})
