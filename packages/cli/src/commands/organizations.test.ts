import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandRow, checkRow, page } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { orgId, runTrial } from '../trial/run-trial.ts'

// Organizations with their API keys and users, and teams: what each command sends and prints.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const v2 = '/api/atlas/v2'
const inOrg = `${v2}/orgs/${orgId}`
const id = '5f4fe14da2b47835a58c63a2'
const other = '5f4fe14da2b47835a58c63a3'
const key = { id, desc: 'ci', publicKey: 'abcdefgh', privateKey: '********-****-****-0d9c1a1d3f7a', roles: [] }
const keyTable =
  'ID                         DESCRIPTION   PUBLIC KEY   PRIVATE KEY\n' +
  `${id}   ci            abcdefgh     ********-****-****-0d9c1a1d3f7a\n`
const keyPath = `${inOrg}/apiKeys/${id}`
const team = { id, name: 'ops' }
const teamTable = `ID                         NAME\n${id}   ops\n`
const teamPath = `${inOrg}/teams/${id}`
const user = { id: other, firstName: 'Ann', lastName: 'Lee', username: 'ann@example.com' }

describe('organizations', () => {
  test.each<CommandRow>([
    {
      says: 'list by name',
      line: 'orgs list --name shop',
      answers: { [`GET ${v2}/orgs${page}&name=shop`]: { body: { results: [team] } } },
      sent: [[`GET ${v2}/orgs${page}&name=shop`]],
      stdout: teamTable,
    },
    {
      says: 'create',
      line: `organizations create shop --ownerId ${other}`,
      answers: { [`POST ${v2}/orgs`]: { body: { organization: { id } } } },
      sent: [[`POST ${v2}/orgs`, { name: 'shop', orgOwnerId: other }]],
      stdout: `Organization '${id}' created.\n`,
    },
    {
      says: 'create with an API key shows the key this once',
      line: 'org create shop --apiKeyDescription first --apiKeyRole ORG_OWNER',
      answers: { [`POST ${v2}/orgs`]: { body: { organization: { id }, apiKey: { ...key, privateKey: 'p' } } } },
      sent: [[`POST ${v2}/orgs`, { name: 'shop', apiKey: { desc: 'first', roles: ['ORG_OWNER'] } }]],
      stdout:
        `Organization '${id}' created.\nAPI Key '${id}' created.\n` +
        "Public API Key 'abcdefgh'\nPrivate API Key 'p'\n",
    },
    {
      says: 'delete',
      line: `organizations rm ${id}`,
      terminal: [true],
      answers: { [`DELETE ${v2}/orgs/${id}`]: { status: 204 } },
      sent: [[`DELETE ${v2}/orgs/${id}`]],
      stdout: `Organization '${id}' deleted\n`,
    },
    {
      says: 'users list',
      line: 'organizations users ls',
      answers: { [`GET ${inOrg}/users${page}`]: { body: { results: [user] } } },
      sent: [[`GET ${inOrg}/users${page}`]],
      stdout: `ID                         FIRST NAME   LAST NAME   USERNAME\n${other}   Ann          Lee         ann@example.com\n`,
    },
    {
      says: 'apiKeys create',
      line: 'orgs apiKeys create --desc ci --role ORG_OWNER',
      answers: { [`POST ${inOrg}/apiKeys`]: { body: { ...key, privateKey: 'p' } } },
      sent: [[`POST ${inOrg}/apiKeys`, { desc: 'ci', roles: ['ORG_OWNER'] }]],
      stdout: `API Key '${id}' created.\nPublic API Key abcdefgh\nPrivate API Key p\n`,
    },
    {
      says: 'apiKeys list',
      line: 'organizations apikeys list',
      answers: { [`GET ${inOrg}/apiKeys${page}`]: { body: { results: [key] } } },
      sent: [[`GET ${inOrg}/apiKeys${page}`]],
      stdout: keyTable,
    },
    {
      says: 'apiKeys describe',
      line: `organizations apiKeys show ${id}`,
      answers: { [`GET ${keyPath}`]: { body: key } },
      sent: [[`GET ${keyPath}`]],
      stdout: keyTable,
    },
    {
      says: 'apiKeys assign changes what is named',
      line: `organizations apiKeys assign ${id} --role ORG_MEMBER`,
      answers: { [`PATCH ${keyPath}`]: { body: key } },
      sent: [[`PATCH ${keyPath}`, { roles: ['ORG_MEMBER'] }]],
      stdout: `API Key '${id}' successfully updated.\n`,
    },
    {
      says: 'apiKeys delete',
      line: `organizations apiKeys delete ${id} --force`,
      answers: { [`DELETE ${keyPath}`]: { status: 204 } },
      sent: [[`DELETE ${keyPath}`]],
      stdout: `API Key '${id}' deleted\n`,
    },
    {
      says: 'access list of an API key',
      line: `organizations apiKeys accessLists list ${id}`,
      answers: {
        [`GET ${keyPath}/accessList${page}`]: {
          body: { results: [{ ipAddress: '192.0.2.1', cidrBlock: '192.0.2.1/32', created: '2026-11-25T10:00:00Z' }] },
        },
      },
      sent: [[`GET ${keyPath}/accessList${page}`]],
      stdout: 'IP ADDRESS   CIDR BLOCK     CREATED AT\n192.0.2.1    192.0.2.1/32   2026-11-25T10:00:00Z\n',
    },
    {
      says: 'access list of an API key: several addresses at once',
      line: `organizations apiKeys accessList create --apiKey ${id} --ip 192.0.2.1 --cidr 192.0.3.0/24 --currentIp`,
      answers: {
        'GET /api/private/ipinfo': { body: { currentIpv4Address: '127.0.0.1' } },
        [`POST ${keyPath}/accessList`]: { body: { results: [] } },
      },
      sent: [
        ['GET /api/private/ipinfo'],
        [
          `POST ${keyPath}/accessList`,
          [{ ipAddress: '192.0.2.1' }, { ipAddress: '127.0.0.1' }, { cidrBlock: '192.0.3.0/24' }],
        ],
      ],
      stdout: 'Created new access list entry(s).\n',
    },
    {
      says: 'access list of an API key: delete',
      line: `organizations apiKeys accessLists rm 192.0.3.0/24 --apiKey ${id} --force`,
      answers: { [`DELETE ${keyPath}/accessList/192.0.3.0%2F24`]: { status: 204 } },
      sent: [[`DELETE ${keyPath}/accessList/192.0.3.0%2F24`]],
      stdout: "Access list entry '192.0.3.0/24' deleted\n",
    },
  ])('$says', (row) => checkRow(server, row))

  test.each([
    ['organizations create shop --apiKeyRole ORG_OWNER', 'required flag(s) "apiKeyDescription" not set'],
    [`organizations apiKeys assign ${id}`, 'nothing to change: give at least one flag'],
    [`organizations apiKeys accessLists create --apiKey ${id}`, 'either --ip, --cidr must be set'],
    ['organizations apiKeys accessLists delete 192.0.2.1 --force', 'required flag(s) "apiKey" not set'],
  ])('%s is refused', async (line, error) => {
    const trial = await runTrial(line.split(' '), { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '', stderr: `Error: ${error}\n` })
  })
})

describe('teams', () => {
  test.each<CommandRow>([
    {
      says: 'create',
      line: 'teams create ops --username ann@example.com,bob@example.com',
      answers: { [`POST ${inOrg}/teams`]: { status: 201, body: team } },
      sent: [[`POST ${inOrg}/teams`, { name: 'ops', usernames: ['ann@example.com', 'bob@example.com'] }]],
      stdout: "Team 'ops' created.\n",
    },
    {
      says: 'list',
      line: 'team ls',
      answers: { [`GET ${inOrg}/teams${page}`]: { body: { results: [team] } } },
      sent: [[`GET ${inOrg}/teams${page}`]],
      stdout: teamTable,
    },
    {
      says: 'describe by id',
      line: `teams describe --id ${id}`,
      answers: { [`GET ${teamPath}`]: { body: team } },
      sent: [[`GET ${teamPath}`]],
      stdout: teamTable,
    },
    {
      says: 'describe by name',
      line: 'teams get --name ops',
      answers: { [`GET ${inOrg}/teams/byName/ops`]: { body: team } },
      sent: [[`GET ${inOrg}/teams/byName/ops`]],
      stdout: teamTable,
    },
    {
      says: 'rename',
      line: `teams rename platform --teamId ${id}`,
      answers: { [`PATCH ${teamPath}`]: { body: { ...team, name: 'platform' } } },
      sent: [[`PATCH ${teamPath}`, { name: 'platform' }]],
      stdout: "Team 'platform' updated.\n",
    },
    {
      says: 'delete',
      line: `teams rm ${id} --force`,
      answers: { [`DELETE ${teamPath}`]: { status: 204 } },
      sent: [[`DELETE ${teamPath}`]],
      stdout: `Team '${id}' deleted\n`,
    },
    {
      says: 'users add takes several',
      line: `teams users add ${id} ${other} --teamId ${id}`,
      answers: { [`POST ${teamPath}/users`]: { body: { results: [] } } },
      sent: [[`POST ${teamPath}/users`, [{ id }, { id: other }]]],
      stdout: 'User(s) added to the team.\n',
    },
    {
      says: 'users list',
      line: `teams users list --teamId ${id}`,
      answers: { [`GET ${teamPath}/users`]: { body: { results: [user] } } },
      sent: [[`GET ${teamPath}/users`]],
      stdout:
        'ID                         FIRST NAME   LAST NAME   USERNAME          EMAIL\n' +
        `${other}   Ann          Lee         ann@example.com   ann@example.com\n`,
    },
    {
      says: 'users delete',
      line: `teams users rm ${other} --teamId ${id} --force`,
      answers: { [`DELETE ${teamPath}/users/${other}`]: { status: 204 } },
      sent: [[`DELETE ${teamPath}/users/${other}`]],
      stdout: `User '${other}' deleted from the team\n`,
    },
  ])('$says', (row) => checkRow(server, row))

  test.each([
    ['teams describe', 'at least one of the flags in the group [name id] is required'],
    [
      `teams describe --id ${id} --name ops`,
      'if any flags in the group [name id] are set none of the others can be; [id name] were all set',
    ],
    ['teams create ops', 'required flag(s) "username" not set'],
    ['teams users add nobody --teamId 5f4f', "the provided value 'nobody' is not a valid ID"],
  ])('%s is refused', async (line, error) => {
    const trial = await runTrial(line.split(' '), { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '', stderr: `Error: ${error}\n` })
  })
})
