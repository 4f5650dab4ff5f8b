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
  policy: { maxSnapshotAgeSeconds: null },
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
    says: 'describe shows what is forbidden there, by the flag that sets it',
    line: 'clusters standardListener get Shop',
    answers: { [`GET ${path}`]: { body: { ...open, policy: { maxSnapshotAgeSeconds: 300 } } } },
    sent: [[`GET ${path}`]],
    stdout: `ID                         ENABLED   STATE   ACCESS LIST   CONNECTION STRING\n6553f0c8a3b1c2d4e5f60817   true      OPEN    1             ${string}\n\nPOLICY           VALUE\nmaxSnapshotAge   300\n`,
  },
  ...(['300', 'default'] as const).map(
    (age): CommandRow => ({
      says: `update --maxSnapshotAge ${age} changes that alone`,
      line: `clusters standardListener update Shop --maxSnapshotAge ${age}`,
      answers: { [`PATCH ${path}`]: { body: open } },
      sent: [[`PATCH ${path}`, { policy: { maxSnapshotAgeSeconds: age === 'default' ? null : 300 } }]],
      stdout: "Standard listener of cluster 'Shop' updated.\n",
    }),
  ),
  {
    says: 'enable --maxSnapshotAge opens it with its policy, in one go',
    line: 'clusters standardListener enable Shop --maxSnapshotAge 300',
    answers: { [`PATCH ${path}`]: { body: listener() } },
    sent: [[`PATCH ${path}`, { enabled: true, policy: { maxSnapshotAgeSeconds: 300 } }]],
    stdout: 'Standard listener opening.\n',
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
    line: 'clusters standardListener disable Shop --force --watch',
    answers: {
      [`PATCH ${path}`]: { body: listener({ enabled: false, state: 'CLOSING' }) },
      [`GET ${path}`]: { body: listener({ enabled: false, state: 'OFF', connectionString: null }) },
    },
    sent: [[`PATCH ${path}`, { enabled: false }], [`GET ${path}`]],
    stdout: 'Standard listener closed.\n',
  },
  {
    says: 'disable asks first, and closes it after a yes',
    line: 'clusters standardListener disable Shop',
    terminal: [true],
    answers: { [`PATCH ${path}`]: { body: listener({ enabled: false, state: 'CLOSING' }) } },
    sent: [[`PATCH ${path}`, { enabled: false }]],
    stdout: 'Standard listener closing.\n',
  },
  {
    says: 'disable that is declined sends nothing',
    line: 'clusters standardListener disable Shop',
    terminal: [false],
    answers: {},
    sent: [],
    stdout: 'Standard listener not closed\n',
  },
  {
    says: 'private only closes them too: what is declined sends nothing',
    line: 'projects privateOnly enable',
    terminal: [false],
    answers: {},
    sent: [],
    stdout: 'Private only not enabled\n',
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

test.each([
  ['clusters standardListener disable Shop', 'cannot ask "Are you sure you want to close the standard listener'],
  ['projects privateOnly enable', 'cannot ask "Are you sure you want to close the standard listeners'],
  ['clusters standardListener update Shop', 'nothing to change: give at least one flag'],
  [
    'clusters standardListener enable Shop --maxSnapshotAge soon',
    'invalid value "soon" for --maxSnapshotAge: neither a whole number of at most 7 digits nor "default"',
  ],
])('%s, without a terminal: refused, and nothing is sent', async (line, says) => {
  server.requests.length = 0
  const { code, stderr } = await runTrial(line.split(' '), { url: server.url })
  expect(code).toBe(1)
  expect(stderr).toContain(says)
  expect(server.requests).toEqual([])
})
