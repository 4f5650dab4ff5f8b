import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandRow, checkRow, page } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, runTrial } from '../trial/run-trial.ts'

// Access lists: what each command sends and prints, and which command lines are refused before anything is sent.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const path = `/api/atlas/v2/groups/${groupId}/accessList`
const office = { cidrBlock: '192.0.2.0/24', comment: 'office', groupId }
const created = 'Created a new IP access list.\n'

describe('access lists', () => {
  test.each<CommandRow>([
    {
      says: 'create takes an address unless told otherwise',
      line: 'accessLists create 192.0.2.15 --comment office',
      answers: { [`POST ${path}`]: { status: 201, body: { results: [office] } } },
      sent: [[`POST ${path}`, [{ ipAddress: '192.0.2.15', comment: 'office' }]]],
      stdout: created,
    },
    {
      says: 'create of a range that is deleted later',
      line: 'access-list create 192.0.2.0/24 --type cidrBlock --deleteAfter 2026-12-01T10:00:00+0100',
      answers: { [`POST ${path}`]: { status: 201, body: { results: [office] } } },
      sent: [[`POST ${path}`, [{ cidrBlock: '192.0.2.0/24', deleteAfterDate: '2026-12-01T09:00:00.000Z' }]]],
      stdout: created,
    },
    {
      says: 'create of a security group, under the noun that it once had',
      line: 'whitelist create sg-903004f8 --type awsSecurityGroup',
      answers: { [`POST ${path}`]: { status: 201, body: { results: [office] } } },
      sent: [[`POST ${path}`, [{ awsSecurityGroup: 'sg-903004f8' }]]],
      stdout: created,
    },
    {
      says: 'create --currentIp asks the server which address that is',
      line: 'accessLists create --currentIp',
      answers: {
        'GET /api/private/ipinfo': { body: { currentIpv4Address: '127.0.0.1' } },
        [`POST ${path}`]: { status: 201, body: { results: [office] } },
      },
      sent: [['GET /api/private/ipinfo'], [`POST ${path}`, [{ ipAddress: '127.0.0.1' }]]],
      stdout: created,
    },
    {
      says: 'list',
      line: 'accessLists ls',
      answers: {
        [`GET ${path}${page}`]: { body: { results: [office, { awsSecurityGroup: 'sg-903004f8', comment: '' }] } },
      },
      sent: [[`GET ${path}${page}`]],
      stdout: 'CIDR BLOCK     AWS SECURITY GROUP\n192.0.2.0/24   N/A\n               sg-903004f8\n',
    },
    {
      says: 'describe of a range: its slash is part of the name',
      line: 'accessLists get 192.0.2.0/24',
      answers: { [`GET ${path}/192.0.2.0%2F24`]: { body: office } },
      sent: [[`GET ${path}/192.0.2.0%2F24`]],
      stdout: 'CIDR BLOCK     SECURITY GROUP\n192.0.2.0/24   N/A\n',
    },
    {
      says: 'delete',
      line: 'accessLists rm 192.0.2.15',
      terminal: [true],
      answers: { [`DELETE ${path}/192.0.2.15`]: { status: 204 } },
      sent: [[`DELETE ${path}/192.0.2.15`]],
      stdout: "Project access list entry '192.0.2.15' deleted\n",
    },
    {
      says: 'No to the question leaves it alone',
      line: 'accessLists delete 192.0.2.15',
      terminal: [false],
      answers: {},
      sent: [],
      stdout: 'Project access list entry not deleted\n',
    },
  ])('$says', (row) => checkRow(server, row))

  test.each([
    [
      'accessLists create',
      /"postern accessLists create" with entry type ipAddress requires at least 1 argument, received 0/,
    ],
    ['accessLists create 192.0.2.1 --currentIp', /please either provide \[entry\] or use currentIp/],
    ['accessLists create --type cidrBlock --currentIp', /entry type cidrBlock does not support currentIp flag/],
    ['accessLists create 192.0.2.1 --type address', /invalid value "address" for --type; accepted values: cidrBlock/],
    ['accessLists create 192.0.2.1 --deleteAfter soon', /invalid value "soon" for --deleteAfter/],
    ['accessLists create a b', /accepts at most 1 argument, received 2/],
  ])('%s is refused', async (line, error) => {
    server.requests.length = 0
    const trial = await runTrial(line.split(' '), { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr).toMatch(error)
    expect(server.requests).toEqual([])
  })
})
