import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CommandRow, checkRow } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { runTrial } from '../trial/run-trial.ts'

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const path = '/api/postern/v1/edges'
const group = '5e2211c17a3e5a48f5497de3'
const token = `pet_${'0f'.repeat(32)}`
const expires = '2026-12-01T10:00:00.000Z'
const made = { edge: 'gateway-1', token, expires, serves: { programs: ['gateway'], orgIds: null, groupIds: null } }
const told = `Edge 'gateway-1' may enrol until ${expires}, with POSTERN_EDGE_ENROLMENT set to\n${token}\n`
const listed = [
  { edge: 'a', state: 'REVOKED', version: null, seen: null, identity: { proof: 'CERTIFICATE', revoked: expires } },
  { edge: 'b', state: 'LIVE', version: '0.1.0', seen: expires, identity: null },
]

const rows: readonly (Omit<CommandRow, 'says' | 'answers'> & { readonly body?: unknown })[] = [
  {
    line: 'ls',
    body: { results: listed },
    sent: [[`GET ${path}`]],
    stdout:
      'EDGE   STATE     VERSION   PROOF         SEEN                       REVOKED\n' +
      `a      REVOKED             CERTIFICATE                              ${expires}\n` +
      `b      LIVE      0.1.0                   ${expires}   \n`,
  },
  { line: 'enrol gateway-1', body: made, sent: [[`POST ${path}/gateway-1/enrolment`, {}]], stdout: told },
  {
    line: `enroll gateway-1 --project ${group} --expiresAfterMinutes 5`,
    body: made,
    sent: [[`POST ${path}/gateway-1/enrolment`, { groupIds: [group], expiresAfterMinutes: 5 }]],
    stdout: told,
  },
  {
    line: 'enrol gateway-1 --program gateway,dns',
    body: made,
    sent: [[`POST ${path}/gateway-1/enrolment`, { programs: ['gateway', 'dns'] }]],
    stdout: told,
  },
  {
    line: 'revoke gateway-1 --force',
    sent: [[`DELETE ${path}/gateway-1/identity`]],
    stdout: "Edge 'gateway-1' revoked\n",
  },
  { line: 'forget gateway-1 --force', sent: [[`DELETE ${path}/gateway-1`]], stdout: "Edge 'gateway-1' forgotten\n" },
]

test.each(rows)('edges $line', async ({ line, body, ...row }) => {
  const [[target = ''] = []] = row.sent
  await checkRow(server, { ...row, says: line, line: `edges ${line}`, answers: { [target]: { body } } })
})

test('an edge is enrolled for projects by their ids: what is none is told, with where they stand, and not sent', async () => {
  server.requests.length = 0
  const trial = await runTrial(['edges', 'enrol', 'gateway-1', '--project', `${group},zzz`], { url: server.url })
  expect(trial).toMatchObject({ code: 1, stdout: '' })
  expect(trial.stderr).toContain("and 'zzz' is none; `postern projects list` shows them")
  expect(server.requests).toEqual([])
})
