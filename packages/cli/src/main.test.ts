import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keys, type RecordingServer, startRecordingServer } from './trial/recording-server.ts'
import { groupId } from './trial/run-trial.ts'

// The program as a shell runs it: what reaches standard output, standard error and the exit code, and that it ends.

const main = fileURLToPath(new URL('main.ts', import.meta.url))
const services = `/api/atlas/v2/groups/${groupId}/privateEndpoint/AWS/endpointService`
const many = Array.from({ length: 20_000 }, (_, index) => ({ id: groupId, endpointServiceName: `s${index}` }))

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer({ [`GET ${services}`]: { body: many } })
})
afterAll(() => server.close())

function start(line: string) {
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...line.split(' ')], {
    env: {
      HOME: '/nonexistent',
      PATH: process.env.PATH,
      POSTERN_URL: server.url,
      POSTERN_PUBLIC_KEY: keys.publicKey,
      POSTERN_PRIVATE_KEY: keys.privateKey,
      POSTERN_PROJECT_ID: groupId,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, ended, stderr: text(child.stderr) }
}

test('results on stdout, the rest on stderr, 0 at the end', async () => {
  const { child, ended, stderr } = start('privateEndpoints aws list')
  const stdout = await text(child.stdout)
  expect(await ended).toBe(0)
  expect(stdout.split('\n')).toHaveLength(many.length + 2)
  expect(await stderr).toBe(`Using ${server.url} (environment)\n`)
})

test('an error is 1', async () => {
  const { ended, stderr } = start('privateEndpoints aws describe 5f4fe14da2b47835a58c63a2')
  expect(await ended).toBe(1)
  expect(await stderr).toMatch(/\nError: .* \(HTTP 404, RESOURCE_NOT_FOUND\)\n$/)
})

test('a reader that goes away ends it quietly', async () => {
  const { child, ended, stderr } = start('privateEndpoints aws list')
  child.stdout.once('data', () => child.stdout.destroy())
  expect(await ended).toBe(0)
  expect(await stderr).toBe(`Using ${server.url} (environment)\n`)
})
