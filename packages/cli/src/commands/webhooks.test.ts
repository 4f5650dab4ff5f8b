import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandRow, checkRow, page } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, orgId, runTrial } from '../trial/run-trial.ts'

// Webhooks of projects and of organizations: the same commands, each over its own operations.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const id = '5f4fe14da2b47835a58c63a2'
const url = 'https://example.com/hook'
const webhook = { id, url, enabled: false, eventTypes: ['A', 'B'], disabledReason: 'It did not answer.' }
const table =
  'ID                         URL                        ENABLED   TYPES   DISABLED BECAUSE\n' +
  `${id}   ${url}   false     A, B    It did not answer.\n`
const delivery = { id, eventTypeName: 'A', state: 'FAILED', attempts: 3, statusCode: 500, error: 'No.' }

describe.each([
  { noun: 'projects', path: `/api/postern/v1/groups/${groupId}/webhooks` },
  { noun: 'organizations', path: `/api/postern/v1/orgs/${orgId}/webhooks` },
])('webhooks $noun', ({ noun, path }) => {
  const rows: readonly (Omit<CommandRow, 'says' | 'answers'> & { readonly body?: unknown })[] = [
    {
      line: `create ${url} --type A,B --desc mine --allowPlainHttp`,
      body: { ...webhook, secret: 'whsec_abc' },
      sent: [[`POST ${path}`, { url, eventTypes: ['A', 'B'], description: 'mine', allowPlainHttp: true }]],
      stdout: `Webhook '${id}' created.\nSecret whsec_abc\n`,
    },
    { line: 'ls', body: { results: [webhook] }, sent: [[`GET ${path}${page}`]], stdout: table },
    { line: `describe ${id}`, body: webhook, sent: [[`GET ${path}/${id}`]], stdout: table },
    {
      line: `update ${id} --enableDelivery --url ${url}`,
      body: webhook,
      sent: [[`PATCH ${path}/${id}`, { url, enabled: true }]],
      stdout: `Webhook '${id}' updated.\n`,
    },
    { line: `delete ${id} --force`, sent: [[`DELETE ${path}/${id}`]], stdout: `Webhook '${id}' deleted\n` },
    {
      line: `test ${id}`,
      body: delivery,
      sent: [[`POST ${path}/${id}:test`]],
      stdout: `Delivery '${id}' is being made.\n`,
    },
    {
      line: `deliveries list ${id}`,
      body: { results: [delivery] },
      sent: [[`GET ${path}/${id}/deliveries${page}`]],
      stdout:
        'ID                         EVENT TYPE   STATE    ATTEMPTS   STATUS CODE   ERROR\n' +
        `${id}   A            FAILED   3          500           No.\n`,
    },
  ]
  test.each(rows)('$line', async ({ line, body, ...row }) => {
    const [[target = ''] = []] = row.sent
    await checkRow(server, { ...row, says: line, line: `webhooks ${noun} ${line}`, answers: { [target]: { body } } })
  })

  test.each([
    [`update ${id}`, 'nothing to change: give at least one flag'],
    [`update ${id} --enableDelivery --disableDelivery`, 'none of the others can be'],
    ['describe no', "the provided value 'no' is not a valid ID"],
    ['create', 'requires 1 argument'],
  ])('%s: %s', async (line, error) => {
    server.requests.length = 0
    const trial = await runTrial(['webhooks', noun, ...line.split(' ')], {
      url: server.url,
      env: { POSTERN_ORG_ID: orgId },
    })
    expect(trial).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining(error) })
    expect(server.requests).toEqual([])
  })
})
