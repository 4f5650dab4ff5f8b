// Where the port is opened, and how it is closed, on real sockets.

import { randomBytes } from 'node:crypto'
import { request as httpsRequest } from 'node:https'
import { connect, type Socket } from 'node:net'
import { networkInterfaces } from 'node:os'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Listening, listen } from './listen.ts'
import { issueEdgeCertificate } from './resources/certificate/issue-edge.ts'
import { makeAuthority } from './resources/certificate/make-authority.ts'
import { makeOwnRequest } from './resources/certificate/own-request.ts'
import { keyAlgorithm } from './resources/certificate/terms.ts'

const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})

const open = (answer: () => Promise<Response> | Response): Promise<Listening> =>
  listen(async () => answer(), { host: '127.0.0.1', port: 0, tls: null })

function dial({ url }: Listening): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  sockets.push(socket.on('error', () => {}))
  return socket
}

const request = 'GET / HTTP/1.1\r\nHost: postern\r\n\r\n'
const hourMs = 3_600_000

describe('by TLS', () => {
  test.each([
    { says: 'a caller with a certificate of the authority', signed: true, shows: true },
    { says: 'one with a certificate of another', signed: false, shows: true },
    { says: 'one without any', signed: false, shows: false },
  ])('$says is let in; the first alone is known by its key', async ({ signed, shows }) => {
    const authority = await makeAuthority('edges', Date.now(), (bytes) => randomBytes(bytes).toString('hex'))
    const other = await makeAuthority('others', Date.now(), (bytes) => randomBytes(bytes).toString('hex'))
    const pemOf = (key: string): string => `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`
    const { csr, key } = await makeOwnRequest()
    const issuer = signed ? authority : other
    const { chain, keyHash } = await issueEdgeCertificate({
      authority: {
        certificate: issuer.certificate,
        key: await crypto.subtle.importKey('pkcs8', Buffer.from(issuer.key, 'base64'), keyAlgorithm, false, ['sign']),
      },
      csr,
      edge: 'gateway-1',
      now: Date.now(),
      random: randomBytes(16).toString('hex'),
    })
    const hashes: (string | null)[] = []
    const tls = { cert: other.certificate, key: pemOf(other.key), clientCa: authority.certificate }
    const listening = await listen(
      async (_request, { peerKeyHash = () => null }) => {
        hashes.push(peerKeyHash())
        return new Response('yes')
      },
      { host: '127.0.0.1', port: 0, tls },
    )
    const ask = () =>
      new Promise<number | undefined>((resolve, reject) => {
        httpsRequest(
          listening.url,
          { agent: false, rejectUnauthorized: false, ...(shows && { cert: chain, key }) },
          (answer) => resolve(answer.resume().statusCode),
        )
          .once('error', reject)
          .end()
      })
    expect([await ask(), await ask()]).toEqual([200, 200])
    await listening.close(0)
    expect(hashes).toEqual(Array(2).fill(signed ? keyHash : null))
  })
})

test('a client that asks again before it is answered, again and again, does not hold up the end', async () => {
  // Each request is answered when the next one is there, so that the connection is never at rest.
  let next = (): void => {}
  const listening = await open(() => {
    next()
    return new Promise((resolve) => {
      next = () => resolve(new Response('yes'))
    })
  })
  const socket = dial(listening)
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  let heard = ''
  await new Promise<void>((resolve) => {
    socket.on('data', (chunk: Buffer) => {
      heard += chunk
      if (socket.writable) socket.write(request)
      resolve()
    })
    socket.write(request + request)
  })
  await listening.close(hourMs)
  await gone
  expect(heard.toLowerCase()).toContain('connection: close')
})

test('a request that runs is answered before the end', async () => {
  let asked = (): void => {}
  let answer = (): void => {}
  const running = new Promise<void>((resolve) => {
    asked = resolve
  })
  const listening = await open(async () => {
    asked()
    await new Promise<void>((resolve) => {
      answer = resolve
    })
    return new Response('at last')
  })
  const socket = dial(listening)
  let heard = ''
  socket.on('data', (chunk: Buffer) => {
    heard += chunk.toString()
  })
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.write(request)
  await running
  const closed = listening.close(hourMs)
  answer()
  await closed
  await gone
  expect(heard).toMatch(/at last$/)
})

test('one that never ends is cut when its time is over', async () => {
  let asked = (): void => {}
  const running = new Promise<void>((resolve) => {
    asked = resolve
  })
  const listening = await open(() => {
    asked()
    return new Promise<Response>(() => {})
  })
  const socket = dial(listening)
  const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  socket.write(request)
  await running
  await listening.close(20)
  await gone
})

test('a hundred requests, answered or given up by their clients, leave no socket', async () => {
  const held = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length
  const before = held()
  let asked = 0
  const listening = await open(() => {
    asked++
    return asked % 2 === 0 ? new Response('yes') : new Promise<Response>(() => {})
  })
  const one = async (): Promise<void> => {
    const mine = asked
    const socket = dial(listening)
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    socket.once('data', () => socket.destroy()).write(request)
    await vi.waitFor(() => expect(asked).toBe(mine + 1), { timeout: 20_000, interval: 1 })
    if (asked % 2 === 1) socket.destroy()
    await gone
  }
  for (let count = 0; count < 100; count++) await one()
  await vi.waitFor(() => expect(held()).toBeLessThanOrEqual(before), { timeout: 20_000, interval: 10 })
  await listening.close(hourMs)
})

/** Whether this machine has the other loopback: a container may have none. */
const hasOther = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'))

describe.skipIf(!hasOther)('on both loopbacks', () => {
  const both = { host: '127.0.0.1', alsoHost: '::1', port: 0, tls: null }
  const answers = async (host: string, port: string) =>
    (await fetch(`http://${host}:${port}/`).catch(() => null))?.text() ?? null

  test('the same port answers at each, by one name, and is closed at each', async () => {
    const seen: string[] = []
    const listening = await listen(async (_, { remoteAddress, scheme }) => {
      seen.push(`${scheme} ${remoteAddress}`)
      return new Response('yes', { headers: { connection: 'close' } })
    }, both)
    const { hostname, port } = new URL(listening.url)
    expect(hostname).toBe('127.0.0.1')
    expect([await answers('127.0.0.1', port), await answers('[::1]', port)]).toEqual(['yes', 'yes'])
    expect(seen).toEqual(['http 127.0.0.1', 'http ::1'])
    await listening.close(hourMs)
    expect([await answers('127.0.0.1', port), await answers('[::1]', port)]).toEqual([null, null])
  })

  test('where another program has the port at the other one, the first is served alone', async () => {
    const other = await listen(async () => new Response('other'), { host: '::1', port: 0, tls: null })
    const port = Number(new URL(other.url).port)
    const ours = await listen(async () => new Response('ours'), { ...both, port })
    expect([await answers('127.0.0.1', String(port)), await answers('[::1]', String(port))]).toEqual(['ours', 'other'])
    await Promise.all([ours.close(0), other.close(0)])
  })
})
