// A worker that cannot be started again, for want of descriptors or memory: nobody but it is lost, and it is tried again.

import { expect, test } from 'vitest'
import { eventually } from '../../testing/eventually.ts'
import { createKeptLog } from '../../testing/kept-log.ts'
import { createManualClock } from '../../testing/manual-clock.ts'
import { createCrew } from './crew.ts'
import type { Hired } from './hand.ts'
import type { Line } from './talk.ts'

interface Said {
  readonly id?: number
  readonly name?: string
}

/** Confirms whatever it is asked. */
function willing(gone: Promise<string>): Hired {
  let heard: Parameters<Line['listen']>[0] = () => {}
  return {
    line: {
      listen: (by) => {
        heard = by
      },
      send(message) {
        const { id, name } = message as Said
        if (id !== undefined) setImmediate(() => heard({ id, value: name === 'start' ? { join: 'onread' } : null }))
      },
    },
    kill() {},
    dismiss() {},
    gone,
  }
}

/** As Node.js has one for whom there was no descriptor: it cannot even be told something. */
const broken = (): Hired => ({
  line: {
    listen() {},
    send() {
      throw new TypeError('child.send is not a function')
    },
  },
  kill() {},
  dismiss() {},
  gone: new Promise((resolve) => setImmediate(() => resolve('spawn EMFILE'))),
})

test('the others stay, and it is started again once that can be done', async () => {
  const clock = createManualClock(1_000_000)
  let leave: (why: string) => void = () => {}
  const staying = new Promise<string>(() => {})
  const coming = [willing(new Promise((resolve) => (leave = resolve))), willing(staying), broken(), willing(staying)]
  const crew = await createCrew({
    host: '127.0.0.1',
    trustedProxies: [],
    proofKey: null,
    randomBytes: (size) => Buffer.alloc(size),
    log: createKeptLog().log,
    workers: 2,
    hire: () => coming.shift() ?? broken(),
    relay: 'no',
    logLevel: 'info',
    clock,
    pairFor: null,
    shown: () => null,
  })
  crew.confirmed() // so that there is something to tell whoever starts
  leave('SIGKILL')
  await eventually(() => {
    clock.advance(100)
    expect(coming).toHaveLength(0)
  })
  await eventually(() => expect(crew.workers?.()).toHaveLength(2))
})
