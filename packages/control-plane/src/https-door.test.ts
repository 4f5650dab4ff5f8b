import type { X509Certificate } from 'node:crypto'
import { request } from 'node:https'
import { connect, type TLSSocket } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestApi } from './http/testing.ts'
import { type HttpsDoor, openHttpsDoor } from './https-door.ts'
import { loadAuthority } from './resources/certificate/authority.ts'
import { serverHandlers } from './resources/server/handlers.ts'
import { createTestStore, type TestStore } from './store/testing.ts'

let stored: TestStore
let door: HttpsDoor
let ca: string
/** Two months ago; the certificate of then is good for another. */
let now = Date.now() - 61 * 24 * 3_600_000
beforeAll(async () => {
  stored = await createTestStore()
  const { parts, http } = await createTestApi(stored.store, serverHandlers, { clock: { now: () => now } })
  const plane = { parts, fetch: http.fetch }
  door = await openHttpsDoor(plane, { host: '127.0.0.1', alsoHost: null, port: 0, hosts: ['host.docker.internal'] })
  ca = (await loadAuthority(parts, 'endpoints')).certificate
})
afterAll(async () => {
  await door?.close(0)
  await stored?.close()
})

const port = () => Number(new URL(door.url).port)
const shownFor = (servername: string): Promise<X509Certificate | undefined> =>
  new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ host: '127.0.0.1', port: port(), servername, ca }, () => {
      resolve(socket.getPeerX509Certificate())
      socket.destroy()
    })
    socket.once('error', reject)
  })
const status = (url: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(url, { ca }, (answer) => resolve(answer.resume().statusCode))
      .once('error', reject)
      .end()
  })

test('whoever trusts ca.pem reaches the API by https, by address and by name', async () => {
  expect(door.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
  expect(await status(`${door.url}/healthz`)).toBe(200)
  for (const name of ['localhost', 'host.docker.internal']) expect(await shownFor(name)).toBeDefined()
  expect((await shownFor('localhost'))?.subjectAltName).toContain('IP Address:0:0:0:0:0:0:0:1')
  await expect(shownFor('postern.example')).rejects.toThrow('does not match certificate')
})

test('its certificate stays while it is good, and another is shown before it ends', async () => {
  const serial = async () => (await shownFor('localhost'))?.serialNumber
  const first = await serial()
  await door.look()
  expect(await serial()).toBe(first)
  now = Date.now()
  await door.look()
  expect(await serial()).not.toBe(first)
})
