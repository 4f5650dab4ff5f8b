import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test } from 'vitest'
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
