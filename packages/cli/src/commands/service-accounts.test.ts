import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandRow, checkRow, page } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, orgId, runTrial } from '../trial/run-trial.ts'

// Service accounts of organizations and of projects: the same commands, each over its own operations.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const clientId = 'mdb_sa_id_5f4fe14da2b47835a58c63a2'
const secretId = '5f4fe14da2b47835a58c63a3'
const secret = {
  id: secretId,
  secret: 'mdb_sa_sk_abc',
  createdAt: '2026-11-25T11:00:00Z',
  expiresAt: '2027-02-23T11:00:00Z',
}
const masked = { ...secret, secret: undefined, maskedSecretValue: 'mdb_sa_sk_****abc' }
const account = {
  clientId,
  name: 'ci',
  description: 'pipeline',
  roles: ['GROUP_READ_ONLY', 'GROUP_OWNER'],
  secrets: [masked],
}
const table =
  'CLIENT ID                            NAME   ROLES                          SECRETS   DESCRIPTION\n' +
  `${clientId}   ci     GROUP_READ_ONLY, GROUP_OWNER   1         pipeline\n`

const levels = [
  { noun: 'organizations', path: `/api/atlas/v2/orgs/${orgId}/serviceAccounts` },
  { noun: 'projects', path: `/api/atlas/v2/groups/${groupId}/serviceAccounts` },
] as const

describe.each(levels)('$noun serviceAccounts', ({ noun, path }) => {
  const one = `${path}/${clientId}`
  const rows: readonly (Omit<CommandRow, 'says' | 'answers'> & { readonly body?: unknown })[] = [
    {
      line: 'create ci --desc pipeline --role GROUP_OWNER',
      body: { ...account, secrets: [secret] },
      sent: [
        [
          `POST ${path}`,
          { name: 'ci', description: 'pipeline', roles: ['GROUP_OWNER'], secretExpiresAfterHours: 2160 },
        ],
      ],
      stdout:
        `Service account 'ci' created.\nClient ID ${clientId}\nClient Secret mdb_sa_sk_abc\n` +
        'It is shown this once, and expires at 2027-02-23T11:00:00Z.\n',
    },
    { line: 'list', body: { results: [account] }, sent: [[`GET ${path}${page}`]], stdout: table },
    { line: `get ${clientId}`, body: account, sent: [[`GET ${one}`]], stdout: table },
    {
      line: `update ${clientId} --name cd`,
      body: account,
      sent: [[`PATCH ${one}`, { name: 'cd' }]],
      stdout: `Service account '${clientId}' updated.\n`,
    },
    {
      line: `update ${clientId} --role GROUP_OWNER,GROUP_READ_ONLY`,
      body: account,
      sent: [[`PATCH ${one}`, { roles: ['GROUP_OWNER', 'GROUP_READ_ONLY'] }]],
      stdout: `Service account '${clientId}' updated.\n`,
    },
    { line: `rm ${clientId} --force`, sent: [[`DELETE ${one}`]], stdout: `Service account '${clientId}' deleted\n` },
    {
      line: `secrets create --clientId ${clientId} --secretExpiresAfterHours 8`,
      body: secret,
      sent: [[`POST ${one}/secrets`, { secretExpiresAfterHours: 8 }]],
      stdout:
        `Secret '${secretId}' created.\nClient Secret mdb_sa_sk_abc\n` +
        'It is shown this once, and expires at 2027-02-23T11:00:00Z.\n',
    },
    {
      line: `secrets list --clientId ${clientId}`,
      body: account,
      sent: [[`GET ${one}`]],
      stdout:
        'ID                         SECRET              CREATED AT             EXPIRES AT             LAST USED AT\n' +
        `${secretId}   mdb_sa_sk_****abc   2026-11-25T11:00:00Z   2027-02-23T11:00:00Z   \n`,
    },
    {
      line: `secrets delete ${secretId} --clientId ${clientId} --force`,
      sent: [[`DELETE ${one}/secrets/${secretId}`]],
      stdout: `Secret '${secretId}' deleted\n`,
    },
    {
      line: `accessLists create --clientId ${clientId} --ip 192.0.2.1 --cidr 192.0.2.0/24`,
      body: {},
      sent: [[`POST ${one}/accessList`, [{ ipAddress: '192.0.2.1' }, { cidrBlock: '192.0.2.0/24' }]]],
      stdout: 'Created new access list entry(s).\n',
    },
    {
      line: `accessLists list --clientId ${clientId}`,
      body: { results: [{ ipAddress: '192.0.2.1', cidrBlock: '192.0.2.1/32', createdAt: '2026-11-25T11:00:00Z' }] },
      sent: [[`GET ${one}/accessList${page}`]],
      stdout: 'IP ADDRESS   CIDR BLOCK     CREATED AT\n192.0.2.1    192.0.2.1/32   2026-11-25T11:00:00Z\n',
    },
    {
      line: `accessLists delete 192.0.2.0/24 --clientId ${clientId} --force`,
      sent: [[`DELETE ${one}/accessList/192.0.2.0%2F24`]],
      stdout: "Access list entry '192.0.2.0/24' deleted\n",
    },
  ]
  test.each(rows)('$line', async ({ line, body, ...row }) => {
    const [[target = ''] = []] = row.sent
    await checkRow(server, {
      ...row,
      says: line,
      line: `${noun} serviceAccounts ${line}`,
      answers: { [target]: { body } },
    })
  })

  test.each([
    ['create ci --role GROUP_OWNER', 'required flag(s) "desc" not set'],
    [`update ${clientId}`, 'nothing to change: give at least one flag'],
    [`accessLists create --clientId ${clientId}`, 'no address: give --ip, --cidr or --currentIp'],
    ['secrets create', 'required flag(s) "clientId" not set'],
    [`delete ${clientId}`, 'use --force to go on without the question'],
  ])('%s: %s', async (line, error) => {
    server.requests.length = 0
    const trial = await runTrial([noun, 'serviceAccounts', ...line.split(' ')], {
      url: server.url,
      env: { POSTERN_ORG_ID: orgId },
    })
    expect(trial).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(error) })
    expect(server.requests).toEqual([])
  })
})

test('a service account of the organization is assigned to a project', () =>
  checkRow(server, {
    says: 'assign',
    line: `projects serviceAccounts assign ${clientId} --role GROUP_READ_ONLY`,
    answers: { [`POST /api/atlas/v2/groups/${groupId}/serviceAccounts/${clientId}:invite`]: { body: account } },
    sent: [[`POST /api/atlas/v2/groups/${groupId}/serviceAccounts/${clientId}:invite`, { roles: ['GROUP_READ_ONLY'] }]],
    stdout: `Service account '${clientId}' assigned.\n`,
  }))
