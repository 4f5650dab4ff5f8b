import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandRow, checkRow, page } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, orgId, runTrial } from '../trial/run-trial.ts'

// Users, teams, API keys and settings of a project, and what a project is made and changed with.

let server: RecordingServer
let folder: string
beforeAll(async () => {
  server = await startRecordingServer()
  folder = await mkdtemp(join(tmpdir(), 'postern-projects-'))
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

const inGroup = `/api/atlas/v2/groups/${groupId}`
const id = '5f4fe14da2b47835a58c63a2'
const key = { id, desc: 'ci', publicKey: 'abcdefgh', privateKey: '3b1b0f3e-7e0d-4f4e-9d43-0d9c1a1d3f7a', roles: [] }
const user = { id, firstName: 'Ann', lastName: 'Lee', username: 'ann@example.com' }
const settings = {
  isCollectDatabaseSpecificsStatisticsEnabled: true,
  isDataExplorerEnabled: false,
  isDataExplorerGenAIFeaturesEnabled: true,
  isDataExplorerGenAISampleDocumentPassingEnabled: false,
  isPerformanceAdvisorEnabled: true,
  isRealtimePerformancePanelEnabled: true,
  isSchemaAdvisorEnabled: true,
}

describe('access to a project', () => {
  test.each<CommandRow>([
    {
      says: 'users list: one who was only invited has no name yet',
      line: 'projects users list',
      answers: {
        [`GET ${inGroup}/users${page}`]: { body: { results: [user, { id, username: 'bob@example.com' }] } },
      },
      sent: [[`GET ${inGroup}/users${page}`]],
      stdout:
        'ID                         FIRST NAME   LAST NAME   USERNAME\n' +
        `${id}   Ann          Lee         ann@example.com\n` +
        `${id}                            bob@example.com\n`,
    },
    {
      says: 'users list --compact -o json is a bare array',
      line: 'project user ls -c -o json --omitCount',
      answers: {
        [`GET ${inGroup}/users?includeCount=false&itemsPerPage=100&pageNum=1`]: { body: { results: [user] } },
      },
      sent: [[`GET ${inGroup}/users?includeCount=false&itemsPerPage=100&pageNum=1`]],
      stdout: `${JSON.stringify([user], null, 2)}\n`,
    },
    {
      says: 'users delete',
      line: `projects users rm ${id} --force`,
      answers: { [`DELETE ${inGroup}/users/${id}`]: { status: 204 } },
      sent: [[`DELETE ${inGroup}/users/${id}`]],
      stdout: `User '${id}' deleted from the project\n`,
    },
    {
      says: 'teams add',
      line: `projects teams add ${id} --role GROUP_READ_ONLY,GROUP_CLUSTER_MANAGER`,
      answers: { [`POST ${inGroup}/teams`]: { body: { results: [] } } },
      sent: [[`POST ${inGroup}/teams`, [{ teamId: id, roleNames: ['GROUP_READ_ONLY', 'GROUP_CLUSTER_MANAGER'] }]]],
      stdout: 'Team added to the project.\n',
    },
    {
      says: 'teams list',
      line: 'projects teams list',
      answers: { [`GET ${inGroup}/teams${page}`]: { body: { results: [{ teamId: id, roleNames: [] }] } } },
      sent: [[`GET ${inGroup}/teams${page}`]],
      stdout: `ID\n${id}\n`,
    },
    {
      says: 'teams update',
      line: `projects teams updates ${id} --role GROUP_OWNER`,
      answers: { [`PATCH ${inGroup}/teams/${id}`]: { body: { results: [] } } },
      sent: [[`PATCH ${inGroup}/teams/${id}`, { roleNames: ['GROUP_OWNER'] }]],
      stdout: "Team's roles updated.\n",
    },
    {
      says: 'teams delete that is declined',
      line: `projects teams delete ${id}`,
      terminal: [false],
      answers: {},
      sent: [],
      stdout: 'Team not deleted\n',
    },
    {
      says: 'teams delete',
      line: `projects team rm ${id} --force`,
      answers: { [`DELETE ${inGroup}/teams/${id}`]: { status: 204 } },
      sent: [[`DELETE ${inGroup}/teams/${id}`]],
      stdout: `Team '${id}' deleted\n`,
    },
    {
      says: 'apiKeys list',
      line: 'projects apiKeys list',
      answers: { [`GET ${inGroup}/apiKeys${page}`]: { body: { results: [key] } } },
      sent: [[`GET ${inGroup}/apiKeys${page}`]],
      stdout: `ID                         PUBLIC KEY   DESCRIPTION\n${id}   abcdefgh     ci\n`,
    },
    {
      says: 'apiKeys create shows the private key this once',
      line: 'projects api-keys create --desc ci --role GROUP_READ_ONLY',
      answers: { [`POST ${inGroup}/apiKeys`]: { body: key } },
      sent: [[`POST ${inGroup}/apiKeys`, { desc: 'ci', roles: ['GROUP_READ_ONLY'] }]],
      stdout: `API Key '${id}' created.\nPublic API Key abcdefgh\nPrivate API Key ${key.privateKey}\n`,
    },
    {
      says: 'apiKeys assign',
      line: `projects apiKeys assign ${id} --role GROUP_OWNER`,
      answers: { [`PATCH ${inGroup}/apiKeys/${id}`]: { body: key } },
      sent: [[`PATCH ${inGroup}/apiKeys/${id}`, { roles: ['GROUP_OWNER'] }]],
      stdout: 'API Key successfully assigned.\n',
    },
    {
      says: 'apiKeys assign of a key that the project does not have yet adds it',
      line: `projects apiKeys assign ${id} --role GROUP_OWNER`,
      answers: {
        [`PATCH ${inGroup}/apiKeys/${id}`]: {
          status: 404,
          body: { error: 404, errorCode: 'API_KEY_NOT_FOUND', detail: 'No API key.' },
        },
        [`POST ${inGroup}/apiKeys/${id}`]: { body: {} },
      },
      sent: [
        [`PATCH ${inGroup}/apiKeys/${id}`, { roles: ['GROUP_OWNER'] }],
        [`POST ${inGroup}/apiKeys/${id}`, [{ roles: ['GROUP_OWNER'] }]],
      ],
      stdout: 'API Key successfully assigned.\n',
    },
    {
      says: 'apiKeys delete',
      line: `projects apiKey rm ${id} --force`,
      answers: { [`DELETE ${inGroup}/apiKeys/${id}`]: { status: 204 } },
      sent: [[`DELETE ${inGroup}/apiKeys/${id}`]],
      stdout: `API Key '${id}' deleted\n`,
    },
    {
      says: 'settings describe',
      line: 'projects settings get',
      answers: { [`GET ${inGroup}/settings`]: { body: settings } },
      sent: [[`GET ${inGroup}/settings`]],
      stdout:
        'COLLECT DATABASE SPECIFICS STATISTICS ENABLED   DATA EXPLORER ENABLED   DATA EXPLORER GEN AI FEATURES ENABLED' +
        '   DATA EXPLORER GEN AI SAMPLE DOCUMENT PASSING ENABLED   PERFORMANCE ADVISOR ENABLED' +
        '   REALTIME PERFORMANCE PANEL ENABLED   SCHEMA ADVISOR ENABLED\n' +
        `${'true'.padEnd(48)}${'false'.padEnd(24)}${'true'.padEnd(40)}${'false'.padEnd(55)}${'true'.padEnd(30)}` +
        `${'true'.padEnd(37)}true\n`,
    },
    {
      says: 'settings update sends only what is named',
      line: 'projects settings update --disableDataExplorer --enableSchemaAdvisor',
      answers: { [`PATCH ${inGroup}/settings`]: { body: settings } },
      sent: [[`PATCH ${inGroup}/settings`, { isDataExplorerEnabled: false, isSchemaAdvisorEnabled: true }]],
      stdout: 'Project settings updated.\n',
    },
    {
      says: 'create with an owner, tags and without alerts',
      line: `projects create shop --ownerId ${id} --tag env=dev --withoutDefaultAlertSettings`,
      answers: { [`POST /api/atlas/v2/groups?projectOwnerId=${id}`]: { status: 201, body: { id: groupId } } },
      sent: [
        [
          `POST /api/atlas/v2/groups?projectOwnerId=${id}`,
          { name: 'shop', orgId, tags: [{ key: 'env', value: 'dev' }], withDefaultAlertsSettings: false },
        ],
      ],
      stdout: `Project '${groupId}' created.\n`,
    },
    {
      says: 'custom DNS describe',
      line: 'customDns aws describe',
      answers: { [`GET ${inGroup}/awsCustomDNS`]: { body: { enabled: true } } },
      sent: [[`GET ${inGroup}/awsCustomDNS`]],
      stdout: 'ENABLED\ntrue\n',
    },
    {
      says: 'custom DNS enable',
      line: 'custom-dns aws enable',
      answers: { [`PATCH ${inGroup}/awsCustomDNS`]: { body: { enabled: true } } },
      sent: [[`PATCH ${inGroup}/awsCustomDNS`, { enabled: true }]],
      stdout: 'DNS configuration enabled.\n',
    },
    {
      says: 'custom DNS disable',
      line: 'customdns aws disable',
      answers: { [`PATCH ${inGroup}/awsCustomDNS`]: { body: { enabled: false } } },
      sent: [[`PATCH ${inGroup}/awsCustomDNS`, { enabled: false }]],
      stdout: 'DNS configuration disabled.\n',
    },
  ])('$says', (row) => checkRow(server, row))

  test('update sends what the file says', async () => {
    const file = join(folder, 'project.json')
    await writeFile(file, JSON.stringify({ name: 'store' }))
    await checkRow(server, {
      says: '',
      line: `projects update ${groupId} --file ${file}`,
      answers: { [`PATCH ${inGroup}`]: { body: { id: groupId } } },
      sent: [[`PATCH ${inGroup}`, { name: 'store' }]],
      stdout: `Project '${groupId}' updated.\n`,
    })
  })

  test.each([
    ['teams add 5f4f --role GROUP_OWNER', "the provided value '5f4f' is not a valid ID"],
    [`teams add ${id}`, 'required flag(s) "role" not set'],
    ['apiKeys create', 'required flag(s) "desc", "role" not set'],
    [`update ${groupId}`, 'required flag(s) "file" not set'],
    ['settings update', 'nothing to change: give at least one flag'],
    [
      'settings update --enableDataExplorer --disableDataExplorer',
      'if any flags in the group [enableDataExplorer disableDataExplorer] are set none of the others can be; ' +
        '[disableDataExplorer enableDataExplorer] were all set',
    ],
    [`users delete ${id}`, /^Error: cannot ask .*; use --force/],
  ])('projects %s is refused', async (line, error) => {
    server.requests.length = 0
    const trial = await runTrial(['projects', ...line.split(' ')], { url: server.url })
    const stderr = trial.stderr.replace(/^Using .*\n/m, '')
    expect(stderr).toEqual(typeof error === 'string' ? `Error: ${error}\n` : expect.stringMatching(error))
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(server.requests).toEqual([])
  })
})
