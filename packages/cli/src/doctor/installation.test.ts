import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Finding } from '@postern/contract/diagnosis'
import { afterEach, expect, test } from 'vitest'
import { startRecordingServer } from '../trial/recording-server.ts'
import { groupId, runTrial } from '../trial/run-trial.ts'
import { lookAtServer } from './installation.ts'

let server: Server | undefined
afterEach(() => void server?.close())

/** Answers as a control plane does whose store is there, or not. */
async function serverWhoseStore(isThere: boolean): Promise<string> {
  server = createServer((request, response) => {
    response.statusCode = request.url === '/readyz' && !isThere ? 503 : 200
    response.end()
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

test.each([
  { isThere: true, status: 'OK' },
  { isThere: false, status: 'FAILED' },
])('a store that is there ($isThere) is $status', async ({ isThere, status }) => {
  const found = await lookAtServer({ fetch }, await serverWhoseStore(isThere))
  expect(found.map((each) => [each.id, each.status])).toEqual([
    ['server-reachable', 'OK'],
    ['server-ready', status],
    ['clock', 'OK'],
  ])
})

test('a project that is gone is a finding, and what needs none is looked at all the same', async () => {
  const detail = `No group with ID ${groupId} exists.`
  const path = `/api/postern/v1/groups/${groupId}:diagnose`
  const answers = { [`POST ${path}`]: { status: 404, body: { error: 404, errorCode: 'GROUP_NOT_FOUND', detail } } }
  const recording = await startRecordingServer(answers)
  const home = mkdtempSync(join(tmpdir(), 'postern-doctor-'))
  try {
    writeFileSync(join(home, 'bootstrap.json'), JSON.stringify({ apiUrl: recording.url }), { mode: 0o600 })
    const trial = await runTrial(['doctor', '-o', 'json'], {
      url: recording.url,
      env: { POSTERN_HOME: home },
      // its health is asked for without keys, and the recording server answers nobody without
      fetch: (url, init) =>
        url.includes('/api/') ? fetch(url, init) : fetch(url, init).then(() => new Response('ok')),
    })
    expect(trial).toMatchObject({ code: 1, stderr: `Using ${recording.url} (environment)\n` })
    const { findings } = JSON.parse(trial.stdout) as { findings: readonly Finding[] }
    expect(findings.map(({ id, status }) => `${status} ${id}`)).toEqual([
      'OK home-closed',
      'OK server-reachable',
      'OK server-ready',
      'OK keys-accepted',
      'NOT_APPLICABLE clock',
      'FAILED target-known',
    ])
    expect(findings.at(-1)).toMatchObject({ found: detail, command: 'postern projects list' })
  } finally {
    await recording.close()
    rmSync(home, { recursive: true })
  }
})
