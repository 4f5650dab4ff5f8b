// One file makes the whole: `up --apply`, a driver through the endpoint that the file lists, then `diff` and `apply` by the
// command line against the same server: nothing left to do, a change, a deletion that is asked for, a fault in the middle,
// and a thousand things.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect } from '@postern/cli/connect'
import { runCli } from '@postern/cli/run-cli'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Running } from '../src/up/start.ts'
import { jsonLineOf, type Program, postern } from './program.ts'
import { startForTest } from './running.ts'

let folder: string
let program: Program
let told: Record<string, unknown>

const shop = `apiVersion: postern/v1
projects:
  - name: Shop
    id: 6553f0c8a3b1c2d4e5f60729
    hash: shop1
    apiKeys:
      - publicKey: suitekey
        privateKey: 11111111-2222-4333-8444-555555555555
        description: of the test suite
        roles: [GROUP_OWNER]
    accessList:
      - { ip: 192.0.2.7, comment: office }
    clusters:
      - { name: Cluster0, provider: AWS, region: eu-west-1, tier: M10 }
    roles:
      - { name: reporting, privileges: [FIND@shop], inherits: [read@shop] }
    users:
      - { username: app, passwordFrom: { env: SHOP_PASSWORD }, roles: [readWrite@shop] }
    services:
      - provider: AWS
        region: eu-west-1
        labels: { team: shop }
        endpoints: [{ local: shop }, { local: named, form: name }]
      - provider: AZURE
        region: westeurope
        endpoints: [{ local: shop }]
      - provider: GCP
        region: europe-west1
        portMapping: true
        endpoints: [{ local: shop }]
`
const password = 'only-for-this-journey'

const write = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-apply-'))
  const file = write('shop.yaml', shop)
  const argv = ['up', '--json', '--home', join(folder, 'home'), '--port', '0', '--no-sample', '--apply', file]
  program = await postern(argv, { env: { SHOP_PASSWORD: password } })
  told = await jsonLineOf(program)
})
afterAll(() => {
  program?.child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /** `METHOD /path` of each request that was let in. */
  readonly requests: readonly string[]
}

async function cli(home: string, ...argv: readonly string[]): Promise<Ended> {
  const out = { stdout: '', stderr: '' }
  const into = (stream: keyof typeof out) => ({ write: (text: string) => (out[stream] += text) })
  const requests: string[] = []
  const code = await runCli({
    argv,
    env: { POSTERN_HOME: home, XDG_CONFIG_HOME: home, SHOP_PASSWORD: password },
    stdin: { async *[Symbol.asyncIterator]() {} },
    stdout: into('stdout'),
    stderr: into('stderr'),
    fetch: async (url, init) => {
      const response = await fetch(url, init)
      if (response.status !== 401) requests.push(`${init.method} ${new URL(url).pathname}`)
      return response
    },
  })
  return { code, ...out, requests }
}
const inHome = (...argv: readonly string[]): Promise<Ended> => cli(join(folder, 'home'), ...argv)

const writes = ({ requests }: Ended): number => requests.filter((request) => !request.startsWith('GET ')).length

interface Applied {
  readonly name: string
  readonly groupId: string
  readonly clusters: readonly { readonly name: string; readonly connectionStrings: readonly string[] }[]
}

describe('a file that `up` applies', () => {
  test('fixes ids and names, and an application connects through the endpoint that it lists', async () => {
    const [project] = told.applied as readonly Applied[]
    expect(project).toMatchObject({
      name: 'Shop',
      groupId: '6553f0c8a3b1c2d4e5f60729',
      clusters: [{ name: 'Cluster0' }],
    })
    const strings = project?.clusters[0]?.connectionStrings ?? []
    expect(strings.filter((each) => each.includes('pl-1-eu-west-1.shop1.'))).toHaveLength(1)
    const [byAddress = ''] = strings.filter((each) => each.startsWith('mongodb://127.'))
    const driver = new MongoClient(byAddress, { auth: { username: 'app', password }, serverSelectionTimeoutMS: 10_000 })
    try {
      await driver.db('shop').collection<{ _id: string }>('orders').insertOne({ _id: 'first' })
      expect(await driver.db('shop').collection('orders').countDocuments()).toBe(1)
    } finally {
      await driver.close(true)
    }
  })
  test('gives its key pair the rights that it says', async () => {
    const credentials = {
      kind: 'digest',
      publicKey: 'suitekey',
      privateKey: '11111111-2222-4333-8444-555555555555',
    } as const
    const client = connect({ baseUrl: String(told.apiUrl), credentials })
    const { body } = await client.call('getGroup', { params: { groupId: '6553f0c8a3b1c2d4e5f60729' } })
    expect(body.name).toBe('Shop')
  })
})

describe('the same file by hand', () => {
  test('leaves nothing to do, for diff and for apply', async () => {
    const file = join(folder, 'shop.yaml')
    const diff = await inHome('diff', '-f', file, '--prune')
    expect(diff).toMatchObject({ code: 0, stdout: 'Nothing to do: everything is as the file says.\n' })
    const apply = await inHome('apply', '-f', file, '--prune')
    expect(apply).toMatchObject({ code: 0, stdout: 'Applied: 0 created, 0 changed, 0 deleted, 13 left alone.\n' })
    expect(writes(apply)).toBe(0)
  })

  test('changed: the difference is shown, made without a question only when told so, and then gone', async () => {
    const file = write(
      'changed.yaml',
      shop
        .replace('readWrite@shop', 'read@shop')
        .replace('team: shop', 'team: sales')
        .replace('{ ip: 192.0.2.7, comment: office }', '{ cidr: 10.0.0.0/8 }')
        .replace('tier: M10', 'tier: M20'),
    )
    const diff = await inHome('diff', '-f', file)
    expect(diff).toMatchObject({
      code: 2,
      stdout: `Project Shop
  + access entry 10.0.0.0/8
  ~ endpoint service AWS EU_WEST_1
      labels: team=shop -> team=sales
  ~ cluster Cluster0
      tier: M10 -> M20
  ~ user app
      roles: readWrite@shop -> read@shop

Plan: 1 to create, 3 to change, 0 to delete, 9 left alone.
Not in the file: 1; --prune deletes them.
`,
    })
    const asked = await inHome('apply', '-f', file)
    expect(asked.code).toBe(1)
    expect(asked.stderr).toContain('use --yes to go on without the question')
    expect(writes(asked)).toBe(0)
    expect(await inHome('apply', '-f', file, '--yes')).toMatchObject({
      code: 0,
      stdout: 'Applied: 1 created, 3 changed, 0 deleted, 9 left alone.\n',
    })
    expect(await inHome('diff', '-f', file)).toMatchObject({ code: 0 })
  })

  test('shortened: only --prune deletes, in an order that works, and takes what it made in the local cloud along', async () => {
    const file = write('short.yaml', `${shop.slice(0, shop.indexOf('      - provider: AZURE'))}`)
    const prune = await inHome('apply', '-f', file, '--prune', '--yes', '-o', 'json')
    expect(prune.code).toBe(0)
    const { projects } = JSON.parse(prune.stdout) as {
      projects: readonly { items: readonly { action: string; kind: string; name: string }[] }[]
    }
    const deleted = projects[0]?.items
      .filter(({ action }) => action === 'delete')
      .map(({ kind, name }) => `${kind} ${name}`)
    expect(deleted).toEqual([
      'endpoint local shop at AZURE EUROPE_WEST',
      'endpoint local shop at GCP WESTERN_EUROPE',
      'endpoint service AZURE EUROPE_WEST',
      'endpoint service GCP WESTERN_EUROPE',
      'access entry 10.0.0.0/8',
    ])
    expect(await inHome('diff', '-f', file, '--prune')).toMatchObject({ code: 0 })
    expect((await inHome('local', 'azure', 'private-endpoint', 'list', '-o', 'json-path=$.totalCount')).stdout).toBe(
      '0\n',
    )
    // What was deleted a moment ago is made again.
    const again = await inHome('apply', '-f', join(folder, 'shop.yaml'), '--yes')
    expect(again).toMatchObject({ code: 0, stdout: 'Applied: 4 created, 0 changed, 0 deleted, 9 left alone.\n' })
  })

  test('taken away in the local cloud by somebody: the endpoint that failed is made good again', async () => {
    const file = join(folder, 'shop.yaml')
    const [id] = JSON.parse(
      (await inHome('local', 'azure', 'private-endpoint', 'list', '-o', 'json-path=$.results[*].id')).stdout,
    ) as readonly string[]
    expect((await inHome('local', 'azure', 'private-endpoint', 'delete', id ?? '')).code).toBe(0)
    await expect
      .poll(async () => (await inHome('diff', '-f', file)).stdout, { timeout: 60_000, interval: 250 })
      .toMatch(/~ endpoint local shop at AZURE EUROPE_WEST\n {6}status: FAILED \(.+\) -> AVAILABLE\n/)
    expect(await inHome('apply', '-f', file, '--yes')).toMatchObject({ code: 0 })
    expect(await inHome('diff', '-f', file)).toMatchObject({ code: 0 })
  })

  test('with what is fixed changed: nothing is done at all', async () => {
    const file = write(
      'fixed.yaml',
      shop.replace('hash: shop1', 'hash: other').replace('comment: office', 'comment: home'),
    )
    const { code, stderr, requests } = await inHome('apply', '-f', file, '--yes')
    expect({ code, writes: requests.filter((request) => !request.startsWith('GET ')) }).toEqual({ code: 1, writes: [] })
    expect(stderr).toContain('Error: cannot be changed as it is: project Shop; nothing was done')
  })

  test('with a fault in the middle: what was done is told and kept, and the next run goes on', async () => {
    const text = `apiVersion: postern/v1
projects:
  - name: Half
    accessList: [{ ip: 192.0.2.9 }]
    users: [{ username: a, passwordFrom: { env: SHOP_PASSWORD }, roles: [nobody-made-it] }]
    services: [{ provider: AWS, region: us-east-1, endpoints: [{ local: half }] }]
`
    const failed = await inHome('apply', '-f', write('half.yaml', text), '--yes')
    expect(failed.code).toBe(1)
    expect(failed.stderr).toContain('Error: user a of Half: ')
    expect(failed.stderr).toContain(
      'Done: 3 of 5. Not done:\n  user a of Half\n  endpoint local half at AWS US_EAST_1 of Half\nRun it again to go on.\n',
    )
    const mended = write('half.yaml', text.replace('nobody-made-it', 'readAnyDatabase'))
    expect(await inHome('apply', '-f', mended, '--yes')).toMatchObject({
      code: 0,
      stdout: 'Applied: 2 created, 0 changed, 0 deleted, 3 left alone.\n',
    })
  })

  test('with a secret that is not there: its place is told, and nothing is done', async () => {
    const file = write(
      'secret.yaml',
      'apiVersion: postern/v1\nprojects:\n  - name: Secret\n    users: [{ username: a, passwordFrom: { env: NOT_SET }, roles: [read] }]\n',
    )
    const { code, stderr, requests } = await inHome('apply', '-f', file, '--yes')
    expect({ code, writes: requests.filter((request) => !request.startsWith('GET ')) }).toEqual({ code: 1, writes: [] })
    expect(stderr).toContain(`${file}:4: projects[0].users[0].passwordFrom: there is nothing in $NOT_SET`)
  })
})

describe('a thousand things', () => {
  let running: Running
  beforeAll(async () => {
    running = await startForTest()
  })
  afterAll(() => running?.stop())

  const count = (many: number, line: (at: number) => string): string =>
    Array.from({ length: many }, (_, at) => `      - ${line(at)}\n`).join('')
  const regions = ['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'eu-west-1']
  const project = (name: string): string => `  - name: ${name}
    accessList:
${count(150, (at) => `{ ip: 10.1.${at}.1, comment: host ${at} }`)}    users:
${count(20, (at) => `{ username: user-${at}, password: only-for-this-run, roles: [read@db-${at}] }`)}    roles:
${count(25, (at) => `{ name: role-${at}, privileges: [FIND@db-${at}] }`)}    services:
${count(regions.length, (at) => `{ provider: AWS, region: ${regions[at]} }`)}`
  const file = `apiVersion: postern/v1\nprojects:\n${['A', 'B', 'C', 'D', 'E'].map(project).join('')}`

  test('are looked at by one request for each kind and project, and made by one request each at most', async () => {
    const path = write('thousand.yaml', file)
    const made = await cli(running.home, 'apply', '-f', path, '--yes')
    expect(made).toMatchObject({ code: 0, stdout: 'Applied: 1005 created, 0 changed, 0 deleted, 0 left alone.\n' })
    // 5 projects, and in each the access list at once, 20 users, 25 roles, 5 services.
    expect(writes(made)).toBe(5 * (1 + 1 + 20 + 25 + 5))
    const again = await cli(running.home, 'diff', '-f', path, '--prune')
    expect(again).toMatchObject({ code: 0 })
    // One list of projects; in each project access list, users, roles, services, and their endpoints for --prune.
    expect(again.requests).toHaveLength(1 + 5 * 5)
  }, 240_000)
})
