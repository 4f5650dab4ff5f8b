import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandRow, checkRow } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { runTrial } from '../trial/run-trial.ts'
import { durationProblem, msOf } from './testing/duration.ts'

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const at = '/api/postern/v1/testing'
const fault = { id: 'f1', name: 'endpoint-refused', region: 'US_EAST_1', left: 1, struck: 0 }
const done = { status: 204 }

const commands: readonly CommandRow[] = [
  {
    says: 'reset',
    line: 'testing reset',
    answers: { [`POST ${at}:reset`]: done },
    sent: [[`POST ${at}:reset`]],
    stdout: 'Everything is as the seed has it\n',
  },
  {
    says: 'advance',
    line: 'testing advance 5m',
    answers: { [`POST ${at}:advance`]: { body: { now: '2027-01-31T12:05:00.000Z' } } },
    sent: [[`POST ${at}:advance`, { ms: 300_000 }]],
    stdout: 'It is 2027-01-31T12:05:00.000Z\n',
  },
  {
    says: 'keepSeed',
    line: 'testing keep-seed',
    answers: { [`POST ${at}:keepSeed`]: done },
    sent: [[`POST ${at}:keepSeed`]],
    stdout: 'The seed is what is there now\n',
  },
  {
    says: 'stop',
    line: 'testing stop',
    answers: { [`POST ${at}:stop`]: { status: 202, body: {} } },
    sent: [[`POST ${at}:stop`]],
    stdout: 'It stops\n',
  },
  {
    says: 'faults list',
    line: 'testing faults ls',
    answers: { [`GET ${at}/faults`]: { body: { results: [fault], totalCount: 1 } } },
    sent: [[`GET ${at}/faults`]],
    stdout:
      'ID    FAULT              PROVIDER   REGION      ENDPOINT   CLUSTER   HAPPENED   LEFT\n' +
      'f1    endpoint-refused              US_EAST_1                        0          1\n',
  },
  {
    says: 'faults set, narrowed',
    line: 'testing faults set endpoint-refused --provider aws --region US_EAST_1 --endpoint vpce-1 --times 2',
    answers: { [`POST ${at}/faults`]: { status: 201, body: fault } },
    sent: [
      [
        `POST ${at}/faults`,
        { name: 'endpoint-refused', provider: 'AWS', region: 'US_EAST_1', endpointId: 'vpce-1', times: 2 },
      ],
    ],
    stdout: "Fault 'f1' set\n",
  },
  {
    says: 'faults set of a member',
    line: 'testing faults set member-down --cluster Cluster0 --member 0',
    answers: { [`POST ${at}/faults`]: { status: 201, body: fault } },
    sent: [[`POST ${at}/faults`, { name: 'member-down', clusterName: 'Cluster0', member: 0 }]],
    stdout: "Fault 'f1' set\n",
  },
  {
    says: 'faults clear of one',
    line: 'testing faults clear f1',
    answers: { [`DELETE ${at}/faults/f1`]: done },
    sent: [[`DELETE ${at}/faults/f1`]],
    stdout: "Fault 'f1' cleared\n",
  },
  {
    says: 'faults clear of all',
    line: 'testing faults clear',
    answers: { [`DELETE ${at}/faults`]: done },
    sent: [[`DELETE ${at}/faults`]],
    stdout: 'All faults cleared\n',
  },
]

describe('testing', () => {
  test.each(commands)('$says', (row) => checkRow(server, row))

  test.each([
    { says: 'a time that is none', line: 'testing advance soon', error: '"soon" is no time such as 500ms' },
    { says: 'an unknown fault', line: 'testing faults set meteor', error: 'meteor' },
    {
      says: 'a server that was not started for tests',
      line: 'testing reset',
      error: `Cannot find resource ${at}:reset`,
    },
  ])('$says is refused', async ({ line, error }) => {
    server.answers = {
      [`POST ${at}:reset`]: {
        status: 404,
        body: { error: 404, errorCode: 'RESOURCE_NOT_FOUND', detail: `Cannot find resource ${at}:reset.` },
      },
    }
    const trial = await runTrial(line.split(' '), { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr).toContain(error)
  })
})

test.each([
  ['1ms', 1],
  ['30s', 30_000],
  ['2h', 7_200_000],
  ['365d', 31_536_000_000],
])('%s is %i milliseconds', (text, ms) => {
  expect(msOf(text)).toBe(ms)
  expect(durationProblem(text)).toBeUndefined()
})

test.each(['0s', '366d', '10', '-1s', '1.5s', ''])('"%s" is no time to advance by', (text) => {
  expect(durationProblem(text)).toContain('is no time')
})
