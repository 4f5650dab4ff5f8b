import { afterAll, beforeAll, describe, test } from 'vitest'
import { type CommandRow, checkRow, page } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, orgId } from '../trial/run-trial.ts'

// Projects and organizations: what each command sends and prints.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const v2 = '/api/atlas/v2'
const inGroup = `/api/atlas/v2/groups/${groupId}`

describe('projects and organizations', () => {
  const project = { id: groupId, name: 'shop' }
  const table = `ID                         NAME\n${groupId}   shop\n`
  test.each<CommandRow>([
    {
      says: 'projects list',
      line: 'projects list',
      answers: { [`GET ${v2}/groups${page}`]: { body: { results: [project] } } },
      sent: [[`GET ${v2}/groups${page}`]],
      stdout: table,
    },
    {
      says: 'projects list of one organization',
      line: `projects ls --orgId ${orgId}`,
      answers: { [`GET ${v2}/orgs/${orgId}/groups${page}`]: { body: { results: [project] } } },
      sent: [[`GET ${v2}/orgs/${orgId}/groups${page}`]],
      stdout: table,
    },
    {
      says: 'projects describe',
      line: `project get ${groupId}`,
      answers: { [`GET ${inGroup}`]: { body: project } },
      sent: [[`GET ${inGroup}`]],
      stdout: table,
    },
    {
      says: 'projects create',
      line: 'projects create shop',
      answers: { [`POST ${v2}/groups`]: { status: 201, body: project } },
      sent: [[`POST ${v2}/groups`, { name: 'shop', orgId }]],
      stdout: `Project '${groupId}' created.\n`,
    },
    {
      says: 'projects delete',
      line: `projects rm ${groupId} --force`,
      answers: { [`DELETE ${inGroup}`]: { status: 202, body: {} } },
      sent: [[`DELETE ${inGroup}`]],
      stdout: `Project '${groupId}' deleted\n`,
    },
    {
      says: 'organizations list',
      line: 'orgs list',
      answers: { [`GET ${v2}/orgs${page}`]: { body: { results: [project] } } },
      sent: [[`GET ${v2}/orgs${page}`]],
      stdout: table,
    },
    {
      says: 'organizations describe',
      line: `organization get ${orgId}`,
      answers: { [`GET ${v2}/orgs/${orgId}`]: { body: project } },
      sent: [[`GET ${v2}/orgs/${orgId}`]],
      stdout: table,
    },
  ])('$says', (row) => checkRow(server, row))
})
