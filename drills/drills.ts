// Every drill by the name under which it is run: `npm run drill -- NAME`.

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createFollower } from '../packages/edge/src/follow.ts'
import type { Hired } from '../packages/edge/src/gateway/crew/hand.ts'
import { startClients } from '../packages/edge/src/gateway/testing/clients.ts'
import { opMsg } from '../packages/edge/src/gateway/testing/fake-set.ts'
import { startFeedServer } from '../packages/edge/src/testing/feed-server.ts'
import { createKeptLog } from '../packages/edge/src/testing/kept-log.ts'
import { createManualClock } from '../packages/edge/src/testing/manual-clock.ts'
import { openDoorway, startGateway } from './doorway.ts'
import { type Drill, until, withOpen } from './drill.ts'
import { startGatewayProcess } from './killed.ts'
import { failures, underKill, underLoad } from './load.ts'
import { startSlowClients } from './slow-clients.ts'
import { nobody, startWitnesses } from './witnesses.ts'

const drainMs = 2_000
const one = ['127.0.0.71']
const two = ['127.0.0.71', '127.0.0.72']

export const drills: Readonly<Record<string, Drill>> = {
  restart: {
    fault: 'the only gateway is restarted under load, on the same ports',
    promise: 'a driver that retries sees no error; it waits until the gateway is back',
    run: (times, tell, how) =>
      underLoad({ addresses: one, times, how }, async ({ doorway, gateways }) => {
        await gateways[0]?.close(drainMs)
        tell('the gateway ended in good order')
        gateways[0] = await startGateway(doorway.starts[0] as (typeof doorway.starts)[0])
        tell('and is started again')
      }),
  },

  'lose-gateway': {
    fault: 'two gateways serve one name, and one of them ends in good order',
    promise: 'a driver that retries sees no error; it goes on through the other',
    run: (times, tell, how) =>
      underLoad({ addresses: two, times, how }, async ({ doorway, clients, gateways, turn }) => {
        const lost = turn % 2
        tell(`connections at each: ${gateways.map((gateway) => gateway.stats().open).join(' and ')}`)
        await gateways[lost]?.close(drainMs)
        await clients.goOn(100)
        tell(`gateway ${lost} ended; all go on through the other`)
        gateways[lost] = await startGateway(doorway.starts[lost] as (typeof doorway.starts)[0])
      }),
  },

  'kill-gateway': {
    fault: 'two gateways serve one name, and one of them is killed (kill -9), with reads and writes on their way',
    promise:
      'reads and what is asked after it see no error; a write that was on its way may end in one, as it does without a gateway',
    run: (times, tell, { relay = false } = {}) =>
      withOpen(async (keep) => {
        const doorway = keep(await openDoorway(two, { relay }))
        const processes = await Promise.all(doorway.starts.map(startGatewayProcess))
        keep({ close: () => Promise.all(processes.map((gateway) => gateway.close())) })
        return underKill(
          { doorway, times, tell },
          {
            async kill(turn) {
              await processes[turn % 2]?.kill()
              tell(`gateway ${turn % 2} is killed`)
            },
            async afterwards(turn) {
              processes[turn % 2] = await startGatewayProcess(doorway.starts[turn % 2] as (typeof doorway.starts)[0])
            },
          },
        )
      }),
  },

  'kill-worker': {
    fault: 'a worker of the only gateway is killed (kill -9), with reads and writes on their way',
    promise:
      'the connections of the others go on; reads and what is asked after it see no error; a write that was on its way may end in one, as it does without a gateway; another worker is there soon',
    run: (times, tell, how = {}) =>
      withOpen(async (keep) => {
        const workers = Math.max(2, how.workers ?? 2)
        const doorway = keep(await openDoorway(one, { ...how, workers }))
        const [start] = doorway.starts
        if (start === undefined) throw new Error('a doorway has an address')
        const crew: Hired[] = []
        const gateway = await startGateway(start, (worker) => {
          crew.push(worker)
          void worker.gone.then(() => crew.splice(crew.indexOf(worker), 1))
        })
        keep({ close: () => gateway.close(0) })
        const full = (): boolean => gateway.workers?.().length === crew.length && crew.length === workers
        let spared = 0
        let witnesses = nobody
        const { counted, broken: refused } = await underKill(
          { doorway, times, tell },
          {
            async before() {
              witnesses = startWitnesses({ host: start.host, port: doorway.ports[0] ?? 0 }, 10)
              await until('every witness is answered', () => witnesses.answered() === 10)
            },
            async kill(turn) {
              const killed = crew[turn % crew.length]
              killed?.kill()
              await killed?.gone
              await until('another worker is there', full)
              tell(`a worker is killed: ${10 - witnesses.open()} of 10 connections that only waited are gone with it`)
            },
            async afterwards() {
              const left = witnesses.open()
              witnesses.askAgain()
              await until('who is still there is answered', () => witnesses.answered() === 10 + left)
              spared += left
              witnesses.close()
              await until('nobody is there', () => gateway.stats().open === 0)
            },
          },
        )
        // A worker that is new has fewest, so that once all witnesses of a round may be its own.
        const broken = spared === 0 ? ['no connection of another worker was spared'] : []
        return { counted: { ...counted, witnesses: 10 * times, spared }, broken: [...broken, ...refused] }
      }),
  },

  'control-plane-away': {
    fault: 'the control plane is away for an hour, and then back with news',
    promise: 'what was taken is served on without an error, and the first answer is followed',
    run: (times, tell, { relay = false } = {}) =>
      withOpen(async (keep) => {
        const doorway = keep(await openDoorway(one, { relay }))
        const [start] = doorway.starts
        if (start === undefined) throw new Error('a doorway has an address')
        const gateway = await startGateway(start)
        keep({ close: () => gateway.close(0) })
        const token = randomBytes(24).toString('base64url')
        const server = await startFeedServer({ token, edge: 'edge-a' })
        keep({ close: () => server.stop() })
        const directory = await mkdtemp(join(tmpdir(), 'postern-drill-'))
        keep({ close: () => rm(directory, { recursive: true }) })
        const clock = createManualClock()
        const known = { baseUrl: server.url(), edge: 'edge-a', token, fetch, clock, random: () => 0, directory }
        const { log } = createKeptLog()
        const follower = createFollower({ feed: 'gateway', ...known, log, take: gateway.take })
        server.publishNumbered('gateway', { epoch: 'e', n: 2, body: start.body })
        await follower.start()
        keep({ close: () => follower.close() })
        await until('the snapshot is taken', () => follower.held()?.n === 2)

        const broken: string[] = []
        let answered = 0
        for (let turn = 0; turn < times; turn++) {
          const clients = await startClients(doorway.uri, { writers: 8, readers: 4 }, { lookup: doorway.lookup })
          await clients.goOn(100)
          await server.stop()
          tell('the control plane is gone')
          for (let minute = 0; minute < 60; minute++) {
            clock.advance(60_000)
            await clients.goOn(10)
          }
          tell('an hour has passed')
          await server.restart()
          const n = turn + 3
          server.publishNumbered('gateway', { epoch: 'e', n, body: start.body })
          await until('the news is taken', () => {
            clock.advance(10_000)
            return follower.held()?.n === n
          })
          tell('it is back, and its news is taken')
          await clients.goOn(100)
          await clients.close()
          answered += clients.done()
          broken.push(...failures(clients.failed))
        }
        return { counted: { hours: times, answered, errors: broken.length }, broken }
      }),
  },

  'member-hangs': {
    fault: 'the primary hangs: it accepts, and reads and answers nothing',
    promise:
      'nothing is made up: what was asked of it waits, other members are read meanwhile, and it is answered once it is back',
    run: (times, tell, how) =>
      underLoad({ addresses: one, times, how }, async ({ doorway, clients, gateways }) => {
        const { lookup, set } = doorway
        const others = await startClients(
          doorway.uri,
          { writers: 0, readers: 4 },
          { lookup, readPreference: 'secondary' },
        )
        await others.goOn(100)
        set.hang(0, true)
        tell('the primary hangs')
        await others.goOn(300)
        const before = clients.done()
        await others.goOn(300)
        if (clients.done() > before) throw new Error('the primary did not hang')
        tell(`the others were read ${others.done()} times; ${gateways[0]?.stats().open} connections are there`)
        set.hang(0, false)
        await clients.goOn(100)
        await others.close()
        if (others.failed.length > 0) throw new Error(failures(others.failed).join('; '))
        tell('it is back, and what waited was answered')
      }),
  },

  'slow-clients': {
    fault: 'two hundred clients send a byte now and then: of a PROXY header, or of their first message (slow loris)',
    promise: 'each is closed when its time is over, no member is dialled for a header, and nobody else notices',
    run: (times, tell, { relay = false } = {}) =>
      withOpen(async (keep) => {
        const doorway = keep(await openDoorway(one, { relay }))
        const [start] = doorway.starts
        if (start === undefined) throw new Error('a doorway has an address')
        const gateway = await startGateway({
          ...start,
          trustedProxies: ['127.0.0.0/8'], // of strangers no header is waited for
          limits: { headerMs: 300, firstMessageMs: 300 },
        })
        keep({ close: () => gateway.close(0) })
        const clients = await startClients(doorway.uri, { writers: 8, readers: 4 }, { lookup: doorway.lookup })
        const broken: string[] = []
        let closed = 0
        for (let turn = 0; turn < times; turn++) {
          await clients.goOn(100)
          const { host } = start
          const hello = opMsg(1, 0, false, { hello: 1, $db: 'admin' })
          const header = Buffer.from('0d0a0d0a000d0a515549540a21110000', 'hex')
          const slow = [
            startSlowClients({ host, port: doorway.gatewayPorts[0] ?? 0, bytes: header, count: 100 }),
            startSlowClients({ host, port: doorway.ports[0] ?? 0, bytes: hello, count: 100 }),
          ]
          await clients.goOn(300)
          await until('each slow client is closed', () => slow.every(({ open }) => open() === 0))
          tell('all two hundred are closed')
          closed += 200
          await clients.goOn(100)
        }
        const joined = gateway.stats().admitted
        const refused = gateway.stats().refused.PROXY_HEADER ?? 0
        if (refused !== 100 * times) broken.push(`${refused} of ${100 * times} were refused for their header`)
        await clients.close()
        broken.push(...failures(clients.failed))
        return { counted: { closed, refused, joined, answered: clients.done() }, broken }
      }),
  },
}
