// Whether the relay serves here: not turned off, built, and proved by a connection of its own before any client's. Otherwise
// `onread` does, which is nothing but slower.

import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Logger } from 'pino'
import { descriptorLimit } from '../descriptors.ts'
import { createExchange } from '../translate/exchange.ts'
import type { HelloNames } from '../translate/hello.ts'
import { documentOf, stringElement } from '../wire/bson-elements.ts'
import { headerBytes, opcode, requestId } from '../wire/frames.ts'
import type { ConnectionEnd, JoinMethod } from './join.ts'
import { loadNative } from './native.ts'
import { onreadJoin } from './onread.ts'
import { createRelayJoin, type RelayJoin } from './relay.ts'

/** Enough for a busy machine; it takes a millisecond. */
const proofMs = 5_000

/** `auto`: where it is built and there are descriptors enough; `yes`: wherever it can, and a log line where it cannot. */
export const relayWishes = ['auto', 'yes', 'no'] as const
export type RelayWish = (typeof relayWishes)[number]

/** Descriptors that a process must have at least before the relay takes its hundred of them without being asked to. */
const fewDescriptors = 1_000

interface Here {
  readonly open: () => Promise<Opened>
  /** How many this process may have; null: nobody says. */
  readonly descriptors: number | null
}

/** How connections are joined. */
export async function joinMethod(
  wish: RelayWish,
  log: Pick<Logger, 'warn' | 'debug'>,
  { open, descriptors }: Here = { open: openRelay, descriptors: descriptorLimit() },
): Promise<JoinMethod> {
  if (wish === 'no') return onreadJoin
  if (wish === 'auto' && descriptors !== null && descriptors < fewDescriptors) {
    log.debug({ descriptors }, 'the relay does not serve: there are too few descriptors')
    return onreadJoin
  }
  const opened = await open()
  if ('relay' in opened) return opened.relay
  const { why, built } = opened
  const level = built || wish === 'yes' ? 'warn' : 'debug'
  log[level]({ why }, 'the relay does not serve: connections are joined without it, which is slower')
  return onreadJoin
}

/** Or why it does not serve, and whether it is there at all. */
export type Opened = { readonly relay: RelayJoin } | { readonly why: string; readonly built: boolean }

let opened: Promise<Opened> | null = null

/** The relay, or why it does not serve. One for each thread of JavaScript, proved once. Never rejects. */
export function openRelay(): Promise<Opened> {
  opened ??= open()
  return opened
}

async function open(): Promise<Opened> {
  const loaded = loadNative()
  if ('why' in loaded) return loaded
  try {
    const relay = createRelayJoin(loaded.native)
    await proved(relay)
    return { relay }
  } catch (error) {
    return { built: true, why: `its self-test failed: ${error instanceof Error ? error.message : String(error)}` }
  }
}

/** Handed over, carried, handed back for a hello, handed over again, and ended. */
async function proved(relay: RelayJoin): Promise<void> {
  const timer = new AbortController()
  const late = setTimeout(() => timer.abort(new Error(`it took more than ${proofMs} ms`)), proofMs)
  const { signal } = timer
  const closing: { close(): unknown }[] = []
  const keep = (socket: Socket): Socket => {
    closing.push({ close: () => socket.destroy() })
    return socket.on('error', () => {})
  }
  const door = async (): Promise<{ port: number; next: Promise<Socket> }> => {
    const server = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
    closing.push(server)
    await once(server, 'listening', { signal })
    const next = once(server, 'connection', { signal }).then(([socket]) => keep(socket as Socket))
    next.catch(() => {})
    return { port: (server.address() as AddressInfo).port, next }
  }
  const expect = (what: string, holds: boolean): void => {
    if (!holds) throw new Error(what)
  }
  try {
    const [front, back] = [await door(), await door()]
    const client = keep(connect({ host: '127.0.0.1', port: front.port }))
    const { onread, join } = relay.prepare()
    const member = keep(connect({ host: '127.0.0.1', port: back.port, allowHalfOpen: true, onread }))
    const [accepted, answering] = [await front.next, await back.next]
    if (member.connecting) await once(member, 'connect', { signal })
    const ends: ConnectionEnd[] = []
    const names: HelloNames = { advertised: () => null, compressors: new Set() }
    const exchange = createExchange({ now: Date.now, names: () => names })
    const joined = join(
      { client: accepted, member },
      { endpointId: 'proof', exchange, idleMs: 0, halfOpenMs: proofMs, now: Date.now, ended: (end) => ends.push(end) },
    )
    answering.on('data', (chunk: Buffer) => answering.write(answerTo(chunk)))
    let asked = 0
    const ask = async (command: string): Promise<void> => {
      const message = request(++asked, command)
      client.write(message)
      const [answer] = (await once(client, 'data', { signal })) as [Buffer]
      expect(`the answer to ${command} is not what was said`, answer.equals(answerTo(message)))
      expect(`${exchange.count()} requests were counted, of ${asked}`, exchange.count() === asked)
    }
    await ask('ping')
    expect('a connection was not handed over', relay.carried() === 1)
    await ask('ping')
    await ask('hello')
    expect('a hello was not handed back', relay.carried() === 0 && exchange.hellos() === 1)
    while (relay.carried() === 0) await ask('ping')
    joined.stop({ side: 'gateway', code: 'closed', reason: 'it is proved' })
    await once(client, 'close', { signal })
    expect('it did not end', relay.carried() === 0 && ends.length === 1)
  } finally {
    clearTimeout(late)
    for (const one of closing) one.close()
  }
}

const answerTo = (message: Buffer): Buffer => {
  const answer = Buffer.from(message)
  answer.writeInt32LE(requestId(message), 8)
  return answer
}

function request(id: number, command: string): Buffer {
  const body = documentOf([stringElement(command, 'postern')])
  const head = Buffer.alloc(headerBytes + 5)
  head.writeInt32LE(head.length + body.length, 0)
  head.writeInt32LE(id, 4)
  head.writeInt32LE(opcode.MSG, 12)
  return Buffer.concat([head, body])
}
