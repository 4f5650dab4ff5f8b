// The journey by hand: the command line as a person types it, against one running Postern that it finds through
// POSTERN_HOME alone, for all four forms of a private endpoint on the sample cluster. Each output is held to the letter;
// ids and addresses are patterns. Most steps run in this process, for speed; the first of each kind as the program that is
// shipped.

import { createServer } from 'node:net'
import { runCli } from '@postern/cli/run-cli'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { postern } from './program.ts'
import { startForTest } from './running.ts'

let running: Running
let env: Readonly<Record<string, string>>

beforeAll(async () => {
  running = await startForTest({ sample: true })
  // No profile of whoever runs the suite may count.
  env = { POSTERN_HOME: running.home, XDG_CONFIG_HOME: running.home }
})
afterAll(() => running?.stop())

interface Ended {
  readonly code: number
  readonly stdout: string
  /** Without the line that says which server is used, and without signs of life. */
  readonly stderr: string
}

const words = (line: string): string[] => line.split(' ')

async function cli(line: string, input = ''): Promise<Ended> {
  const out = { stdout: '', stderr: '' }
  const into = (stream: keyof typeof out) => ({
    write: (text: string) => {
      out[stream] += text
    },
  })
  async function* typed() {
    yield input
  }
  const stdin = { [Symbol.asyncIterator]: typed }
  const code = await runCli({ argv: words(line), env, stdin, stdout: into('stdout'), stderr: into('stderr') })
  return { code, stdout: out.stdout, stderr: out.stderr.replaceAll(/^(Using .*|Waiting for .*|\.+)\n/gm, '') }
}

/** Runs it, expects it to end well, and answers with what the pattern's groups caught on standard output. */
async function says(line: string, pattern: RegExp, input?: string): Promise<readonly string[]> {
  const { code, stdout, stderr } = await cli(line, input)
  expect({ line, code, stderr, stdout }).toEqual({ line, code: 0, stderr: '', stdout: expect.stringMatching(pattern) })
  return pattern.exec(stdout)?.slice(1) ?? []
}

const fails = async (line: string, error: string | RegExp): Promise<void> => {
  const expected = typeof error === 'string' ? error : expect.stringMatching(error)
  expect(await cli(line)).toEqual({ code: 1, stdout: '', stderr: expected })
}

/** Lines of a table: cells apart by three blanks or more; `<id>`, `<address>` and the like stand for patterns. */
function table(...lines: readonly (readonly string[])[]): RegExp {
  const cells = lines.map((line) => line.map(cellPattern).join(' {3,}'))
  return new RegExp(`^${cells.map((line) => `${line} *\n`).join('')}$`)
}

const patterns: Readonly<Record<string, string>> = {
  '<id>': '[0-9a-f]{24}',
  '<vpce>': '(vpce-[0-9a-f]{17})',
  '<address>': '((?:127\\.\\d+\\.\\d+\\.\\d+)(?::\\d+-\\d+)?)',
}
const cellPattern = (cell: string): string =>
  patterns[cell] ?? cell.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('<hex17>', '[0-9a-f]{17}')

/** The connection strings that the sample cluster has now. */
async function strings(): Promise<readonly string[]> {
  const [lines = ''] = await says(
    'clusters connectionStrings describe Cluster0 --type privateEndpoint',
    /^PRIVATE ENDPOINT CONNECTION STRING\n((?:mongodb:\/\/[0-9.:,]+\/\?authSource=admin&replicaSet=\S+\n)*)$/,
  )
  return lines.split('\n').filter((line) => line !== '')
}

interface Form {
  readonly says: string
  readonly cloud: string
  readonly create: string
  readonly watched: string
  /** Header and row of `describe` and `list`, but for the id, once AVAILABLE. */
  readonly described: readonly [readonly string[], readonly string[]]
  readonly listed: readonly [readonly string[], readonly string[]]
  /** Makes the consumer's side; answers its id, how it is attached, and what `describe` shows of it in the end. */
  readonly consumer: (serviceId: string) => Promise<{
    readonly id: string
    readonly attach: string
    readonly described: readonly [readonly string[], readonly string[]]
    readonly remove: string
    readonly removed: string
  }>
}

const awsName = 'com.amazonaws.vpce.eu-west-1.vpce-svc-<hex17>'
const azureId =
  '/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/default/providers/Microsoft.Network/privateEndpoints/shop'
const serviceHeader = ['ID', 'ENDPOINT SERVICE', 'STATUS', 'REGION', 'ERROR']
const gcpHeader = ['ID', 'GROUP NAME', 'REGION', 'STATUS', 'PORT MAPPING ENABLED', 'ERROR']
const ruleHeader = ['NAME', 'PROJECT', 'REGION', 'IP ADDRESS', 'STATUS', 'LISTENS ON']

const gcp = (rules: readonly string[], region: string) => async (serviceId: string) => {
  const place = region === 'europe-west1' ? ['local-project', 'europe-west1'] : ['local-project', region]
  const made = rules.map((rule) => [rule, ...place, '<address>', 'PENDING', '<address>'])
  const pattern = table(ruleHeader, ...made).source.replace(/\$$/, '')
  const found = await says(
    `local gcp forwarding-rule create shop --endpoint-service-id ${serviceId}`,
    new RegExp(`${pattern}\n--endpoint (\\S+)\n$`),
  )
  const endpoints = found.at(-1) ?? ''
  expect(endpoints.split(',').map((one) => one.split('@')[0])).toEqual(rules)
  await says('local gcp forwarding-rule list', table(ruleHeader, ...made))
  return {
    id: 'shop',
    attach: `shop --endpointServiceId ${serviceId} --gcpProjectId local-project --endpoint ${endpoints}`,
    described: [
      ['ENDPOINT', 'STATUS', 'DELETE REQUESTED', 'ERROR'],
      ['shop', 'AVAILABLE', 'false'],
    ] as const,
    remove: `local gcp forwarding-rule delete ${rules.join(' ')}`,
    removed: rules.map((rule) => `Forwarding rule '${rule}' deleted\n`).join(''),
  }
}

const forms: readonly Form[] = [
  {
    says: 'AWS',
    cloud: 'aws',
    create: 'create --region eu-west-1',
    watched: 'Private endpoint changes completed.',
    described: [serviceHeader, [awsName, 'AVAILABLE', 'EU_WEST_1']],
    listed: [serviceHeader, [awsName, 'AVAILABLE', 'EU_WEST_1']],
    consumer: async (serviceId) => {
      const header = ['VPC ENDPOINT ID', 'STATE', 'ADDRESS', 'SERVICE NAME']
      const [id = ''] = await says(
        `local aws create-vpc-endpoint --endpoint-service-id ${serviceId}`,
        table(header, ['<vpce>', 'pendingAcceptance', '<address>', awsName]),
      )
      const sample = 'com.amazonaws.vpce.us-east-1.vpce-svc-<hex17>'
      await says(
        'local aws list-vpc-endpoints',
        table(header, ['<vpce>', 'available', '<address>', sample], [id, 'pendingAcceptance', '<address>', awsName]),
      )
      return {
        id,
        attach: `${serviceId} --privateEndpointId ${id}`,
        described: [
          ['ID', 'STATUS', 'ERROR'],
          [id, 'AVAILABLE'],
        ],
        remove: `local aws delete-vpc-endpoint ${id}`,
        removed: `VPC endpoint '${id}' deleted\n`,
      }
    },
  },
  {
    says: 'Azure',
    cloud: 'azure',
    create: 'create --region westeurope',
    watched: 'Private endpoint changes completed.',
    described: [serviceHeader, ['pls_<own id>', 'AVAILABLE', 'EUROPE_WEST']],
    listed: [serviceHeader, ['pls_<own id>', 'AVAILABLE', 'EUROPE_WEST']],
    consumer: async (serviceId) => {
      const made = table(['ID', 'IP ADDRESS', 'STATE', 'LISTENS ON'], [azureId, '<address>', 'Pending', '<address>'])
      const [address = ''] = await says(
        `local azure private-endpoint create --name shop --endpoint-service-id ${serviceId}`,
        made,
      )
      await says('local azure private-endpoint list', made)
      return {
        id: azureId,
        attach: `${serviceId} --privateEndpointId ${azureId} --privateEndpointIpAddress ${address}`,
        described: [
          ['ID', 'IP ADDRESS', 'STATUS', 'ERROR'],
          [azureId, address, 'AVAILABLE'],
        ],
        remove: `local azure private-endpoint delete ${azureId}`,
        removed: `Private endpoint '${azureId}' deleted\n`,
      }
    },
  },
  {
    says: 'GCP, port-mapped',
    cloud: 'gcp',
    create: 'create --region europe-west1 --portMappingEnabled',
    watched: 'GCP Private endpoint changes completed.',
    described: [gcpHeader, ['N/A', 'WESTERN_EUROPE', 'AVAILABLE', 'true']],
    listed: [
      ['ID', 'REGION', 'STATUS', 'ERROR'],
      ['WESTERN_EUROPE', 'AVAILABLE'],
    ],
    consumer: gcp(['shop'], 'europe-west1'),
  },
  {
    says: 'GCP, legacy',
    cloud: 'gcp',
    create: 'create --region us-east1',
    watched: 'GCP Private endpoint changes completed.',
    described: [gcpHeader, ['N/A', 'EASTERN_US', 'AVAILABLE', 'false']],
    listed: [
      ['ID', 'REGION', 'STATUS', 'ERROR'],
      ['EASTERN_US', 'AVAILABLE'],
    ],
    consumer: gcp(
      Array.from({ length: 50 }, (_, rule) => `shop-${rule}`),
      'us-east1',
    ),
  },
]

test('a database user is made, its password from standard input', async () => {
  await says(
    'dbusers create readWriteAnyDatabase --username shop',
    /^Database user 'shop' successfully created\.\n$/,
    'a good password\n',
  )
  await says('dbusers list', table(['USERNAME', 'DATABASE'], ['app', 'admin'], ['shop', 'admin']))
})

describe.each(forms)('$says', (form) => {
  const noun = `privateEndpoints ${form.cloud}`

  test('from create to the connection string, and back', async () => {
    const [serviceId = ''] = await says(`${noun} ${form.create}`, /^Private endpoint '([0-9a-f]{24})' created\.\n$/)
    await says(`${noun} watch ${serviceId}`, new RegExp(`^\n${form.watched}\n$`))
    const rowOf = (cells: readonly string[]) => [serviceId, ...cells.map((cell) => cell.replace('<own id>', serviceId))]
    await says(`${noun} describe ${serviceId}`, table(form.described[0], rowOf(form.described[1])))
    const others =
      form.cloud === 'aws' ? [['<id>', 'com.amazonaws.vpce.us-east-1.vpce-svc-<hex17>', 'AVAILABLE', 'US_EAST_1']] : []
    await says(`${noun} list`, table(form.listed[0], ...others, rowOf(form.listed[1])))

    const consumer = await form.consumer(serviceId)
    const before = await strings()
    const created = `Interface endpoint '${consumer.id}' created.\n`
    expect(await cli(`${noun} interfaces create ${consumer.attach}`)).toEqual({ code: 0, stdout: created, stderr: '' })
    await says(`${noun} interfaces watch ${consumer.id}`, /^\nInterface endpoint changes completed\.\n$/)
    await says(`${noun} interfaces describe ${consumer.id}`, table(...consumer.described))
    const after = await strings()
    expect(after.slice(0, before.length)).toEqual(before)
    expect(after).toHaveLength(before.length + 1)

    await fails(
      `${noun} delete ${serviceId} --force`,
      `Error: Private endpoint service ${serviceId} still has endpoints: ${consumer.id}. Delete them first. (HTTP 409, PRIVATE_ENDPOINT_SERVICE_HAS_ENDPOINTS)\n`,
    )
    const deleted = `Interface endpoint '${consumer.id}' deleted\n`
    expect(await cli(`${noun} interfaces delete ${consumer.id} --force`)).toMatchObject({ code: 0, stdout: deleted })
    await expect
      .poll(async () => (await cli(`${noun} describe ${serviceId}`)).stderr, { timeout: 10_000 })
      .toMatch(
        /^Error: No private endpoint service with ID \S+ exists .*\(HTTP 404, PRIVATE_ENDPOINT_SERVICE_NOT_FOUND\)\n$/,
      )
    expect(await strings()).toEqual(before)
    expect(await cli(consumer.remove)).toMatchObject({ code: 0, stdout: consumer.removed })
  })
})

describe('an interface endpoint that is refused', () => {
  const newService = async (cloud: string, flags: string): Promise<string> => {
    const [id = ''] = await says(
      `privateEndpoints ${cloud} create ${flags}`,
      /^Private endpoint '([0-9a-f]{24})' created\.\n$/,
    )
    await says(`privateEndpoints ${cloud} watch ${id}`, /completed\.\n$/)
    return id
  }
  const remove = async (cloud: string, serviceId: string, endpointId: string): Promise<void> => {
    await says(
      `privateEndpoints ${cloud} interfaces delete ${endpointId} --endpointServiceId ${serviceId} --force`,
      /deleted\n$/,
    )
  }

  test('AWS: one that does not exist is REJECTED, and the sentence says what to do', async () => {
    const serviceId = await newService('aws', '--region eu-west-2')
    const absent = 'vpce-11111111111111111'
    await cli(`privateEndpoints aws interfaces create ${serviceId} --privateEndpointId ${absent}`)
    const why = `The VPC endpoint ${absent} does not exist\\. Create it for the service com\\S+ \\(region eu-west-2\\), or correct the ID, then .*\\.`
    await fails(
      `privateEndpoints aws interfaces watch ${absent}`,
      new RegExp(`Error: interface endpoint ${absent} is REJECTED: ${why}\n$`),
    )
    await says(
      `privateEndpoints aws interfaces describe ${absent}`,
      new RegExp(`^ID {23}STATUS {5}ERROR\n${absent} {3}REJECTED {3}${why}\n$`),
    )
    await remove('aws', serviceId, absent)
  })

  test('AWS: one that was made for another service is REJECTED', async () => {
    const serviceId = await newService('aws', '--region eu-west-3')
    const { body } = await running.client.call('listLocalAwsVpcEndpoints', {})
    const stranger = body.results[0]?.vpcEndpointId ?? ''
    await cli(`privateEndpoints aws interfaces create ${serviceId} --privateEndpointId ${stranger}`)
    await fails(
      `privateEndpoints aws interfaces watch ${stranger} --endpointServiceId ${serviceId}`,
      new RegExp(
        `Error: interface endpoint ${stranger} is REJECTED: The VPC endpoint ${stranger} was made for com\\.\\S+us-east-1\\S+, not for this service\\. Make one for com\\.\\S+eu-west-3\\S+, then add that one\\.\n$`,
      ),
    )
    // Two services list it now: without the flag the command asks which.
    await fails(`privateEndpoints aws interfaces describe ${stranger}`, /is on several private endpoints; choose one/)
    await remove('aws', serviceId, stranger)
  })

  test('Azure and GCP: FAILED', async () => {
    const azure = await newService('azure', '--region northeurope')
    await cli(
      `privateEndpoints azure interfaces create ${azure} --privateEndpointId ${azureId} --privateEndpointIpAddress 127.0.0.9`,
    )
    await fails(
      `privateEndpoints azure interfaces watch ${azureId}`,
      new RegExp(`is FAILED: The private endpoint ${azureId} does not exist\\. Create it for \\S+, or correct`),
    )
    const gcpId = await newService('gcp', '--region us-west1 --portMappingEnabled')
    await cli(
      `privateEndpoints gcp interfaces create shop --endpointServiceId ${gcpId} --gcpProjectId local-project --endpoint shop@127.0.0.9`,
    )
    await fails(
      'privateEndpoints gcp interfaces watch shop',
      /is FAILED: 0 of 1 forwarding rules exist: shop could not be found in local-project, region us-west1\./,
    )
    await remove('azure', azure, azureId)
    await remove('gcp', gcpId, 'shop')
  })
})

describe('as a program', () => {
  const run = (
    line: string,
    options: { readonly input?: string; readonly more?: Readonly<Record<string, string>> } = {},
  ) => postern(words(line), { env: { ...env, ...options.more }, input: options.input ?? '' })

  test('standard output holds the answer alone; standard error says which server is used', async () => {
    const program = await run('clusters list')
    expect((await program.ended).code).toBe(0)
    expect(program.stdout()).toMatch(table(['ID', 'NAME', 'MDB VER', 'STATE'], ['<id>', 'Cluster0', '7.0.0', 'IDLE']))
    expect(program.stderr()).toBe(`Using ${running.bootstrap.apiUrl} (home ${running.home})\n`)
  })

  test('a password comes by standard input, and a mistake ends with 1', async () => {
    const made = await run('dbusers create readAnyDatabase -u reader', { input: 'secret of a reader\n' })
    expect((await made.ended).code).toBe(0)
    expect(made.stdout()).toBe("Database user 'reader' successfully created.\n")
    const wrong = await run('privateEndpoints aws create')
    expect((await wrong.ended).code).toBe(1)
    expect([wrong.stdout(), wrong.stderr()]).toEqual(['', 'Error: required flag(s) "region" not set\n'])
  })

  test.each([
    ['clusters list -o yaml', /^ {4}name: Cluster0$/m],
    ['clusters list -o json-path=$.results[0].name', /^"Cluster0"$/m],
    ['clusters list -o go-template={{range.results}}{{.name}}{{end}}', /^Cluster0$/],
    ['doctor Cluster0', /^Cluster0: \d+ ok, nothing was found\./m],
  ])('%s finds the libraries that it needs', async (line, printed) => {
    const program = await run(line)
    expect({ code: (await program.ended).code, stderr: program.stderr() }).toEqual({
      code: 0,
      stderr: `Using ${running.bootstrap.apiUrl} (home ${running.home})\n`,
    })
    expect(program.stdout()).toMatch(printed)
  })

  test('where no server answers, the address and what to do are told', async () => {
    const closed = createServer()
    const port = await new Promise<number>((resolve) =>
      closed.listen(0, '127.0.0.1', () => {
        const address = closed.address()
        closed.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
      }),
    )
    const elsewhere = { POSTERN_URL: `http://127.0.0.1:${port}`, POSTERN_PUBLIC_KEY: 'a', POSTERN_PRIVATE_KEY: 'b' }
    const program = await run('organizations list', { more: elsewhere })
    expect((await program.ended).code).toBe(1)
    expect(program.stderr()).toMatch(new RegExp(`Error: .*127\\.0\\.0\\.1:${port}.*nothing listens there`))
  })
})
