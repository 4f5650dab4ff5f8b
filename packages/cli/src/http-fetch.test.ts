import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Asked } from '@postern/contract/client'
import { afterEach, expect, test } from 'vitest'
import { httpFetch } from './http-fetch.ts'

// Against real servers: what is sent, what is answered, and every way in which no answer comes.

let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})
const serve = async (listener: RequestListener): Promise<string> => {
  server = createServer(listener)
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
const asked = (over: Partial<Asked> = {}): Asked => ({ method: 'GET', redirect: 'manual', headers: {}, ...over })

test('method, target, headers and body arrive as they are; the answer is told with its status and headers', async () => {
  let got: unknown
  const url = await serve(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += String(chunk)
    got = {
      method: request.method,
      url: request.url,
      type: request.headers['content-type'],
      length: request.headers['content-length'],
      body,
    }
    response.writeHead(201, { 'X-Told': 'yes' }).end('{"ä":1}')
  })
  const answer = await httpFetch(
    `${url}/a%20b/%2F?c=d%20e`,
    asked({ method: 'POST', headers: { 'content-type': 'text/x' }, body: 'ü' }),
  )
  expect(got).toEqual({ method: 'POST', url: '/a%20b/%2F?c=d%20e', type: 'text/x', length: '2', body: 'ü' })
  expect([answer.ok, answer.status, answer.headers.get('x-told'), answer.headers.get('none')]).toEqual([
    true,
    201,
    'yes',
    null,
  ])
  expect(await answer.text()).toBe('{"ä":1}')
})

test('a body cut within a letter is put together again', async () => {
  const bytes = Buffer.from('ä€😀')
  const url = await serve((_, response) => {
    for (const byte of bytes) response.write(Buffer.from([byte]))
    response.end()
  })
  expect(await (await httpFetch(url, asked())).text()).toBe('ä€😀')
})

test.each([204, 304, 302, 404, 500])('status %i is an answer, and no redirect is followed', async (status) => {
  let requests = 0
  const url = await serve((_, response) => {
    requests += 1
    response.writeHead(status, { location: '/elsewhere' }).end()
  })
  const answer = await httpFetch(url, asked())
  expect([answer.status, answer.ok, await answer.text(), requests]).toEqual([status, status === 204, '', 1])
})

test('one that goes on is read piece by piece', async () => {
  const url = await serve((_, response) => {
    response.write('one')
    setImmediate(() => response.end('two'))
  })
  let text = ''
  for await (const chunk of (await httpFetch(url, asked())).body ?? []) text += Buffer.from(chunk).toString()
  expect(text).toBe('onetwo')
})

test('several requests use one connection', async () => {
  const ports = new Set<number | undefined>()
  const url = await serve((request, response) => {
    ports.add(request.socket.remotePort)
    response.end('x')
  })
  for (const _ of [1, 2, 3]) await (await httpFetch(url, asked())).text()
  expect(ports.size).toBe(1)
})

test('nothing listens, the connection is cut before or within the answer: it rejects with the system’s code', async () => {
  const url = await serve((request, response) => {
    if (request.url === '/before') return request.socket.destroy()
    response.writeHead(200, { 'content-length': '9' }).write('abc')
    setImmediate(() => request.socket.destroy())
  })
  await expect(httpFetch('http://127.0.0.1:1/', asked())).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await expect(httpFetch(`${url}/before`, asked())).rejects.toMatchObject({ code: 'ECONNRESET' })
  const answer = await httpFetch(`${url}/within`, asked())
  await expect(answer.text()).rejects.toMatchObject({ code: 'ECONNRESET' })
})

test('an aborted wait rejects with the signal’s reason', async () => {
  const url = await serve(() => {})
  const aborting = new AbortController()
  const waiting = httpFetch(url, asked({ signal: aborting.signal }))
  const reason = new DOMException('too long', 'TimeoutError')
  aborting.abort(reason)
  await expect(waiting).rejects.toBe(reason)
})
