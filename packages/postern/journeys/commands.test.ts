// Every noun of the command line against one running Postern, by the built program, as a script would use it: what is
// made is shown, changed, listed and taken away again. Names that a line prints are remembered and stand in later lines.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { type BuiltProgram, buildProgram } from './built-program.ts'
import { startForTest } from './running.ts'

let running: Running
let program: BuiltProgram

beforeAll(async () => {
  running = await startForTest({ sample: true })
  // No profile of whoever runs the suite may count.
  program = await buildProgram(() => ({
    POSTERN_HOME: running.home,
    XDG_CONFIG_HOME: running.home,
    HOME: running.home,
  }))
})
afterAll(async () => {
  await running?.stop()
})

type Line =
  /** A named group of the pattern is `{its name}` in the lines below. */
  readonly [line: string, stdout: RegExp, input?: string] | { readonly line: string; readonly fails: RegExp }

/** One after the other; a blank cuts words, `%20` stands for one within a word. */
async function script(lines: readonly Line[]): Promise<ReadonlyMap<string, string>> {
  const known = new Map<string, string>([
    ['home', running.home],
    ['org', running.bootstrap.orgId],
    ['group', running.bootstrap.groupId],
  ])
  const filled = (text: string): string => text.replaceAll(/\{(\w+)\}/g, (all, name) => known.get(name) ?? all)
  for (const row of lines) {
    const [typed, pattern, input] = 'fails' in row ? [row.line, null, ''] : row
    const line = filled(typed)
    const ended = await program.run(
      line.split(' ').map((word) => word.replaceAll('%20', ' ')),
      input === undefined ? {} : { input },
    )
    if ('fails' in row) {
      expect({ line, ...ended }).toEqual({ line, code: 1, stdout: '', stderr: expect.stringMatching(row.fails) })
      continue
    }
    expect({ line, ...ended }).toEqual({
      line,
      code: 0,
      stdout: expect.stringMatching(pattern ?? /^/),
      stderr: expect.anything(),
    })
    for (const [name, value] of Object.entries(pattern?.exec(ended.stdout)?.groups ?? {})) known.set(name, value)
  }
  return known
}

const id = '[0-9a-f]{24}'
const is = (text: string): RegExp => new RegExp(`^${text}\n$`)

// Each command is a cold process, and dozens make a test.
const patient = { timeout: 300_000 }

describe('projects and organizations', patient, () => {
  test('a project, its settings and who is in it', () => {
    const file = join(running.home, 'project.json')
    writeFileSync(file, '{ "tags": [{ "key": "env", "value": "test" }] }')
    return script([
      ['projects create shop --tag team=shop', is(`Project '(?<project>${id})' created\\.`)],
      ['projects list', /^ID {25}NAME\n[\s\S]*shop\n/],
      ['project ls -o json-path=$.results[*].name', /shop/],
      ['projects describe {project}', /^ID {25}NAME\n\S+ {3}shop\n$/],
      [`projects update {project} --file ${file}`, is(`Project '{project}' updated\\.`.replace('{project}', id))],
      ['projects describe {project} -o json-path=$.tags[0].key', /^"env"\n$/],
      ['projects settings update --disableDataExplorer --projectId {project}', /updated/],
      ['projects settings describe --projectId {project} -o json-path=$.isDataExplorerEnabled', /^false\n$/],
      ['projects users list', /^ID /],
      ['projects invitations list', /^ID /],
      ['projects delete {project} --force', is(`Project '${id}' deleted`)],
      { line: 'projects describe {project}', fails: /HTTP 404, GROUP_NOT_FOUND/ },
    ])
  })

  test('keys of the organization and of a project', () =>
    script([
      ['organizations list', /^ID {25}NAME\n/],
      ['orgs get {org}', new RegExp(`^ID {25}NAME\n${id} {3}\\S`)],
      ['organizations users list', /owner@postern\.internal/],
      ['organizations invitations list', /^ID /],
      [
        'organizations apiKeys create --desc ci --role ORG_MEMBER',
        /^API Key '(?<key>[0-9a-f]{24})' created\.\nPublic API Key \S+\nPrivate API Key \S+\n$/,
      ],
      ['organizations apiKeys describe {key}', / {3}ci {3}/],
      ['organizations apiKeys assign {key} --desc cd', /successfully updated/],
      ['organizations apiKeys accessLists create --apiKey {key} --ip 192.0.2.7', /^Created new access list entry/],
      ['organizations apiKeys accessLists list {key}', /192\.0\.2\.7/],
      ['organizations apiKeys accessLists delete 192.0.2.7 --apiKey {key} --force', /deleted\n$/],
      ['projects apiKeys assign {key} --role GROUP_READ_ONLY', is('API Key successfully assigned\\.')],
      ['projects apiKeys list', / {3}cd\n/],
      ['projects apiKeys delete {key} --force', /deleted\n$/],
      ['organizations apiKeys list', / {3}cd {3}/],
      ['organizations apiKeys delete {key} --force', /deleted\n$/],
    ]))

  test('a service account, with which a profile then works', async () => {
    const known = await script([
      [
        'organizations serviceAccounts create ci --desc pipeline --role ORG_OWNER',
        /^Service account 'ci' created\.\nClient ID (?<client>mdb_sa_id_\S+)\nClient Secret (?<secret>mdb_sa_sk_\S+)\nIt is shown this once/,
      ],
      ['organizations serviceAccounts list', / {3}ci {3}/],
      ['organizations serviceAccounts update {client} --name cd', /updated\.\n$/],
      ['organizations serviceAccounts describe {client}', / cd +ORG_OWNER /],
      [
        'organizations serviceAccounts secrets create --clientId {client} --secretExpiresAfterHours 8',
        /^Secret '(?<second>[0-9a-f]{24})' created\.\nClient Secret (?<fresh>mdb_sa_sk_\S+)\n/,
      ],
      ['organizations serviceAccounts secrets list --clientId {client}', / {3}mdb_sa_sk_\.\.\.\S{4} /],
      ['organizations serviceAccounts accessLists create --clientId {client} --cidr 127.0.0.0/8', /^Created/],
      ['organizations serviceAccounts accessLists list --clientId {client}', /127\.0\.0\.0\/8/],
      ['projects serviceAccounts assign {client} --role GROUP_OWNER', /assigned\.\n$/],
      ['projects serviceAccounts list', / {3}cd {3}/],
    ])
    const client = known.get('client')
    await script([
      [
        `auth login --clientId ${client} --profile pipeline --baseUrl ${running.bootstrap.apiUrl}`,
        /^Successfully logged in as mdb_sa_id_\S+ /,
        `${known.get('fresh')}\n`,
      ],
      ['auth whoami --profile pipeline', /^Logged in as mdb_sa_id_/],
      ['projects list --profile pipeline', /^ID /],
      ['config list', /pipeline/],
      ['config describe pipeline', /client_secret +redacted/],
      ['config rename pipeline office', /renamed to office/],
      ['config set output json --profile office', is("Updated property 'output'")],
      ['clusters list --profile office', /^\{/],
      [
        `organizations serviceAccounts secrets delete ${known.get('second')} --clientId ${client} --force`,
        /deleted\n$/,
      ],
      { line: 'projects list --profile office', fails: /was not given a token/ },
      ['config delete office --force', /deleted/],
      [`projects serviceAccounts delete ${client} --force`, /deleted\n$/],
      [`organizations serviceAccounts delete ${client} --force`, /deleted\n$/],
      { line: `organizations serviceAccounts describe ${client}`, fails: /HTTP 404/ },
    ])
  })

  test('a team and its users', () =>
    script([
      ['organizations users list -o json-path=$.results[0].id', /^"(?<user>[0-9a-f]{24})"\n$/],
      ['teams create ops --username owner@postern.internal', /^Team 'ops' created\.\n$/],
      ['teams list -o json-path=$.results[0].id', /^"(?<team>[0-9a-f]{24})"\n$/],
      ['teams describe --name ops', new RegExp(`^ID {25}NAME\n${id} {3}ops\n$`)],
      ['teams users list --teamId {team}', /owner@postern\.internal/],
      ['projects teams add {team} --role GROUP_READ_ONLY', /added/],
      ['projects teams list', new RegExp(`^ID\n${id}\n$`)],
      ['projects teams delete {team} --force', /deleted\n$/],
      ['teams rename operators --teamId {team}', /'operators'/],
      ['teams delete {team} --force', /deleted\n$/],
    ]))

  test('a webhook and its deliveries', () =>
    script([
      [
        'webhooks projects create http://127.0.0.1:9/hook --type CLUSTER_CREATED',
        /^Webhook '(?<hook>[0-9a-f]{24})' created\.\nSecret whsec_\S+\n$/,
      ],
      ['webhooks projects list', / {3}http:\/\/127\.0\.0\.1:9\/hook {3}true {3}/],
      ['webhooks projects update {hook} --disableDelivery', /updated\.\n$/],
      ['webhooks projects describe {hook} -o json-path=$.enabled', /^false\n$/],
      { line: 'webhooks projects test {hook}', fails: /POSTERN_WEBHOOK_DISABLED/ },
      ['webhooks projects update {hook} --enableDelivery', /updated\.\n$/],
      ['webhooks projects test {hook}', /is being made\.\n$/],
      ['webhooks projects deliveries list {hook}', /^ID {25}EVENT TYPE/],
      ['webhooks projects delete {hook} --force', /deleted\n$/],
      ['webhooks organizations list', /^ID {4}URL/],
    ]))

  test('all of it left events', () =>
    script([
      ['events projects list --type CLUSTER_CREATED', new RegExp(`^ID .*\n${id} {3}CLUSTER_CREATED`)],
      ['events organizations list --limit 500', /SERVICE_ACCOUNT/],
    ]))
})

describe('what a project holds', patient, () => {
  test('clusters from create to delete', () =>
    script([
      ['clusters availableRegions list --provider AWS', /US_EAST_1/],
      ['clusters create Orders --provider AWS --region US_EAST_1 -w', is("Cluster 'Orders' created successfully\\.")],
      ['clusters list', /Orders/],
      ['cluster get Orders -o json-path=$.stateName', /^"IDLE"\n$/],
      ['clusters update Orders --tag env=test', /updat/i],
      ['clusters watch Orders', /^\nCluster available\.\n$/],
      ['clusters pause Orders', /paus/i],
      ['clusters start Orders', /start/i],
      ['clusters watch Orders', /^\nCluster available\.\n$/],
      ['clusters connectionStrings describe Orders', /^STANDARD CONNECTION STRING\nmongodb/],
      [
        'clusters standardListener enable Orders --currentIp -w',
        /^Standard listener open:\nmongodb:\/\/\S+ssl=true\S*\n$/,
      ],
      ['clusters standardListener describe Orders', /^ID .*\n[0-9a-f]{24} +true +OPEN +1 +mongodb:/],
      ['clusters connectionStrings describe Orders', /^STANDARD CONNECTION STRING\nmongodb\+srv:\/\/orders\./],
      ['clusters standardListener disable Orders --force -w', is('Standard listener closed\\.')],
      ['accessLists delete 127.0.0.1 --force', /deleted/],
      ['clusters cs get Orders --type privateEndpoint', /^PRIVATE ENDPOINT CONNECTION STRING\nmongodb:/],
      ['clusters delete Orders --force --watch', /deleted/],
      { line: 'clusters describe Orders', fails: /HTTP 404, CLUSTER_NOT_FOUND/ },
    ]))

  test('database users and roles, access list, DNS, regional mode', () =>
    script([
      ['customDbRoles create reader --privilege FIND@shop.orders', /successfully created/],
      ['customDbRoles list', /reader/],
      ['customDbRoles update reader --privilege INSERT@shop.orders --append', /updated/],
      ['customDbRoles describe reader', /INSERT/],
      ['dbusers create --username shop --role reader', /successfully created/, 'a good password\n'],
      ['dbusers list', /shop/],
      ['dbusers update shop --role read@shop', /Successfully updated/],
      ['dbusers describe shop -o json-path=$.roles[0].roleName', /^"read"\n$/],
      ['dbusers delete shop --force', is("DB user 'shop' deleted")],
      ['customDbRoles delete reader --force', /deleted\n$/],
      ['accessLists create 192.0.2.0/24 --type cidrBlock --comment office', is('Created a new IP access list\\.')],
      ['accessLists list', /192\.0\.2\.0\/24/],
      ['accessLists describe 192.0.2.0/24', /192\.0\.2\.0\/24/],
      ['accessLists delete 192.0.2.0/24 --force', /deleted\n$/],
      ['customDns aws enable', is('DNS configuration enabled\\.')],
      ['customDns aws describe', /^ENABLED\ntrue\n$/],
      ['customDns aws disable', is('DNS configuration disabled\\.')],
      ['privateEndpoints regionalModes describe', /^ENABLED\nfalse\n$/],
      ['privateEndpoints list', /^ID {25}PROVIDER/],
      ['local aws list-vpc-endpoints', /^VPC ENDPOINT ID/],
      ['deployments --help', /register/],
    ]))

  test('any operation, also one without a command', () =>
    script([
      ['api --help', /privateEndpoints/],
      ['api clusters listGroupClusters', /"results"/],
      ['api privateEndpoints getGroupEndpointServiceSetup --help', /--securityGroupIds/],
    ]))
})

describe('output and exit codes', patient, () => {
  test('one answer in every format', async () => {
    const file = join(running.home, 'names.tpl')
    writeFileSync(file, '{{range .results}}{{.name}}\n{{end}}')
    await script([
      ['clusters list', /^ID {25}NAME {7}MDB VER {3}STATE\n/],
      ['clusters list -o json', /^\{\n {2}"links"/],
      ['clusters list --output=yaml', /^links:\n/],
      ['clusters list -o json-path=$.results[0].name', /^"Cluster0"\n$/],
      ['clusters list -o go-template={{range%20.results}}{{.name}}{{end}}', /^Cluster0$/],
      [`clusters list -o go-template-file=${file}`, /^Cluster0\n$/],
    ])
  })

  test('what goes wrong is said on standard error, exit code 1', () =>
    script([
      {
        line: 'clusters lst',
        fails: /^Error: unknown command "lst" for "postern clusters"\n\nDid you mean this\?\n\tlist\n/,
      },
      { line: 'clusters describe', fails: /requires 1 argument, received 0/ },
      { line: 'privateEndpoints aws create', fails: /required flag\(s\) "region" not set/ },
      { line: 'clusters list -o nope', fails: /invalid output format "nope"/ },
      { line: 'clusters list --profile nobody', fails: /no profile "nobody"/ },
      { line: 'clusters delete Cluster0', fails: /use --force to go on without the question/ },
      {
        line: 'privateEndpoints aws describe 0123456789abcdef01234567',
        fails: /HTTP 404, PRIVATE_ENDPOINT_SERVICE_NOT_FOUND/,
      },
    ]))

  test('help and completion need no server', () =>
    script([
      ['--help', /Available Commands:/],
      ['help privateEndpoints aws', /interfaces/],
      ['--version', /^postern version \d/],
      ['completion bash', /complete/],
      ['__complete privateEndpoints a', /^aws\t/],
    ]))
})

/** What the page has for each cloud: a service and an interface endpoint shown, listed and removed; ids as they are. */
const pageOf = (cloud: string, endpoint: string) => ({
  shows: [`${cloud} describe {service}`, `${cloud} list`, `${cloud} interfaces describe ${endpoint}`],
  removes: [`${cloud} interfaces delete ${endpoint} --force`, `${cloud} delete {other} --force`],
})

describe("the command lines of Atlas's page on managing private endpoints, as printed there", patient, () => {
  const azureId =
    '/subscriptions/00000000-0000-4000-8000-000000000000/resourceGroups/default/providers/Microsoft.Network/privateEndpoints/shop'
  test.each([
    {
      cloud: 'aws',
      endpoint: '{vpce}',
      create: '--region eu-west-1',
      other: '--region eu-west-2',
      attach: [
        ['local aws create-vpc-endpoint --endpoint-service-id {service}', /\n(?<vpce>vpce-\S+) /],
        ['privateEndpoints aws interfaces create {service} --privateEndpointId {vpce} -w', /created\.\n$/],
      ],
    },
    {
      cloud: 'azure',
      endpoint: azureId,
      create: '--region westeurope',
      other: '--region northeurope',
      attach: [
        [
          'local azure private-endpoint create --name shop --endpoint-service-id {service}',
          / (?<ip>127\.\S+) +Pending/,
        ],
        [
          `privateEndpoints azure interfaces create {service} --privateEndpointId ${azureId} --privateEndpointIpAddress {ip} -w`,
          /created\.\n$/,
        ],
      ],
    },
    {
      cloud: 'gcp',
      endpoint: 'shop',
      create: '--region europe-west1 --portMappingEnabled',
      other: '--region us-east1',
      attach: [
        ['local gcp forwarding-rule create shop --endpoint-service-id {service}', /\n--endpoint (?<endpoints>\S+)\n$/],
        [
          'privateEndpoints gcp interfaces create shop --endpointServiceId {service} --gcpProjectId local-project --endpoint {endpoints} -w',
          /created\.\n$/,
        ],
      ],
    },
  ] as const)('$cloud', async ({ cloud, endpoint, create, other, attach }) => {
    const page = pageOf(cloud, endpoint)
    await script([
      [`privateEndpoints ${cloud} create ${create} -w`, /'(?<service>[0-9a-f]{24})' created/],
      [`privateEndpoints ${cloud} create ${other} -w`, /'(?<other>[0-9a-f]{24})' created/],
      ...attach,
      ...page.shows.map((line) => [`privateEndpoints ${line}`, /AVAILABLE/] as const),
      ...page.removes.map((line) => [`privateEndpoints ${line}`, /deleted\n$/] as const),
    ])
  })

  test('where several services have such an endpoint they are listed, and nothing is deleted', () =>
    script([
      ['privateEndpoints gcp create --region us-west1 --portMappingEnabled -w', /'(?<one>[0-9a-f]{24})' created/],
      ['privateEndpoints gcp create --region us-west2 --portMappingEnabled -w', /'(?<two>[0-9a-f]{24})' created/],
      ...['{one}', '{two}'].flatMap((service): Line[] => [
        [`local gcp forwarding-rule create twice --endpoint-service-id ${service}`, /--endpoint (?<endpoints>\S+)\n$/],
        [
          `privateEndpoints gcp interfaces create twice --endpointServiceId ${service} --gcpProjectId local-project --endpoint {endpoints} -w`,
          /created/,
        ],
      ]),
      ...['describe twice', 'delete twice --force', 'watch twice'].map((line) => ({
        line: `privateEndpoints gcp interfaces ${line}`,
        fails: new RegExp(
          `^Error: "twice" is on several private endpoints; choose one with --endpointServiceId:\n( {2}${id} {3}\\w+ {3}AVAILABLE\n){2}$`,
        ),
      })),
      ['privateEndpoints gcp interfaces list', /twice[\s\S]*twice/],
      ['privateEndpoints gcp interfaces delete twice --endpointServiceId {one} --force -w', /deleted\n$/],
      ['privateEndpoints gcp interfaces describe twice', /^ENDPOINT {3}STATUS/],
    ]))
})

test('the command line is one file: whatever else it needs is a part of Node.js, or is loaded on demand', () => {
  const text = readFileSync(program.bin, 'utf8')
  const loaded = [...text.matchAll(/^import\b.*?["'](?<from>[^"']+)["'];$/gm)].map(({ groups }) => groups?.from)
  expect(loaded.length).toBeGreaterThan(3)
  expect(loaded.filter((from) => !from?.startsWith('node:'))).toEqual([])
  expect(text.match(/^\/\/ (?:.*\/)?node_modules\/.*/gm)).toBeNull()
})

// The last one: the first key ends with it.
test('what rotates the first secrets leaves a database password alone that was changed since', patient, () =>
  script([
    ['dbusers update app --password a-password-of-my-own', /updated/],
    ['auth rotate-bootstrap --force', /^Database user app {2}has another password already$/m],
  ]),
)
