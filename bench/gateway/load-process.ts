// The load: connections that ask, wait for the whole reply and ask again. A process of its own; it reads the CPU time of
// whom it measures at the very edges of its window. What it does not measure (connecting, the first hello, the warm-up)
// is over before the window begins.

import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { helloReply, helloRequest, request } from './frames.ts'
import type { Answer, Ask, Door } from './load.ts'
import { cpuMicros } from './process-usage.ts'

interface Line {
  readonly socket: Socket
  /** Sends and resolves when so many bytes have come. */
  ask(bytes: Buffer, replyBytes: number): Promise<void>
  /** The same without a promise. */
  again(bytes: Buffer, replyBytes: number, done: () => void): void
}

/** All lines read into the same memory: nobody looks at what came. */
const sink = Buffer.allocUnsafeSlow(262_144)

function open({ port, preface, tls }: Door): Promise<Line> {
  return new Promise((resolve, reject) => {
    let missing = 0
    let whenWhole: () => void = () => {}
    const came = (bytes: number): true => {
      missing -= bytes
      if (missing === 0) whenWhole()
      return true
    }
    const raw = connect({
      host: '127.0.0.1',
      port,
      noDelay: true,
      ...(tls === null && { onread: { buffer: sink, callback: came } }),
    })
    raw.once('error', reject)
    raw.once('connect', () => {
      if (preface !== '') raw.write(Buffer.from(preface, 'hex'))
      const socket = tls === null ? raw : connectTls({ socket: raw, ...tls })
      const line: Line = {
        socket,
        again(bytes, replyBytes, done) {
          missing = replyBytes
          whenWhole = done
          socket.write(bytes)
        },
        ask: (bytes, replyBytes) =>
          new Promise((answered, lost) => {
            socket.once('close', () => lost(new Error('closed in the middle of a measurement')))
            line.again(bytes, replyBytes, answered)
          }),
      }
      const ready = (): void => {
        raw.removeListener('error', reject)
        raw.on('error', () => {})
        resolve(line)
      }
      if (tls === null) return ready()
      socket.once('error', reject)
      socket.on('data', (chunk: Buffer) => came(chunk.length))
      socket.once('secureConnect', ready)
    })
  })
}

async function greeted(door: Door): Promise<Line> {
  const line = await open(door)
  await line.ask(helloRequest(), helloReply().length)
  line.socket.removeAllListeners('close')
  return line
}

/** So many at a time, or a listener's queue runs over. */
const openAtOnce = 64

async function openAll(door: Door, count: number): Promise<readonly Line[]> {
  const lines: Line[] = []
  while (lines.length < count)
    lines.push(
      ...(await Promise.all(Array.from({ length: Math.min(openAtOnce, count - lines.length) }, () => greeted(door)))),
    )
  return lines
}

const held: Line[] = []
const release = (lines: readonly Line[]): void => {
  for (const { socket } of lines) socket.destroy()
}

const answers: { readonly [Kind in Ask['do']]: (ask: Extract<Ask, { do: Kind }>) => Promise<Answer> } = {
  async operations({ door, connections, replyBytes, pauseMs, warmMs, ms, watch }) {
    const lines = await openAll(door, connections)
    const bytes = request(replyBytes)
    let window: ReturnType<typeof openWindow> | null = null
    let over = false
    const lost = new Promise<never>((_, reject) => {
      for (const { socket } of lines)
        socket.once('close', () => over || reject(new Error('a connection was lost in the middle of a measurement')))
    })
    for (const line of lines) {
      const ask = (): void => {
        if (over) return
        const began = performance.now()
        line.again(bytes, replyBytes, () => {
          window?.took(performance.now() - began)
          if (pauseMs === 0) ask()
          else setTimeout(ask, pauseMs)
        })
      }
      ask()
    }
    await Promise.race([wait(warmMs), lost])
    window = openWindow(watch)
    await Promise.race([wait(ms), lost])
    const answer = window.close()
    over = true
    release(lines)
    return answer
  },

  async connects({ door, connections, replyBytes, warmMs, ms, watch }) {
    const bytes = request(replyBytes)
    let window: ReturnType<typeof openWindow> | null = null
    let over = false
    const one = async (): Promise<void> => {
      while (!over) {
        const began = performance.now()
        const line = await open(door)
        await line.ask(bytes, replyBytes)
        window?.took(performance.now() - began)
        line.socket.destroy()
      }
    }
    const all = Promise.all(Array.from({ length: connections }, one))
    await Promise.race([wait(warmMs), all])
    window = openWindow(watch)
    await Promise.race([wait(ms), all])
    const answer = window.close()
    over = true
    await all
    return answer
  },

  async hold({ door, connections, replyBytes }) {
    // as a pool grows: each asks before the next batch comes
    for (let missing = connections; missing > 0; missing -= openAtOnce) {
      const lines = await openAll(door, Math.min(openAtOnce, missing))
      held.push(...lines)
      if (replyBytes > 0) for (const line of lines) await line.ask(request(replyBytes), replyBytes)
    }
    return nothing
  },

  async fill({ door, connections, replyBytes }) {
    let missing = connections
    let opened = 0
    while (missing > 0) {
      const batch = Math.min(openAtOnce, missing)
      missing -= batch
      const tried = await Promise.allSettled(
        Array.from({ length: batch }, async () => {
          const line = await greeted(door)
          await line.ask(request(replyBytes), replyBytes)
          return line
        }),
      )
      const lines = tried.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      held.push(...lines)
      opened += lines.length
      if (lines.length < batch) break
    }
    return { ...nothing, operations: opened }
  },

  async 'ask all'({ replyBytes }) {
    let answered = 0
    for (let from = 0; from < held.length; from += openAtOnce) {
      const asked = held.slice(from, from + openAtOnce).map((line) => line.ask(request(replyBytes), replyBytes))
      answered += (await Promise.allSettled(asked)).filter(({ status }) => status === 'fulfilled').length
    }
    return { ...nothing, operations: answered }
  },

  async release({ count }) {
    release(held.splice(0, count ?? held.length))
    return nothing
  },
}

const nothing: Answer = { operations: 0, seconds: 0, cpuMicros: 0, loadShare: 0, p50Micros: 0, p99Micros: 0 }

function openWindow(watch: number | null) {
  const latencies: number[] = []
  const [began, cpuBefore, own] = [performance.now(), watch === null ? 0 : cpuMicros(watch), process.cpuUsage()]
  return {
    took: (ms: number): void => void latencies.push(ms),
    close(): Answer {
      const seconds = (performance.now() - began) / 1000
      const cpu = watch === null ? 0 : cpuMicros(watch) - cpuBefore
      const { user, system } = process.cpuUsage(own)
      const sorted = Float64Array.from(latencies).sort()
      const at = (share: number): number =>
        (sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN) * 1000
      return {
        operations: latencies.length,
        seconds,
        cpuMicros: cpu,
        loadShare: (user + system) / 1e6 / seconds,
        p50Micros: at(0.5),
        p99Micros: at(0.99),
      }
    },
  }
}

process.on('disconnect', () => process.exit())
process.on('message', (ask: Ask) => {
  const answer = answers[ask.do] as (ask: Ask) => Promise<Answer>
  answer(ask).then(
    (said) => process.send?.(said),
    (error: Error) => process.send?.({ failed: error.message }),
  )
})
