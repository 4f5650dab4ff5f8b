import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { freePort } from '../../packages/edge/src/testing/free-port.ts'
import { findHaproxy, haproxyConfig, splices, startHaproxy } from './haproxy.ts'

const folder = async (): Promise<string> => {
  const made = await mkdtemp(join(tmpdir(), 'postern-haproxy-'))
  onTestFinished(() => rm(made, { recursive: true, force: true }))
  return made
}

test('one thread, large buffers, the same PROXY header, and the way of splicing that is asked for', () => {
  const doors = [
    { port: 1, memberPort: 2, pem: null },
    { port: 3, memberPort: 4, pem: '/some/gateway.pem' },
  ]
  expect(haproxyConfig('splice-response', doors)).toBe(`global
  nbthread 1
  tune.bufsize 131072
  maxconn 6000
defaults
  mode tcp
  option splice-response
  timeout connect 10s
  timeout client 1h
  timeout server 1h
listen door0
  bind 127.0.0.1:1 accept-proxy
  server member 127.0.0.1:2
listen door1
  bind 127.0.0.1:3 accept-proxy ssl crt /some/gateway.pem
  server member 127.0.0.1:4
`)
})

test('it is found where the path leads, and only what can be run', async () => {
  const at = await folder()
  await writeFile(join(at, 'haproxy'), '')
  expect(await findHaproxy(at)).toBeNull()
  await chmod(join(at, 'haproxy'), 0o755)
  expect(await findHaproxy(`/nowhere:${at}`)).toBe(join(at, 'haproxy'))
})

test('one that ends at once is said with its own words', async () => {
  const at = await folder()
  const binary = join(at, 'haproxy')
  await writeFile(binary, '#!/bin/sh\necho "[ALERT] cannot bind" >&2\nexit 1\n', { mode: 0o755 })
  const doors = [{ port: await freePort(), memberPort: 1, pem: null }]
  await expect(startHaproxy(binary, { folder: at, splice: 'splice-auto', doors })).rejects.toThrow('cannot bind')
})

const haproxy = await findHaproxy()
test.skipIf(haproxy === null).each(splices)(
  'a real one takes its configuration with %s, and the header',
  async (splice) => {
    const member = createServer((socket: Socket) => socket.pipe(socket))
    await new Promise<void>((resolve) => member.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void member.close())
    const at = member.address()
    const doors = [
      { port: await freePort(), memberPort: typeof at === 'object' && at !== null ? at.port : 0, pem: null },
    ]
    const started = await startHaproxy(haproxy ?? '', { folder: await folder(), splice, doors })
    expect(started.pid).toBeGreaterThan(0)
    await started.close()
  },
)
