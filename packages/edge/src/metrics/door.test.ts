import { request } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { freePort } from '../testing/free-port.ts'
import { type MetricsDoor, openMetricsDoor } from './door.ts'

const doors: MetricsDoor[] = []
afterEach(async () => {
  for (const door of doors.splice(0)) await door.close()
})

async function open(host = '127.0.0.1', port = 0): Promise<MetricsDoor> {
  const metrics = () => [{ name: 'a', help: 'A.', type: 'gauge' as const, samples: [{ labels: {}, value: 7 }] }]
  const door = await openMetricsDoor({ host, port, metrics })
  doors.push(door)
  return door
}

interface Asked {
  readonly path?: string
  readonly method?: string
  readonly host?: string
}

const ask = (port: number, { path = '/metrics', method = 'GET', host = `127.0.0.1:${port}` }: Asked = {}) =>
  new Promise<{ readonly status: number | undefined; readonly type: string | undefined; readonly text: string }>(
    (resolve, reject) => {
      const asking = request({ port, host: '127.0.0.1', path, method, headers: { host } }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          resolve({ status: response.statusCode, type: response.headers['content-type'], text })
        })
      })
      asking.on('error', reject).end()
    },
  )

test('tells the metrics of the moment', async () => {
  const { port } = await open()
  expect(await ask(port)).toEqual({
    status: 200,
    type: 'text/plain; version=0.0.4; charset=utf-8',
    text: '# HELP a A.\n# TYPE a gauge\na 7\n',
  })
  expect(await ask(port, { method: 'HEAD' })).toMatchObject({ status: 200, text: '' })
})

test.each([
  { says: 'another path', asked: { path: '/' }, status: 404 },
  { says: 'another method', asked: { method: 'POST' }, status: 405 },
  { says: 'a foreign name for this machine', asked: { host: 'evil.example' }, status: 421 },
])('$says is refused', async ({ asked, status }) => {
  const { port } = await open()
  expect(await ask(port, asked)).toMatchObject({ status, text: '' })
})

test.each(['localhost', '127.0.0.1:9464', '[::1]:9464'])('%s is this machine', async (host) => {
  const { port } = await open()
  expect(await ask(port, { host })).toMatchObject({ status: 200 })
})

test('beyond loopback, which was asked for by name, any host name will do', async () => {
  const { port } = await open('0.0.0.0')
  expect(await ask(port, { host: 'edge-1.example' })).toMatchObject({ status: 200 })
})

test('a port that is taken is named with its variable', async () => {
  const port = await freePort()
  await open('127.0.0.1', port)
  await expect(open('127.0.0.1', port)).rejects.toThrow(`POSTERN_METRICS_PORT: 127.0.0.1 port ${port} cannot be bound`)
})
