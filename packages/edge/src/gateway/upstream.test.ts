import { type AddressInfo, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { memberDialler, parseHostPort } from './upstream.ts'

const dialMember = memberDialler(() => null)

test.each([
  { text: 'a.internal:27017', address: { host: 'a.internal', port: 27_017 } },
  { text: '127.0.0.1:1', address: { host: '127.0.0.1', port: 1 } },
  { text: '[::1]:27017', address: { host: '::1', port: 27_017 } },
  { text: '::1:27017', address: null },
  { text: 'a.internal', address: null },
  { text: 'a.internal:', address: null },
  { text: 'a.internal:0', address: null },
  { text: 'a.internal:65536', address: null },
  { text: ':27017', address: null },
  { text: 'a b:27017', address: null },
  { text: '/var/run/mongodb.sock', address: null },
])('$text is an address: $address', ({ text, address }) => {
  expect(parseHostPort(text)).toEqual(address)
})

const onread = { buffer: Buffer.alloc(64), callback: () => true }

test('an address that is none is refused without a dial', async () => {
  await expect(dialMember({ hostPort: 'nowhere', tls: null, timeoutMs: 1000, onread })).rejects.toMatchObject({
    name: 'DialError',
    code: 'ADDRESS',
  })
})

test('a member that accepts and never speaks TLS is given up in time, and its socket closed', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const closed = new Promise((resolve) => server.once('connection', (socket) => socket.resume().once('close', resolve)))
  const hostPort = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const tls = { ca: null, allowInvalidHostnames: false }
  await expect(dialMember({ hostPort, tls, timeoutMs: 50, onread })).rejects.toMatchObject({ code: 'TIMEOUT' })
  await closed
  server.close()
})

test('a member that closes during the TLS handshake is the reason', async () => {
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const hostPort = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const tls = { ca: null, allowInvalidHostnames: false }
  await expect(dialMember({ hostPort, tls, timeoutMs: 10_000, onread })).rejects.toMatchObject({ name: 'DialError' })
  server.close()
})
