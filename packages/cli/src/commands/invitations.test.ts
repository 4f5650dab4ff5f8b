import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandRow, checkRow } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, orgId, runTrial } from '../trial/run-trial.ts'

// Invitations to organizations and projects: what each command sends and prints.

let server: RecordingServer
let folder: string
beforeAll(async () => {
  server = await startRecordingServer()
  folder = await mkdtemp(join(tmpdir(), 'postern-invitations-'))
  await writeFile(join(folder, 'change.json'), JSON.stringify({ teamIds: [] }))
})
afterAll(async () => {
  await server.close()
  await rm(folder, { recursive: true })
})

const id = '5f4fe14da2b47835a58c63a2'
const invitation = {
  id,
  username: 'ann@example.com',
  createdAt: '2026-11-01T10:00:00Z',
  expiresAt: '2026-12-01T10:00:00Z',
}
const table =
  'ID                         USERNAME          CREATED AT             EXPIRES AT\n' +
  `${id}   ann@example.com   2026-11-01T10:00:00Z   2026-12-01T10:00:00Z\n`

describe.each([
  { noun: 'projects', invites: `/api/atlas/v2/groups/${groupId}/invites`, role: 'GROUP_OWNER', more: {} },
  { noun: 'organizations', invites: `/api/atlas/v2/orgs/${orgId}/invites`, role: 'ORG_OWNER', more: { teamIds: [] } },
])('$noun invitations', ({ noun, invites, role, more }) => {
  const one = `${invites}/${id}`
  test.each<CommandRow>([
    {
      says: 'invite',
      line: `${noun} invitations invite ann@example.com --role ${role}`,
      answers: { [`POST ${invites}`]: { body: invitation } },
      sent: [[`POST ${invites}`, { username: 'ann@example.com', roles: [role], ...more }]],
      stdout: "User 'ann@example.com' invited.\n",
    },
    {
      says: 'list',
      line: `${noun} invitation ls`,
      answers: { [`GET ${invites}`]: { body: [invitation] } },
      sent: [[`GET ${invites}`]],
      stdout: table,
    },
    {
      says: 'list of one address',
      line: `${noun} invitations list --email ann@example.com`,
      answers: { [`GET ${invites}?username=ann%40example.com`]: { body: [invitation] } },
      sent: [[`GET ${invites}?username=ann%40example.com`]],
      stdout: table,
    },
    {
      says: 'describe',
      line: `${noun} invitations get ${id}`,
      answers: { [`GET ${one}`]: { body: invitation } },
      sent: [[`GET ${one}`]],
      stdout: table,
    },
    {
      says: 'update by id',
      line: `${noun} invitations update ${id} --role ${role}`,
      answers: { [`PATCH ${one}`]: { body: invitation } },
      sent: [[`PATCH ${one}`, { roles: [role] }]],
      stdout: `Invitation ${id} updated.\n`,
    },
    {
      says: 'update by address',
      line: `${noun} invitations updates --email ann@example.com --role ${role}`,
      answers: { [`PATCH ${invites}`]: { body: invitation } },
      sent: [[`PATCH ${invites}`, { roles: [role], username: 'ann@example.com' }]],
      stdout: `Invitation ${id} updated.\n`,
    },
    {
      says: 'delete',
      line: `${noun} invitations rm ${id} --force`,
      answers: { [`DELETE ${one}`]: { status: 204 } },
      sent: [[`DELETE ${one}`]],
      stdout: `Invitation '${id}' deleted\n`,
    },
  ])('$says', (row) => checkRow(server, row))

  test.each([
    [`${noun} invitations invite ann@example.com`, 'required flag(s) "role" not set'],
    [`${noun} invitations update --role ${role}`, 'you must provide the email address or the invitationId'],
  ])('%s is refused', async (line, error) => {
    const trial = await runTrial(line.split(' '), { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '', stderr: `Error: ${error}\n` })
  })
})

test('organizations invitations update sends what a file says', async () => {
  const one = `/api/atlas/v2/orgs/${orgId}/invites/${id}`
  await checkRow(server, {
    says: 'a file',
    line: `organizations invitations update ${id} --file ${join(folder, 'change.json')}`,
    answers: { [`PATCH ${one}`]: { body: invitation } },
    sent: [[`PATCH ${one}`, { teamIds: [] }]],
    stdout: `Invitation ${id} updated.\n`,
  })
})
