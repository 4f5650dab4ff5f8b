// The fetch that shows a certificate, against a real server that asks for one.

import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAuthority } from '../gateway/testing/certificates.ts'
import { mutualTlsFetch } from './mutual-tls-fetch.ts'

let made: { readonly ca: string; readonly key: string; readonly cert: string }
let server: Server
let send: typeof fetch
const seen: (string | undefined)[] = []

beforeAll(async () => {
  const authority = await createAuthority()
  made = { ca: authority.ca, ...(await authority.issue(['127.0.0.1'])) }
  const { ca, key, cert } = made
  server = createServer({ key, cert, ca, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    const socket = request.socket as TLSSocket
    seen.push(socket.authorized ? socket.getPeerX509Certificate()?.subject : 'nobody')
    if (request.url === '/none') response.writeHead(204).end()
    else if (request.url === '/away') response.writeHead(307, { location: 'https://127.0.0.1:1/' }).end()
    else if (request.url === '/never') response.flushHeaders()
    else {
      response.writeHead(200, { 'x-method': request.method })
      request.pipe(response)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  send = mutualTlsFetch({ key, cert, ca })
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const url = (path: string): string => `https://127.0.0.1:${(server.address() as AddressInfo).port}${path}`

test('every request shows the certificate, on connections that are kept and on those that resume a session', async () => {
  seen.length = 0
  for (let time = 0; time < 3; time += 1) {
    const echo = () => send(url('/echo'), { method: 'POST', body: `body ${time}` })
    // The client may not have heard yet that its connection was closed.
    const answer = await echo().catch(echo)
    expect([answer.status, answer.headers.get('x-method'), await answer.text()]).toEqual([200, 'POST', `body ${time}`])
    if (time === 1) server.closeAllConnections()
  }
  expect(seen).toEqual(Array(3).fill('CN=a test server'))
})

test('204 has no body', async () => {
  const answer = await send(url('/none'))
  expect([answer.status, answer.body]).toEqual([204, null])
})

test('a redirect is not followed', async () => {
  await expect(send(url('/away'))).rejects.toThrow('redirects')
})

test('an answer that does not come is given up, and one that does not go on', async () => {
  const ending = new AbortController()
  const answer = await send(url('/never'), { signal: ending.signal })
  ending.abort(new Error('enough'))
  await expect(answer.text()).rejects.toThrow()
  await expect(send(url('/echo'), { signal: AbortSignal.abort() })).rejects.toThrow()
})

test('a server that nobody vouches for is told nothing', async () => {
  seen.length = 0
  const { key, cert } = made
  await expect(mutualTlsFetch({ key, cert })(url('/echo'))).rejects.toThrow(/self.signed|certificate/)
  expect(seen).toEqual([])
})
