// What a crew has of its own: limits that are one for all workers, a kill and a cut that are done when each has confirmed, and
// workers that go. Its workers are in this process, but for the last tests: there they are processes.

import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { EdgeQuestion } from '@postern/contract/edge-question'
import type { GatewaySnapshot } from '@postern/contract/snapshot'
import { afterEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../clock.ts'
import { eventually } from '../../testing/eventually.ts'
import { createKeptLog } from '../../testing/kept-log.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import type { Gateway } from '../gateway.ts'
import { onreadJoin } from '../join/onread.ts'
import { closing } from '../testing/bench.ts'
import { createAuthority } from '../testing/certificates.ts'
import { type Crewman, startCrewHere } from '../testing/crew.ts'
import { awsHeader, linkId, snapshotFor } from '../testing/doors.ts'
import { type FakeSet, opMsg, startFakeSet } from '../testing/fake-set.ts'
import { type CrewParts, createCrew } from './crew.ts'
import type { Hired } from './hand.ts'
import { hireProcess } from './process.ts'
import type { World } from './worker.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close()
})

const hello = opMsg(1, 0, false, { hello: 1, $db: 'admin' })
const ping = opMsg(2, 0, false, { ping: 1, $db: 'admin' })

interface Crew {
  readonly gateway: Gateway
  readonly set: FakeSet
  readonly snapshot: GatewaySnapshot
  readonly log: ReturnType<typeof createKeptLog>
}

async function before(endpoint: Partial<GatewaySnapshot['endpoints'][number]>) {
  const set = await startFakeSet({ members: 1 })
  open.push(set)
  const snapshot = await snapshotFor(set, endpoint)
  const log = createKeptLog()
  const parts = {
    host: '127.0.0.1',
    trustedProxies: ['127.0.0.0/8'],
    proofKey: null,
    clock: systemClock,
    randomBytes,
    log: log.log,
    pairFor: null,
    shown: () => null,
  } satisfies Partial<CrewParts>
  return { set, snapshot, log, parts }
}

async function start(
  endpoint: Partial<GatewaySnapshot['endpoints'][number]> = {},
  own: Partial<CrewParts> = {},
  world: Partial<World> = {},
): Promise<Crew & { readonly men: readonly Crewman[] }> {
  const { parts, ...rest } = await before(endpoint)
  const { crew, men } = await startCrewHere({ ...parts, ...own }, 2, world)
  open.push({ close: () => crew.close(0) })
  await crew.take({ epoch: 'e', n: 1, body: rest.snapshot })
  return { ...rest, gateway: crew, men }
}

/** While it is shut no worker's start comes to its end. */
function gate() {
  let pass: Promise<void> | null = null
  let open: () => void = () => {}
  return {
    shut() {
      pass = new Promise((resolve) => {
        open = resolve
      })
    },
    open: () => open(),
    method: async () => {
      await pass
      return onreadJoin
    },
  }
}

const portOf = ({ snapshot }: Pick<Crew, 'snapshot'>): number => snapshot.listeners[0]?.gatewayPort ?? 0

interface Client {
  readonly socket: Socket
  readonly closed: ReturnType<typeof closing>
  /** Everything that came so far. */
  readonly bytes: () => Buffer
}

/** Comes and says this. */
function client(crew: Pick<Crew, 'snapshot'>, ...said: readonly Buffer[]): Client {
  const socket = connect({ host: '127.0.0.1', port: portOf(crew) })
  open.push({ close: () => socket.destroy() })
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  const closed = closing(socket)
  socket.write(Buffer.concat([awsHeader(linkId), ...said]))
  return { socket, closed, bytes: () => Buffer.concat(chunks) }
}

/** Comes and works; resolves with whether it may. */
async function working(crew: Pick<Crew, 'snapshot'>): Promise<Client & { readonly may: boolean }> {
  const one = client(crew, ping)
  await eventually(() => expect(one.bytes().length).toBeGreaterThan(0))
  return { ...one, may: !one.bytes().includes('as many as it may') }
}

const ask = ({ gateway, snapshot }: Crew, of: EdgeQuestion['do'], more: Partial<EdgeQuestion> = {}) => {
  const where = {
    endpointIds: snapshot.endpoints.map(({ id }) => id),
    clusterId: null,
    appName: null,
    connectionId: null,
  }
  return gateway.answer({ id: 'q', do: of, where, from: 0, limit: 100, ...more })
}

const loads = ({ gateway }: Crew): readonly number[] => gateway.workers?.().map(({ connections }) => connections) ?? []

describe('connections', () => {
  test('go to the worker that has fewest', async () => {
    const crew = await start()
    const clients = []
    for (let n = 0; n < 6; n++) clients.push(await working(crew))
    expect(loads(crew)).toEqual([3, 3])
    for (const at of [0, 2, 4]) clients[at]?.socket.destroy()
    await eventually(() => expect(crew.gateway.stats().open).toBe(3))
    for (let n = 0; n < 3; n++) await working(crew)
    expect(loads(crew)).toEqual([3, 3])
  })

  test('are as many in all as the gateway lets in', async () => {
    const crew = await start({}, { limits: { connections: 3 } })
    for (let n = 0; n < 3; n++) expect((await working(crew)).may).toBe(true)
    expect((await client(crew).closed).bytes).toHaveLength(0)
    expect(crew.gateway.stats().refused).toMatchObject({ GATEWAY_FULL: 1 })
    const [refused] = crew.gateway.refusals()
    expect(refused).toMatchObject({ code: 'GATEWAY_FULL', serviceIds: ['service-1'], lastPort: portOf(crew) })
  })

  test('of an endpoint are as many as it may have, exactly, however they are spread and however many come at once', async () => {
    const crew = await start({ limits: { connections: 5, newPerSecond: null } })
    const came = await Promise.all(Array.from({ length: 12 }, () => working(crew)))
    expect(came.filter(({ may }) => may)).toHaveLength(5)
    for (const { socket, may } of came) if (may) socket.destroy()
    await eventually(() => expect(crew.gateway.stats().open).toBe(7))
    const later = await Promise.all(Array.from({ length: 12 }, () => working(crew)))
    expect(later.filter(({ may }) => may)).toHaveLength(5)
  })

  test('keep an end that comes right behind what was said', async () => {
    const crew = await start()
    const { socket, bytes, closed } = client(crew, ping)
    socket.end()
    await closed
    expect(bytes().length).toBeGreaterThan(0)
  })
})

describe('a question', () => {
  test('is answered as one gateway would: the oldest first, in pages', async () => {
    const crew = await start()
    for (let n = 0; n < 5; n++) await working(crew)
    const all = await ask(crew, 'list')
    expect(all.count).toBe(5)
    const ids = all.connections.map(({ id }) => id)
    expect(ids).toEqual(ids.toSorted())
    expect(new Set(ids).size).toBe(5)
    const page = await ask(crew, 'list', { from: 2, limit: 2 })
    expect([page.count, page.connections.map(({ id }) => id)]).toEqual([5, ids.slice(2, 4)])
    expect(await ask(crew, 'summarize')).toMatchObject({
      count: 5,
      summary: {
        endpoints: [{ endpointId: 'endpoint-1', connections: 5, working: 5 }],
        appNames: [{ appName: null, connections: 5 }],
        sources: [{ source: '203.0.113.9', connections: 5 }],
      },
    })
    const { ports } = await ask(crew, 'ports')
    expect(ports?.[0]?.ports).toHaveLength(5)
  })

  test('kills in every worker, and is answered when each has', async () => {
    const crew = await start()
    const clients = [await working(crew), await working(crew), await working(crew)]
    expect(await ask(crew, 'kill')).toEqual({ count: 3, connections: [] })
    expect(await ask(crew, 'list')).toMatchObject({ count: 0 })
    await Promise.all(clients.map(({ closed }) => closed))
  })

  test('is not answered where a worker does not: nobody is told that it killed', async () => {
    const clock = createManualClock(Date.now())
    const crew = await start({}, { clock })
    await working(crew)
    crew.men[0]?.hang()
    const asked = Promise.resolve(ask(crew, 'kill'))
    clock.advance(5_000)
    await expect(asked).rejects.toThrow('worker 1 does not answer')
    crew.men[0]?.kill()
  })
})

describe('a snapshot', () => {
  const gone = (crew: Crew) => crew.gateway.take({ epoch: 'e', n: 2, body: { ...crew.snapshot, endpoints: [] } })

  test('has cut off in all workers when it is taken', async () => {
    const crew = await start()
    const clients = [await working(crew), await working(crew)]
    await gone(crew)
    expect(await ask(crew, 'list')).toMatchObject({ count: 0 })
    await Promise.all(clients.map(({ closed }) => closed))
  })

  test('… also where one does not hear: it is killed, and its connections with it', async () => {
    const clock = createManualClock(Date.now())
    const crew = await start({}, { clock })
    const clients = [await working(crew), await working(crew)]
    crew.men[0]?.hang()
    let isTaken = false
    const taken = gone(crew).then(() => {
      isTaken = true
    })
    await clients[1]?.closed
    expect(isTaken).toBe(false)
    clock.advance(10_000)
    await taken
    await clients[0]?.closed
    expect(crew.log.sentences()).toContain('a worker of the gateway did not take a snapshot: it is killed')
  })

  test('that is older is refused, and the age of the one that is held is told to who comes later', async () => {
    const clock = createManualClock(Date.now())
    const crew = await start({ policy: { maxSnapshotAgeMs: 60_000 } as never }, { clock })
    await expect(crew.gateway.take({ epoch: 'e', n: 0, body: crew.snapshot })).rejects.toThrow('is older than')
    crew.gateway.confirmed()
    expect((await working(crew)).may).toBe(true)
    for (const man of crew.men) man.kill()
    await eventually(() => expect(loads(crew)).toEqual([]))
    clock.advance(100)
    await eventually(() => expect(crew.men).toHaveLength(4))
    expect((await working(crew)).may).toBe(true)
  })
})

describe('a snapshot that comes while a worker starts again', () => {
  test.each([
    { comes: 'a newer one', n: 2 },
    { comes: 'the same once more', n: 1 },
  ])('$comes: it is not waited for, and holds it when it is there', async ({ n }) => {
    const clock = createManualClock(Date.now())
    const { shut, open, method } = gate()
    const crew = await start({}, { clock }, { method })
    shut()
    crew.men[0]?.kill()
    await eventually(() => expect(loads(crew)).toEqual([0]))
    clock.advance(100)
    await crew.gateway.take({ epoch: 'e', n, body: n === 1 ? crew.snapshot : { ...crew.snapshot } })
    expect(await ask(crew, 'list')).toMatchObject({ count: 0 })
    open()
    await eventually(() => expect(loads(crew)).toEqual([0, 0]))
    expect(crew.men).toHaveLength(3)
    expect(crew.men[2]?.gateway()?.held()).toEqual({ epoch: 'e', n })
    expect((await working(crew)).may).toBe(true)
  })
})

describe('a worker that is gone', () => {
  test('takes its own connections with it and no other, gives their places back, and is started again', async () => {
    const crew = await start({ limits: { connections: 4, newPerSecond: null } })
    const clients = []
    for (let n = 0; n < 4; n++) clients.push(await working(crew))
    await ask(crew, 'summarize') // what was counted is told
    crew.men[0]?.kill()
    await Promise.all([clients[0]?.closed, clients[2]?.closed])
    await eventually(() => expect(loads(crew)).toEqual([2, 0]))
    for (const at of [1, 3]) {
      const one = clients[at]
      const had = one?.bytes().length ?? 0
      one?.socket.write(ping)
      await eventually(() => expect(one?.bytes().length).toBeGreaterThan(had))
    }
    const more = await Promise.all(Array.from({ length: 4 }, () => working(crew)))
    expect(more.filter(({ may }) => may)).toHaveLength(2)
    await ask(crew, 'summarize')
    expect(crew.gateway.stats()).toMatchObject({ accepted: 8, admitted: 8, ended: { gateway: 2 }, open: 6 })
    expect(crew.gateway.workers?.().map(({ worker, starts }) => [worker, starts])).toEqual([
      [2, 1],
      [1, 2],
    ])
    expect(crew.log.text()).toContain(
      'a worker of the gateway is gone, and its connections with it; it is started again',
    )
  })

  test('serves the newest snapshot from its start, also one that comes while it starts', async () => {
    const clock = createManualClock(Date.now())
    const crew = await start({}, { clock })
    crew.men[0]?.kill()
    await eventually(() => expect(loads(crew)).toEqual([0]))
    clock.advance(100)
    expect(crew.men).toHaveLength(3)
    const [endpoint] = crew.snapshot.endpoints
    if (endpoint === undefined) throw new Error('the snapshot has an endpoint')
    const body = { ...crew.snapshot, endpoints: [{ ...endpoint, status: 'DELETING' as const }] }
    const takes = [crew.gateway.take({ epoch: 'e', n: 2, body }), crew.gateway.take({ epoch: 'e', n: 2, body })]
    await Promise.all(takes)
    await eventually(() => expect(loads(crew)).toEqual([0, 0]))
    for (let n = 0; n < 2; n++) expect((await client(crew, ping).closed).bytes).toHaveLength(0)
    expect(crew.men).toHaveLength(3)
    expect(crew.men.at(-1)?.gateway()?.held()).toEqual({ epoch: 'e', n: 2 })
  })

  test('takes who was on the way to it along; who waited behind goes to another', async () => {
    const crew = await start()
    crew.men[0]?.hang()
    const onTheWay = client(crew, ping)
    await eventually(() => expect(loads(crew)).toEqual([1, 0]))
    await working(crew)
    const behind = client(crew, ping)
    await eventually(() => expect(loads(crew)).toEqual([2, 1]))
    crew.men[0]?.kill()
    await onTheWay.closed
    await eventually(() => expect(behind.bytes().length).toBeGreaterThan(0))
  })

  test('is killed where it does not take a client', async () => {
    const clock = createManualClock(Date.now())
    const crew = await start({}, { clock })
    crew.men[0]?.hang()
    const { closed } = client(crew, ping)
    await eventually(() => expect(loads(crew)).toEqual([1, 0]))
    clock.advance(10_000)
    await closed
    expect(crew.log.sentences()).toContain('a worker of the gateway did not take a client: it is killed')
  })

  test('is killed when it has said nothing for three looks', async () => {
    const clock = createManualClock(Date.now())
    const crew = await start({}, { clock })
    for (let time = 0; time < 2; time++) {
      clock.advance(10_000)
      await ask(crew, 'summarize') // what was counted is told
    }
    expect(loads(crew)).toHaveLength(2)
    clock.advance(15_000)
    await eventually(() => expect(loads(crew)).toEqual([]))
    expect(crew.log.sentences()).toContain('a worker of the gateway did not say that it is there: it is killed')
  })

  test('is waited for as long as a header may take, and by no more than there are descriptors for', async () => {
    const clock = createManualClock(Date.now())
    const { shut, open, method } = gate()
    const crew = await start({}, { clock, descriptors: { limit: 128 + 1 + 6, each: 0 } }, { method })
    shut()
    for (const man of crew.men) man.kill()
    await eventually(() => expect(loads(crew)).toEqual([]))
    const wait = [client(crew, ping), client(crew, ping), client(crew, ping)]
    await eventually(() => expect(crew.gateway.stats().open).toBe(3))
    await client(crew, ping).closed
    expect(crew.gateway.stats()).toMatchObject({ open: 3, refused: { GATEWAY_FULL: 1 } })
    clock.advance(5_000)
    await Promise.all(wait.map(({ closed }) => closed))
    expect(crew.gateway.stats()).toMatchObject({ open: 0, refused: { GATEWAY_FULL: 4 } })
    open()
    expect((await working(crew)).may).toBe(true)
  })

  test('is not started again once the gateway is closed', async () => {
    const clock = createManualClock(Date.now())
    const crew = await start({}, { clock })
    crew.men[0]?.kill()
    await eventually(() => expect(loads(crew)).toEqual([0]))
    await crew.gateway.close(0)
    expect(clock.waiting()).toBe(0)
  })

  test('is waited for where there is no other', async () => {
    const clock = createManualClock(Date.now())
    const crew = await start({}, { clock })
    for (const man of crew.men) man.kill()
    await eventually(() => expect(loads(crew)).toEqual([]))
    const waits = working(crew)
    await eventually(() => expect(crew.gateway.stats().open).toBe(1))
    clock.advance(100)
    expect((await waits).may).toBe(true)
  })

  test('again and again is started later and later', async () => {
    const clock = createManualClock(Date.now())
    const crew = await start({}, { clock })
    for (const [pause, count] of [
      [100, 3],
      [200, 4],
      [400, 5],
    ] as const) {
      crew.men.at(count === 3 ? 0 : -1)?.kill()
      await eventually(() => expect(loads(crew)).toHaveLength(1))
      clock.advance(pause - 1)
      expect(crew.men).toHaveLength(count - 1)
      clock.advance(1)
      expect(crew.men).toHaveLength(count)
      await eventually(() => expect(crew.men.at(-1)?.gateway()).not.toBeNull())
    }
  })
})

test('certificates come over the line when they are asked for, and a renewed one with the next handshake', async () => {
  const name = 'pl-0.a.internal'
  const authority = await createAuthority()
  let pair = await authority.issue([name])
  const crew = await start(
    { tls: true, names: [name], byAddress: false },
    { pairFor: (endpointId) => (endpointId === 'endpoint-1' ? pair : null) },
  )
  const serial = async (): Promise<string> => {
    const raw = connect({ host: '127.0.0.1', port: portOf(crew) })
    open.push({ close: () => raw.destroy() })
    raw.write(awsHeader(linkId))
    const socket = connectTls({ socket: raw, servername: name, ca: authority.ca })
    await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject))
    socket.write(ping)
    await new Promise((resolve) => socket.once('data', resolve))
    return socket.getPeerCertificate().serialNumber
  }
  const first = [await serial(), await serial(), await serial()]
  expect(new Set(first).size).toBe(1)
  pair = await authority.issue([name])
  expect(await serial()).not.toBe(first[0])
})

describe('workers that are processes', () => {
  async function hired(): Promise<Crew & { readonly processes: readonly Hired[] }> {
    const { parts, ...rest } = await before({ limits: { connections: 4, newPerSecond: null } })
    const processes: Hired[] = []
    const hire = (): Hired => {
      const one = hireProcess()
      processes.push(one)
      return one
    }
    const gateway = await createCrew({ ...parts, workers: 2, hire, relay: 'no', logLevel: 'silent' })
    open.push({ close: () => gateway.close(0) })
    await gateway.take({ epoch: 'e', n: 1, body: rest.snapshot })
    return { ...rest, gateway, processes }
  }

  test('share a port and a limit, confirm a kill and a cut, and come back', async () => {
    const crew = await hired()
    const came = await Promise.all(Array.from({ length: 8 }, () => working(crew)))
    expect(came.filter(({ may }) => may)).toHaveLength(4)
    expect(loads(crew)).toEqual([4, 4])
    expect(await ask(crew, 'kill')).toMatchObject({ count: 8 })
    await Promise.all(came.map(({ closed }) => closed))

    const [one, other] = [await working(crew), await working(crew)]
    crew.processes[0]?.kill()
    await Promise.race([one.closed, other.closed])
    await eventually(() => expect(crew.processes).toHaveLength(3))
    expect((await working(crew)).may).toBe(true)
    await eventually(() =>
      expect(crew.gateway.workers?.().every(({ residentBytes }) => residentBytes > 1e6)).toBe(true),
    )

    await crew.gateway.take({ epoch: 'e', n: 2, body: { ...crew.snapshot, endpoints: [] } })
    expect(await ask(crew, 'list')).toMatchObject({ count: 0 })
    const half = client(crew, hello)
    await half.closed
    await crew.gateway.close(0)
    await Promise.all(crew.processes.map(({ gone }) => gone))
  }, 30_000)
})
