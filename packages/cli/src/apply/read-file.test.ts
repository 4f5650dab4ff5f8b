import { describe, expect, test } from 'vitest'
import { parseWishes } from './read-file.ts'

// A file is hostile until it is read: each fault is told with its line and its path, all of them at once.

const parse = (text: string) => parseWishes(text, { name: 'shop.yaml', folder: '.' })
const faultsOf = (text: string): readonly string[] => {
  try {
    parse(text)
    return []
  } catch (problem) {
    return (problem as Error).message.split('\n').slice(1)
  }
}
const head = 'apiVersion: postern/v1\nprojects:\n'
const inProject = (lines: string) => `${head}  - name: Shop\n${lines}`

describe('what is understood', () => {
  test('values are what was typed: no number, switch or null is guessed', () => {
    const { wishes } = parse(
      inProject(
        `    hash: 12345\n    tags: { on: yes, version: 1.0 }\n    clusters: [{ name: '1', provider: AWS, region: us-east-1, tier: M10, mongoDBVersion: 8.0, members: 5, paused: false }]\n`,
      ),
    )
    expect(wishes.projects).toEqual([
      {
        name: 'Shop',
        hash: '12345',
        tags: { on: 'yes', version: '1.0' },
        clusters: [
          {
            name: '1',
            provider: 'AWS',
            region: 'us-east-1',
            tier: 'M10',
            mongoDBVersion: '8.0',
            members: 5,
            paused: false,
          },
        ],
      },
    ])
  })
  test('JSON is YAML', () => {
    expect(parse('{"apiVersion":"postern/v1","projects":[{"name":"Shop","users":[]}]}').wishes.projects).toEqual([
      { name: 'Shop', users: [] },
    ])
  })
  test('names that objects have by themselves are names like others', () => {
    const { wishes } = parse(inProject('    tags: { constructor: a, toString: b }\n'))
    expect(wishes.projects[0]?.tags).toEqual({ constructor: 'a', toString: 'b' })
  })
  test.each([
    ['AWS', '{ id: vpce-00713b5e644e830a3 }'],
    [
      'AZURE',
      '{ id: /subscriptions/0d9c1a1d-3f7a-4f4e-9d43-3b1b0f3e7e0d/resourceGroups/shop/providers/Microsoft.Network/privateEndpoints/app, address: 10.0.0.4 }',
    ],
    ['GCP', '{ group: shop, gcpProject: p-shop, rules: [{ name: shop-0, address: 10.0.0.5 }] }'],
    ['AZURE', '{ local: shop, form: name }'],
  ])('an endpoint of %s: %s', (provider, endpoint) => {
    const region = { AWS: 'US_EAST_1', AZURE: 'westeurope', GCP: 'europe-west1' }[provider]
    const text = inProject(`    services: [{ provider: ${provider}, region: ${region}, endpoints: [${endpoint}] }]\n`)
    expect(faultsOf(text)).toEqual([])
  })
})

const service = (text: string) => inProject(`    services:\n      - ${text}\n`)

describe('what is refused, with line and path', () => {
  test.each<readonly [says: string, text: string, ...faults: readonly string[]]>([
    ['nothing at all', '', 'shop.yaml:1: must be a mapping of fields'],
    ['a list', '- 1', 'shop.yaml:1: must be a mapping of fields'],
    ['another version', 'apiVersion: v1\nprojects: []', 'shop.yaml:1: apiVersion: must be postern/v1'],
    ['no projects', 'apiVersion: postern/v1\n', 'shop.yaml:1: projects: is missing'],
    [
      'an unknown field',
      inProject('    owner: me\n'),
      'shop.yaml:4: projects[0].owner: is not known here; known: name, id, hash, tags, regionalMode, fidelity, apiKeys, accessList, clusters, roles, users, services',
    ],
    [
      'a field of every object’s prototype',
      inProject('    __proto__: { a: b }\n'),
      expect.stringContaining('shop.yaml:4: projects[0].__proto__: is not known here') as unknown as string,
    ],
    ['a field twice', inProject('    name: Other\n'), 'shop.yaml:4: projects[0].name: is given twice'],
    [
      'an empty list that is none',
      inProject('    users:\n'),
      'shop.yaml:4: projects[0].users: must be a list; write [] for none',
    ],
    [
      'a project twice',
      `${head}  - name: A\n  - name: A\n`,
      'shop.yaml:4: projects[1]: is listed twice: A is in line 3',
    ],
    [
      'an address twice, in two spellings',
      inProject('    accessList:\n      - ip: 10.0.0.1\n      - cidr: 10.0.0.1/32\n'),
      'shop.yaml:6: projects[0].accessList[1]: is listed twice: 10.0.0.1/32 is in line 5',
    ],
    [
      'a region twice, in two spellings',
      inProject(
        '    services:\n      - { provider: AWS, region: us-east-1 }\n      - { provider: AWS, region: US_EAST_1 }\n',
      ),
      'shop.yaml:6: projects[0].services[1]: is listed twice: AWS US_EAST_1 is in line 5',
    ],
    [
      'no range',
      inProject('    accessList: [{ cidr: 10.0.0.0/33 }]\n'),
      'shop.yaml:4: projects[0].accessList[0].cidr: must be an address or a range',
    ],
    [
      'a region of another cloud',
      service('{ provider: AWS, region: westeurope }'),
      'shop.yaml:5: projects[0].services[0].region: AWS has no region westeurope',
    ],
    [
      'port mapping elsewhere',
      service('{ provider: AWS, region: us-east-1, portMapping: true }'),
      'shop.yaml:5: projects[0].services[0].portMapping: is of GCP alone',
    ],
    [
      'no id of AWS',
      service('{ provider: AWS, region: us-east-1, endpoints: [{ id: vpce-1 }] }'),
      'shop.yaml:5: projects[0].services[0].endpoints[0].id: is not what AWS calls an endpoint',
    ],
    [
      'fields of another cloud',
      service('{ provider: AZURE, region: westeurope, endpoints: [{ group: shop }] }'),
      'shop.yaml:5: projects[0].services[0].endpoints[0].id: is missing: AZURE needs it',
      'shop.yaml:5: projects[0].services[0].endpoints[0].address: is missing: AZURE needs it',
      'shop.yaml:5: projects[0].services[0].endpoints[0].group: is none of AZURE',
    ],
    [
      'an endpoint by two names',
      service('{ provider: AWS, region: us-east-1, endpoints: [{ local: shop, id: vpce-00713b5e644e830a3 }] }'),
      'shop.yaml:5: projects[0].services[0].endpoints[0].local: only one of id, group, local is taken',
    ],
    [
      'a local name that Azure would have twice',
      inProject(
        '    services:\n      - { provider: AZURE, region: westeurope, endpoints: [{ local: a }] }\n      - { provider: AZURE, region: eastus, endpoints: [{ local: a }] }\n',
      ),
      'shop.yaml:6: projects[0].services[1].endpoints[0].local: AZURE has one endpoint named a in the local cloud; choose another name',
    ],
    [
      'one id for two projects',
      `${head}  - { name: A, id: 6553f0c8a3b1c2d4e5f60729 }\n  - { name: B, id: 6553f0c8a3b1c2d4e5f60729 }\n`,
      "shop.yaml:4: projects[1].id: 6553f0c8a3b1c2d4e5f60729 is another project's too",
    ],
    [
      'a tier that there is not',
      inProject('    clusters: [{ name: a, provider: AWS, region: us-east-1, tier: M11 }]\n'),
      'shop.yaml:4: projects[0].clusters[0].tier: AWS has no tier M11',
    ],
    [
      'regions of other clouds, and tiers that one of them has not',
      inProject(
        '    clusters: [{ name: a, provider: AWS, tier: M40_NVME, regions: [{ region: us-east-1, members: 2 }, { provider: GCP, region: westeurope, members: 1 }] }]\n',
      ),
      'shop.yaml:4: projects[0].clusters[0].regions[1].region: GCP has no region westeurope',
      'shop.yaml:4: projects[0].clusters[0].tier: GCP has no tier M40_NVME',
    ],
    [
      'a region and regions',
      inProject('    clusters: [{ name: a, provider: AWS, region: us-east-1, tier: M10, regions: [] }]\n'),
      'shop.yaml:4: projects[0].clusters[0].regions: only one of region, regions is taken',
    ],
    [
      'two passwords',
      inProject('    users: [{ username: a, password: long-enough, passwordFrom: { env: A }, roles: [read] }]\n'),
      'shop.yaml:4: projects[0].users[0].passwordFrom: only one of password, passwordFrom, x509 is taken',
    ],
    [
      'a password from nowhere',
      inProject('    users: [{ username: a, passwordFrom: {}, roles: [read] }]\n'),
      'shop.yaml:4: projects[0].users[0].passwordFrom: must have env or file',
    ],
    [
      'an alias',
      `${head}  - &a { name: A }\n  - *a\n`,
      'shop.yaml:3: projects[0]: an anchor (&) is not taken',
      'shop.yaml:4: projects[1]: an alias (*) is not taken: write the value out',
    ],
    ['a tag', inProject('    hash: !!js/function "x"\n'), 'shop.yaml:4: Unresolved tag: tag:yaml.org,2002:js/function'],
    [
      'two documents',
      `${head}  []\n---\na: b\n`,
      'shop.yaml:4: Source contains multiple documents; please use YAML.parseAllDocuments()',
    ],
    ['a list as a name', `${head}  - { name: A, [b]: c }\n`, 'shop.yaml:3: projects[0]: a name must be one plain text'],
  ])('%s', (_, text, ...faults) => {
    expect(faultsOf(text)).toEqual(faults)
  })

  test('every fault of a file at once, in the order of its lines', () => {
    const text = `${head}  - name: A\n    id: x\n  - hash: TOO-LONG\n    users:\n      - { username: a, roles: read }\n`
    expect(faultsOf(text)).toEqual([
      'shop.yaml:4: projects[0].id: must be 24 hexadecimal digits',
      'shop.yaml:5: projects[1].hash: must be five or six lower-case letters and digits',
      'shop.yaml:5: projects[1].name: is missing',
      'shop.yaml:7: projects[1].users[0].roles: must be a list; write [] for none',
    ])
  })
  test('control characters never reach the terminal', () => {
    const [fault] = faultsOf(inProject('    "evil\\e[2J": x\n'))
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(fault).not.toMatch(/[\u0000-\u001f]/)
  })
  test.each([
    ['lists within lists', '['.repeat(50_000)],
    ['mappings within mappings', '{a: '.repeat(50_000)],
    ['blocks within blocks', '- '.repeat(20_000)],
  ])('%s, nested too deeply', (_, text) => {
    expect(faultsOf(text)[0]).toContain('is nested too deeply')
  })
  test('aliases that would grow without end are told, not followed', () => {
    const levels = Array.from({ length: 30 }, (__, at) => `  - &l${at + 1} [*l${at}, *l${at}]`)
    expect(faultsOf(`apiVersion: postern/v1\nprojects:\n  - &l0 x\n${levels.join('\n')}\n`).length).toBeGreaterThan(1)
  })
  test('no more than fifty faults are told, and how many more there are', () => {
    const faults = faultsOf(`${head}${'  - {}\n'.repeat(60)}`)
    expect([faults.length, faults.at(-1)]).toEqual([51, '… and 10 more'])
  })
})
