import { afterAll, beforeAll, expect, test } from 'vitest'
import { type CommandRow, checkRow } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, runTrial } from '../trial/run-trial.ts'

// `clusters standardListener …`.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const path = `/api/postern/v1/groups/${groupId}/clusters/Shop/standardListener`
const accessList = `/api/atlas/v2/groups/${groupId}/accessList`
const string = 'mongodb://127.0.0.1:15004/?tls=true'
const listener = (over: object = {}) => ({
  id: '6553f0c8a3b1c2d4e5f60817',
  enabled: true,
  state: 'OPENING',
  problem: null,
  accessList: 1,
  connectionString: string,
  srvConnectionString: null,
  members: [],
  ...over,
})
const open = listener({ state: 'OPEN' })
const empty = 'The list is empty.'

test.each<CommandRow>([
  {
    says: 'describe shows how far it has come, and warns of what is in its way',
    line: 'clusters standardListener describe Shop',
    answers: { [`GET ${path}`]: { body: { ...open, accessList: 0, problem: empty } } },
    sent: [[`GET ${path}`]],
    stdout: `ID                         ENABLED   STATE   ACCESS LIST   CONNECTION STRING\n6553f0c8a3b1c2d4e5f60817   true      OPEN    0             ${string}\n`,
    stderr: /The list is empty\./,
  },
  {
    says: 'enable asks and goes on',
    line: 'clusters standardListener enable Shop',
    answers: { [`PATCH ${path}`]: { body: listener() } },
    sent: [[`PATCH ${path}`, { enabled: true }]],
    stdout: 'Standard listener opening.\n',
  },
  {
    says: 'enable --currentIp lets this address in once it is enabled, and --watch waits until every gateway serves it',
    line: 'clusters standard-listener enable Shop --currentIp --watch',
    answers: {
      'GET /api/private/ipinfo': { body: { currentIpv4Address: '192.0.2.7' } },
      [`POST ${accessList}`]: { status: 201, body: {} },
      [`PATCH ${path}`]: { body: listener() },
      [`GET ${path}`]: [{ body: listener() }, { body: listener() }, { body: open }],
    },
    sent: [
      ['GET /api/private/ipinfo'],
      [`PATCH ${path}`, { enabled: true }],
      [`POST ${accessList}`, [{ ipAddress: '192.0.2.7' }]],
      [`GET ${path}`],
      [`GET ${path}`],
      [`GET ${path}`],
    ],
    stdout: `Standard listener open:\n${string}\n`,
    stderr: /^\.\n$/,
  },
  {
    says: 'without --watch too it says who is let in by then',
    line: 'clusters standardListener enable Shop --currentIp',
    answers: {
      'GET /api/private/ipinfo': { body: { currentIpv4Address: '192.0.2.7' } },
      [`PATCH ${path}`]: { body: listener({ accessList: 0, problem: empty }) },
      [`POST ${accessList}`]: { status: 201, body: {} },
      [`GET ${path}`]: { body: open },
    },
    sent: [
      ['GET /api/private/ipinfo'],
      [`PATCH ${path}`, { enabled: true }],
      [`POST ${accessList}`, [{ ipAddress: '192.0.2.7' }]],
      [`GET ${path}`],
    ],
    stdout: `Standard listener open:\n${string}\n`,
  },
  {
    says: 'disable --watch waits until no gateway serves it any more',
    line: 'clusters standardListener disable Shop --watch',
    answers: {
      [`PATCH ${path}`]: { body: listener({ enabled: false, state: 'CLOSING' }) },
      [`GET ${path}`]: { body: listener({ enabled: false, state: 'OFF', connectionString: null }) },
    },
    sent: [[`PATCH ${path}`, { enabled: false }], [`GET ${path}`]],
    stdout: 'Standard listener closed.\n',
  },
])('$says', (row) => checkRow(server, row))

test('enable --currentIp adds no entry where the listener may not be enabled', async () => {
  server.answers = {
    'GET /api/private/ipinfo': { body: { currentIpv4Address: '192.0.2.7' } },
    [`PATCH ${path}`]: { status: 403, body: { error: 403, errorCode: 'USER_CANNOT_ACCESS_GROUP', detail: 'No.' } },
  }
  server.requests.length = 0
  const line = 'clusters standardListener enable Shop --currentIp'
  const { code } = await runTrial(line.split(' '), { url: server.url })
  expect(code).toBe(1)
  expect(server.requests.map(({ method }) => method)).toEqual(['GET', 'PATCH'])
})

test('one that private only keeps closed is not waited for: the reason, and exit code 1', async () => {
  const closed = listener({ state: 'CLOSED_BY_PRIVATE_ONLY', problem: 'The project is private only.' })
  server.answers = { [`PATCH ${path}`]: { body: listener() }, [`GET ${path}`]: { body: closed } }
  const line = 'clusters standardListener enable Shop --watch'
  const { code, stdout, stderr } = await runTrial(line.split(' '), { url: server.url })
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  expect(stderr).toContain('is CLOSED_BY_PRIVATE_ONLY: The project is private only.')
})
