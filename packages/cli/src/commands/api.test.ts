import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { operationInputs } from '@postern/contract/operation-inputs'
import { type OperationId, type Route, routes } from '@postern/contract/routes'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { checkRow } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, orgId, runTrial } from '../trial/run-trial.ts'
import { api } from './api.ts'

let server: RecordingServer
let folder: string
beforeAll(async () => {
  server = await startRecordingServer()
  folder = await mkdtemp(join(tmpdir(), 'postern-api-'))
  await writeFile(join(folder, 'body.json'), '{"providerName":"AWS","region":"eu-west-1"}')
  await writeFile(join(folder, 'body.yaml'), 'providerName: AWS\nregion: eu-west-1\n')
  await writeFile(join(folder, 'broken.json'), '{"providerName"')
  await writeFile(join(folder, 'broken.yaml'), 'a: [\n')
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true, force: true })
})
beforeEach(() => {
  server.requests.length = 0
})

const v2 = '/api/atlas/v2'
const services = `${v2}/groups/${groupId}/privateEndpoint`
const wish = { providerName: 'AWS', region: 'eu-west-1' }
const create = 'api privateEndpoints createGroupPrivateEndpointEndpointService'

describe('each operation of the route table', async () => {
  const commands = (
    await Promise.all(api.map(async ({ word, load }) => (await load()).map((leaf) => ({ word, leaf }))))
  ).flat()

  test('is one command', () => {
    expect(commands.map(({ leaf }) => leaf.word).toSorted()).toEqual(Object.keys(routes).toSorted())
  })

  // A form is no JSON, and the recording server reads nothing else: see below.
  const isForm = (operation: string): boolean => (routes[operation as OperationId] as Route).form === true
  test.each(commands.filter(({ leaf }) => !isForm(leaf.word)))(
    '$word $leaf.word is sent as the table says',
    async ({ word, leaf }) => {
      const operation = leaf.word as OperationId
      const route: Route = routes[operation]
      const names = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')
      const pathValue = (name: string): string =>
        name === 'groupId' ? groupId : name === 'orgId' ? orgId : `x${name}/1`
      const given = names.filter((name) => name !== 'groupId' && name !== 'orgId')
      const takesBody = operationInputs[operation]?.body !== undefined
      const target = route.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(pathValue(name)))
      server.answers = { [`${route.method} ${target}`]: { body: { done: operation } } }
      const flags = given.flatMap((name) => [`--${name}`, pathValue(name)])
      const trial = await runTrial(['api', word, operation, ...flags, ...(takesBody ? ['--file', '-'] : [])], {
        url: server.url,
        env: { POSTERN_ORG_ID: orgId },
        stdin: '{"a":1}',
      })
      expect(trial.stderr).toBe(`Using ${server.url} (environment)\n`)
      expect(JSON.parse(trial.stdout)).toEqual({ done: operation })
      expect(server.requests).toMatchObject([{ method: route.method, target, ...(takesBody && { body: { a: 1 } }) }])
    },
  )
})

describe('flags', () => {
  test.each([
    {
      says: "the Atlas CLI's words",
      line: `api privateEndpointServices createPrivateEndpointService --groupId ${groupId} --file FOLDER/body.json`,
      sent: [`POST ${services}/endpointService`, wish],
    },
    { says: 'YAML', line: `${create} --file FOLDER/body.yaml`, sent: [`POST ${services}/endpointService`, wish] },
    {
      says: 'the project under its other name',
      line: 'api clusters listGroupClusters --projectId 5f4fe14da2b47835a58c63aa --pageNum 2 --includeCount false',
      sent: [`GET ${v2}/groups/5f4fe14da2b47835a58c63aa/clusters?pageNum=2&includeCount=false`],
    },
    {
      says: 'a parameter that may be given again',
      line: 'api events listGroupEvents --eventType A,B --eventType C --envelope',
      sent: [`GET ${v2}/groups/${groupId}/events?eventType=A&eventType=B&eventType=C&envelope=true`],
    },
  ] as const)('$says', async ({ line, sent }) => {
    const [target] = sent
    await checkRow(server, {
      says: '',
      line: line.replace('FOLDER', folder),
      answers: { [target]: { body: { ok: true } } },
      sent: [sent],
      stdout: '{\n  "ok": true\n}\n',
    })
  })

  test('--version chooses the media type, the newest without', async () => {
    const [target, line] = [`GET ${v2}/groups/${groupId}/clusters`, ['api', 'clusters', 'listGroupClusters']]
    server.answers = { [target]: { body: {} } }
    await runTrial([...line, '--version', '2023-02-01'], { url: server.url })
    await runTrial(line, { url: server.url })
    expect(server.requests.map(({ accept }) => accept)).toEqual([
      'application/vnd.atlas.2023-02-01+json',
      `application/vnd.atlas.${routes.listGroupClusters.versions.at(-1)}+json`,
    ])
  })

  test('-o and --outputFile', async () => {
    server.answers = { [`GET ${v2}/groups/${groupId}`]: { body: { id: groupId, name: 'shop' } } }
    const file = join(folder, 'answer.yaml')
    const line = ['api', 'projects', 'getGroup']
    const trial = await runTrial([...line, '-o', 'yaml', '--outputFile', file], { url: server.url })
    expect(trial).toMatchObject({ code: 0, stdout: '' })
    expect(await readFile(file, 'utf8')).toBe(`id: ${groupId}\nname: shop\n`)
    expect((await runTrial([...line, '-o', 'json-path=name'], { url: server.url })).stdout).toBe('"shop"\n')
  })

  test('an answer without a body prints nothing', async () => {
    server.answers = { [`DELETE ${v2}/groups/${groupId}`]: { status: 204 } }
    expect(await runTrial(['api', 'projects', 'deleteGroup'], { url: server.url })).toMatchObject({
      code: 0,
      stdout: '',
    })
  })

  test.each([
    [`${create} --file FOLDER/broken.json`, /broken\.json does not hold JSON$/],
    [`${create} --file FOLDER/broken.yaml`, /broken\.yaml does not hold YAML: /],
    [`${create} --file FOLDER/none.json`, /cannot read .*none\.json: ENOENT$/],
    [`${create} --file -`, /standard input does not hold JSON$/],
    [create, /required flag\(s\) "file" not set$/],
    ['api clusters getGroupCluster', /required flag\(s\) "clusterName" not set$/],
    ['api clusters listGroupClusters --version 2020-01-01', /has no version "2020-01-01"; there are /],
    ['api clusters listGroupClusters --groupId x', /the provided value 'x' is not a valid ID$/],
    ['api clusters getGroupCluster --clusterName ..', /"\.\." is not a valid clusterName$/],
    ['api clusters nope', /unknown command "nope" for "postern api clusters"/],
  ])('%s is refused', async (line, error) => {
    const trial = await runTrial(line.replace('FOLDER', folder).split(' '), { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr.trimEnd()).toMatch(error)
    expect(server.requests).toEqual([])
  })
})

test('a form is sent as one', async () => {
  const bodies: unknown[] = []
  const trial = await runTrial(['api', 'serviceAccounts', 'createToken', '--file', '-'], {
    url: 'http://127.0.0.1:1',
    stdin: '{"grant_type":"client_credentials"}',
    fetch: async (_, init) => {
      bodies.push(init.body)
      return Response.json({ access_token: 'x' })
    },
  })
  expect(JSON.parse(trial.stdout)).toEqual({ access_token: 'x' })
  expect(bodies).toEqual(['grant_type=client_credentials'])
})

test('a stream is printed as it comes, for as long as it lasts', async () => {
  async function* events() {
    yield new TextEncoder().encode('id: 1\ndata: {"a":"ü"}\n\n').subarray(0, 20)
    yield new TextEncoder().encode('id: 1\ndata: {"a":"ü"}\n\n').subarray(20)
  }
  const trial = await runTrial(['api', 'events', 'streamGroupEvents'], {
    url: 'http://127.0.0.1:1',
    fetch: async (_, init) => {
      expect(init.signal).toBeUndefined()
      return new Response(ReadableStream.from(events()))
    },
  })
  expect(trial).toMatchObject({ code: 0, stdout: 'id: 1\ndata: {"a":"ü"}\n\n' })
})
