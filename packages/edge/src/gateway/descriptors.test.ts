// Beyond what there are descriptors for, a connection is refused with its reason, those that are in go on, and whoever
// leaves makes room.

import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { eventually } from '../testing/eventually.ts'
import { startFeedServer } from '../testing/feed-server.ts'
import { wholePath } from '../testing/whole-path.ts'
import { connectionsFor, descriptorLimit } from './descriptors.ts'
import { createBench, hello, lineOf, type Peer, port } from './testing/bench.ts'
import { awsHeader, linkId } from './testing/doors.ts'
import { startFakeSet } from './testing/fake-set.ts'
import { DialError } from './upstream.ts'

const { start, dial, keep } = createBench()

test.each([
  { says: 'two for each, beside what everything else takes', limit: 20_000, each: 2, listeners: 3, connections: 9934 },
  { says: 'four where the forwarder is in the same process', limit: 20_000, each: 4, listeners: 3, connections: 4967 },
  { says: 'one where there are too few for any', limit: 64, each: 2, listeners: 1, connections: 1 },
  { says: 'any number where nobody says', limit: null, each: 2, listeners: 1, connections: Number.POSITIVE_INFINITY },
])('$says', ({ limit, each, listeners, connections }) => {
  expect(connectionsFor({ limit, each }, listeners)).toBe(connections)
})

test.runIf(process.platform === 'linux')('a process reads how many it may have', () => {
  expect(descriptorLimit()).toBeGreaterThan(100)
})

const enter = (to: number): Peer => {
  const peer = dial(to)
  peer.socket.write(Buffer.concat([awsHeader(linkId), hello]))
  return peer
}
/** Whether it was answered, or closed without a byte. */
const outcome = ({ socket, closed }: Peer): Promise<'answered' | 'closed'> =>
  Promise.race([
    new Promise<'answered'>((resolve) => socket.once('data', () => resolve('answered'))),
    closed.then(() => 'closed' as const),
  ])

describe('a gateway', () => {
  test('that has descriptors for two lets in two, and a third once one has left', async () => {
    const { doors } = await start({ parts: { trustedProxies: ['127.0.0.0/8'], descriptors: { limit: 133, each: 2 } } })
    const [first, second] = [enter(port(doors)), enter(port(doors))]
    expect(await Promise.all([outcome(first), outcome(second)])).toEqual(['answered', 'answered'])
    expect(await outcome(enter(port(doors)))).toBe('closed')
    expect(lineOf(doors, 'connection refused: the gateway is full')).toMatchObject({ connections: 2, descriptors: 133 })
    expect(doors.gateway.stats().refused).toEqual({ GATEWAY_FULL: 1 })
    first.socket.write(hello)
    expect(await outcome(first)).toBe('answered')
    second.socket.destroy()
    await eventually(() => expect(doors.gateway.stats().open).toBe(1))
    expect(await outcome(enter(port(doors)))).toBe('answered')
  })

  test('that finds none left for a member says that it is its own lack', async () => {
    const noneLeft = async () => {
      throw new DialError('EMFILE', 'dialling a:1 failed: connect EMFILE')
    }
    const { doors } = await start({ parts: { trustedProxies: ['127.0.0.0/8'], dial: noneLeft } })
    expect(await outcome(enter(port(doors)))).toBe('closed')
    expect(lineOf(doors, 'connection refused')).toMatchObject({ side: 'gateway', code: 'NO_DESCRIPTORS' })
  })
})

test.runIf(process.platform === 'linux')(
  'an edge that may open 200 serves as many as it can, and goes on',
  async () => {
    const token = randomBytes(24).toString('base64url')
    const server = await startFeedServer({ token, edge: 'edge-a' })
    const set = await startFakeSet({ members: 1 })
    const directory = await mkdtemp(join(tmpdir(), 'postern-descriptors-'))
    const entry = fileURLToPath(new URL('../testing/edge-entry.ts', import.meta.url))
    const edge = spawn('sh', ['-c', 'ulimit -n 200; exec "$0" "$@"', process.execPath, '--import', 'tsx', entry], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {
        PATH: process.env.PATH ?? '',
        POSTERN_URL: server.url(),
        POSTERN_EDGE: 'edge-a',
        POSTERN_EDGE_TOKEN: token,
        POSTERN_EDGE_DIR: directory,
        POSTERN_EDGE_PROGRAMS: 'gateway',
        POSTERN_TRUSTED_PROXIES: '127.0.0.0/8',
      },
    })
    let log = ''
    edge.stderr?.on('data', (chunk) => {
      log += String(chunk)
    })
    const exited = new Promise((resolve) => edge.once('exit', resolve))
    keep({
      close: async () => {
        edge.kill('SIGKILL')
        await exited
        await set.close()
        await server.stop()
        await rm(directory, { recursive: true })
      },
    })
    const path = await wholePath(set)
    path.publish(server, 1)
    await eventually(() => expect(server.reports('gateway').at(-1)).toMatchObject({ n: 1, failed: [] }))
    const gatewayPort = Number(server.reports('gateway').at(-1)?.bound[0])

    const room = connectionsFor({ limit: 200, each: 2 }, 1)
    const all = Array.from({ length: room + 20 }, () => enter(gatewayPort))
    const outcomes = await Promise.all(all.map(outcome))
    expect(outcomes.filter((each) => each === 'answered')).toHaveLength(room)
    expect(log).toContain('"connections":35,"descriptors":200,"msg":"connection refused: the gateway is full"')
    expect(log).not.toContain('EMFILE')
    const inside = all.filter((_, at) => outcomes[at] === 'answered')
    for (const { socket } of inside) socket.write(hello)
    expect(new Set(await Promise.all(inside.map(outcome)))).toEqual(new Set(['answered']))
    expect(edge.exitCode).toBeNull()
  },
)
