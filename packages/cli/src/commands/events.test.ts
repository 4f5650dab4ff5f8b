import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandRow, checkRow, page } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, orgId, runTrial } from '../trial/run-trial.ts'

// Audit events: what each command sends and prints.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const ofGroup = `/api/atlas/v2/groups/${groupId}/events`
const ofOrg = `/api/atlas/v2/orgs/${orgId}/events`
const event = { id: groupId, eventTypeName: 'CLUSTER_CREATED', created: '2026-11-25T10:00:00Z' }
const table = `ID                         TYPE              CREATED\n${groupId}   CLUSTER_CREATED   2026-11-25T10:00:00Z\n`

describe('events', () => {
  test.each<CommandRow>([
    {
      says: 'of a project',
      line: 'events projects list',
      answers: { [`GET ${ofGroup}${page}`]: { body: { results: [event] } } },
      sent: [[`GET ${ofGroup}${page}`]],
      stdout: table,
    },
    {
      says: 'types are repeated in the query, dates are sent in UTC',
      line: 'event project ls --type CLUSTER_CREATED,CLUSTER_READY --minDate 2026-03-18T14:40:03+0100 --maxDate 2026-03-19',
      answers: {},
      sent: [
        [
          `GET ${ofGroup}${page}&eventType=CLUSTER_CREATED&eventType=CLUSTER_READY` +
            '&minDate=2026-03-18T13%3A40%3A03.000Z&maxDate=2026-03-19T00%3A00%3A00.000Z',
        ],
      ],
      stdout: table,
    },
    {
      says: 'of an organization',
      line: 'events orgs list --omitCount',
      answers: {
        [`GET ${ofOrg}?includeCount=false&itemsPerPage=100&pageNum=1`]: { body: { results: [event] } },
      },
      sent: [[`GET ${ofOrg}?includeCount=false&itemsPerPage=100&pageNum=1`]],
      stdout: table,
    },
    {
      says: 'list alone, as older scripts call it, goes by the flag',
      line: `events list --orgId ${orgId}`,
      answers: { [`GET ${ofOrg}${page}`]: { body: { results: [event] } } },
      sent: [[`GET ${ofOrg}${page}`]],
      stdout: table,
    },
  ])('$says', async ({ answers, sent, ...row }) => {
    const [target] = sent[0] ?? ['']
    await checkRow(server, { ...row, sent, answers: { [target]: { body: { results: [event] } }, ...answers } })
  })

  test.each([
    ['events list', '--projectId or --orgId must be set'],
    [`events list --orgId ${orgId} --projectId ${groupId}`, 'both --projectId and --orgId set'],
    [
      'events projects list --minDate yesterday',
      'invalid value "yesterday" for --minDate: not an ISO 8601 date and time',
    ],
  ])('%s is refused', async (line, error) => {
    const trial = await runTrial(line.split(' '), { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '', stderr: `Error: ${error}\n` })
  })
})
