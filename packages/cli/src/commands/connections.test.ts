import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandRow, checkRow, page } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, runTrial } from '../trial/run-trial.ts'

// Live connections: what each command sends and prints.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const path = `/api/postern/v1/groups/${groupId}/connections`
const id = '6553f0c8a3b1000000000001'
const connection = {
  id,
  endpointId: 'vpce-0123456789abcdef0',
  member: '127.0.0.1:27017',
  source: '127.0.0.1:50001',
  driver: 'nodejs 7.9.0',
  appName: 'shop',
  user: 'app@admin',
  since: '2026-11-25T10:00:00.000Z',
}
const listed = (unansweredEdges: readonly string[] = []) => ({ body: { results: [connection], unansweredEdges } })
const ended = (killed: number, unansweredEdges: readonly string[] = []) => ({ body: { killed, unansweredEdges } })
const table =
  'ID                         ENDPOINT                 MEMBER            SOURCE            DRIVER         APP    USER        SINCE\n' +
  `${id}   vpce-0123456789abcdef0   127.0.0.1:27017   127.0.0.1:50001   nodejs 7.9.0   shop   app@admin   2026-11-25T10:00:00.000Z\n`

describe('connections', () => {
  test.each<CommandRow>([
    {
      says: 'list',
      line: 'connections list',
      answers: { [`GET ${path}${page}`]: listed() },
      sent: [[`GET ${path}${page}`]],
      stdout: table,
    },
    {
      says: 'list with filters; an edge that did not answer is named',
      line: 'connections ls --endpoint vpce-0123456789abcdef0 --cluster Shop --appName cart',
      answers: {
        [`GET ${path}${page}&endpointId=vpce-0123456789abcdef0&clusterName=Shop&appName=cart`]: listed(['edge-2']),
      },
      sent: [[`GET ${path}${page}&endpointId=vpce-0123456789abcdef0&clusterName=Shop&appName=cart`]],
      stdout: table,
      stderr: /^Warning: not answered, and so not counted: edge-2\n$/,
    },
    {
      says: 'kill one',
      line: `connections kill ${id} --force`,
      answers: { [`DELETE ${path}/${id}`]: ended(1) },
      sent: [[`DELETE ${path}/${id}`]],
      stdout: '1 connection ended\n',
    },
    {
      says: 'kill all of an application through an endpoint',
      line: 'connections kill --appName shop --endpoint vpce-0123456789abcdef0 --force',
      answers: { [`DELETE ${path}?endpointId=vpce-0123456789abcdef0&appName=shop`]: ended(3) },
      sent: [[`DELETE ${path}?endpointId=vpce-0123456789abcdef0&appName=shop`]],
      stdout: '3 connections ended\n',
    },
  ])('$says', (row) => checkRow(server, row))

  test('where an edge does not answer, kill says so and exits 1', async () => {
    server.answers = { [`DELETE ${path}?appName=shop`]: ended(2, ['edge-2']) }
    const trial = await runTrial(['connections', 'kill', '--appName', 'shop', '--force'], { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '2 connections ended\n' })
    expect(trial.stderr).toContain('Warning: not answered, and so not counted: edge-2')
  })

  test.each([
    ['connections kill', 'name either the id of a connection, or --endpoint, --cluster or --appName'],
    [
      `connections kill ${id} --appName shop`,
      'name either the id of a connection, or --endpoint, --cluster or --appName',
    ],
    ['connections kill 7 --force', "the provided value '7' is not a valid ID"],
  ])('%s is refused, and nothing is sent', async (line, error) => {
    server.requests.length = 0
    const trial = await runTrial(line.split(' '), { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr).toContain(`Error: ${error}\n`)
    expect(server.requests).toEqual([])
  })

  test('without a terminal and without --force nobody is asked, and nothing is sent', async () => {
    server.requests.length = 0
    const trial = await runTrial(['connections', 'kill', id], { url: server.url })
    expect(trial.code).toBe(1)
    expect(trial.stderr).toContain(`cannot ask "Are you sure you want to end connection: ${id}"`)
    expect(server.requests).toEqual([])
  })
})
