// What holds of the relay alone; what holds of every method is in join.case.ts, and the gateway's own suites run by it in
// relay-gateway.test.ts.

import { createHash, randomFillSync } from 'node:crypto'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { BSON, Long, UUID } from 'bson'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { eventually } from '../../testing/eventually.ts'
import { opMsg } from '../testing/fake-set.ts'
import { relay, withoutRelay } from '../testing/relay.ts'
import { createExchange } from '../translate/exchange.ts'
import { headerBytes, maxMessageBytes, opcode } from '../wire/frames.ts'
import { type Joint, joinCases } from './join.case.ts'
import type { ConnectionEnd, Joined, JoinParts } from './join.ts'
import { createStandIn } from './stand-in.ts'

const names = { advertised: () => 'the.endpoint:1024', compressors: new Set<string>() }
const exchange = () => createExchange({ now: Date.now, names: () => names })

/** An OP_MSG of this many bytes with random ones behind its command. */
function message(size: number, id = 1, responseTo = 0): Buffer {
  const command = Buffer.from('\x01find\0', 'latin1')
  const bytes = randomFillSync(Buffer.alloc(Math.max(size, headerBytes + 9 + command.length + 9)))
  bytes.writeInt32LE(bytes.length, 0)
  bytes.writeInt32LE(id, 4)
  bytes.writeInt32LE(responseTo, 8)
  bytes.writeInt32LE(opcode.MSG, 12)
  bytes.writeInt32LE(0, headerBytes)
  bytes[headerBytes + 4] = 0
  bytes.writeInt32LE(bytes.length - headerBytes - 5, headerBytes + 5)
  command.copy(bytes, headerBytes + 9)
  return bytes
}

const come = (socket: Socket, bytes: number): Promise<Buffer> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = []
    let missing = bytes
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk)
      missing -= chunk.length
      if (missing > 0) return
      socket.removeListener('data', onData)
      socket.pause()
      resolve(Buffer.concat(chunks))
    }
    socket.on('data', onData).resume()
  })

const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

const carriedNow = (): number => relay?.carried() ?? 0

/** A question and its answer, until the thread has so many connections. */
async function toTheThread(
  { client, member }: Pick<Joint, 'client' | 'member'>,
  connections = carriedNow() + 1,
): Promise<void> {
  while (carriedNow() < connections) {
    const [question, answer] = [message(50), message(50)]
    client.write(question)
    await come(member, question.length)
    member.write(answer)
    await come(client, answer.length)
    await new Promise(setImmediate)
  }
}

/** Those of the test before are gone. */
beforeEach(() => eventually(() => expect(carriedNow()).toBe(0)))

const begin = (joint: Joint): Promise<void> => toTheThread(joint)
// It is built where there is a compiler; `withoutRelay`, the test's title, says what was missing here.
if (relay === null) test.skip(withoutRelay, () => {})
else joinCases(relay, { exchange, bytes: message, begin })

describe.skipIf(relay === null)(withoutRelay, () => {
  interface Carried {
    readonly client: Socket
    readonly member: Socket
    readonly joined: Joined
    readonly ends: readonly ConnectionEnd[]
    readonly talk: ReturnType<typeof exchange>
  }

  async function pairOf(onread?: object): Promise<readonly [Socket, Socket]> {
    const server = createServer({ allowHalfOpen: true })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const arrived = new Promise<Socket>((resolve) => server.once('connection', resolve))
    const { port } = server.address() as AddressInfo
    const dialled = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true, ...onread })
    const accepted = await arrived
    server.close()
    if (dialled.connecting) await new Promise((resolve) => dialled.once('connect', resolve))
    for (const socket of [accepted, dialled]) socket.on('error', () => {})
    onTestFinished(() => {
      accepted.destroy()
      dialled.destroy()
    })
    return [dialled, accepted]
  }

  async function joined(parts: Partial<JoinParts> = {}, talk = exchange()): Promise<Carried> {
    const { onread, join } = relay?.prepare() ?? expect.unreachable()
    const [client, accepted] = await pairOf()
    const [dialled, member] = await pairOf({ onread })
    const ends: ConnectionEnd[] = []
    const made = join(
      { client: accepted, member: dialled },
      {
        endpointId: 'endpoint',
        exchange: talk,
        idleMs: 0,
        halfOpenMs: 10_000,
        now: Date.now,
        ended: (end) => ends.push(end),
        ...parts,
      },
    )
    return { client, member, joined: made, ends, talk }
  }

  async function carried(parts: Partial<JoinParts> = {}, talk = exchange()): Promise<Carried> {
    const made = await joined(parts, talk)
    await toTheThread(made)
    return made
  }

  const hello = opMsg(7, 0, false, { hello: 1, $db: 'admin' })
  const helloReply = opMsg(8, 7, false, { ok: 1, me: 'a.member:27017', hosts: ['a.member:27017'], setName: 'rs0' })
  const bodyOf = (bytes: Buffer) => BSON.deserialize(bytes.subarray(headerBytes + 5))

  test('what only watches, or has something on its way, is not handed over', async () => {
    const before = carriedNow()
    const both = await joined()
    both.client.write(hello)
    await come(both.member, hello.length)
    both.member.write(helloReply)
    await eventually(() => expect(both.talk.hellos()).toBe(1))
    const question = message(60)
    both.client.write(Buffer.concat([question, question]))
    await come(both.member, 2 * question.length)
    both.member.write(message(60))
    await come(both.client, helloReply.length)
    expect(carriedNow()).toBe(before)
    both.member.write(message(60))
    await eventually(() => expect(carriedNow()).toBe(before + 1))
  })

  test('a hello in mid-stream is translated, wherever it is cut, and the connection is handed over again', async () => {
    const both = await carried()
    for (const cut of [0, 1, 4, 15, 16, 20, 21, 25, 26, 30, 34, 35, hello.length - 1]) {
      const [away, hellos] = [carriedNow(), both.talk.hellos()]
      both.client.write(hello.subarray(0, cut))
      await new Promise(setImmediate)
      both.client.write(hello.subarray(cut))
      expect((await come(both.member, hello.length)).equals(hello)).toBe(true)
      expect(carriedNow()).toBe(away - 1)
      const answer = new Promise<Buffer>((resolve) => both.client.once('data', resolve).resume())
      both.member.write(helloReply)
      expect(bodyOf(await answer)).toMatchObject({ me: 'the.endpoint:1024', hosts: ['the.endpoint:1024'] })
      expect(both.talk.hellos()).toBe(hellos + 1)
      both.client.pause()
      // a stay that was worth it: the way is short again
      await toTheThread(both, away)
      for (const [from, to] of [
        [both.client, both.member],
        [both.member, both.client],
      ] as const) {
        from.write(Buffer.concat(Array.from({ length: 64 }, () => message(40))))
        await come(to, 64 * 40)
      }
    }
  })

  test('a hello behind requests that wait: they are answered in their order, and it is translated', async () => {
    const both = await carried()
    const question = message(100)
    both.client.write(Buffer.concat([question, question, hello]))
    expect(await come(both.member, 2 * question.length + hello.length)).toEqual(
      Buffer.concat([question, question, hello]),
    )
    expect([both.talk.quiet(), both.talk.count()]).toEqual([false, both.talk.count()])
    const answer = message(90)
    both.member.write(Buffer.concat([answer, answer, helloReply]))
    const bytes = await come(both.client, 2 * answer.length + helloReply.length)
    expect(bytes.subarray(0, 180).equals(Buffer.concat([answer, answer]))).toBe(true)
    expect(bodyOf(bytes.subarray(180))).toMatchObject({ me: 'the.endpoint:1024' })
    await eventually(() => expect(both.talk.quiet()).toBe(true))
  })

  test('messages of any length, cut anywhere, arrive as they are', async () => {
    const both = await carried()
    for (const size of [36, 100, 16_383, 16_384, 16_385, 32_768, 49_151, 49_152, 49_153, 200_000]) {
      for (const [from, to] of [
        [both.client, both.member],
        [both.member, both.client],
      ] as const) {
        const bytes = Buffer.concat([message(size), message(50), message(size)])
        const arrived = come(to, bytes.length)
        for (let at = 0; at < bytes.length; ) {
          const step = Math.min(bytes.length - at, [1, 15, 36, 5000, 70_000][(at + size) % 5] ?? 1)
          from.write(bytes.subarray(at, at + step))
          at += step
          if (at % 7 < 3) await new Promise(setImmediate)
        }
        expect(sha(await arrived)).toBe(sha(bytes))
      }
    }
    expect(carriedNow()).toBeGreaterThan(0)
  })

  test('a reader that stops makes the thread wait, with little in hand; then all of 48 MB arrives', async () => {
    const both = await carried()
    for (const [from, to] of [
      [both.client, both.member],
      [both.member, both.client],
    ] as const) {
      const bytes = message(maxMessageBytes)
      const before = both.joined.traffic()
      const moved = (): number => {
        const now = both.joined.traffic()
        return now.bytesFromClient + now.bytesFromMember - before.bytesFromClient - before.bytesFromMember
      }
      to.pause()
      from.write(bytes)
      let last = -1
      await eventually(() => {
        const now = moved()
        const still = now > 0 && now === last
        last = now
        if (!still) throw new Error('bytes are still moving')
      })
      expect(moved()).toBeLessThan(bytes.length / 2)
      expect(both.talk.quiet()).toBe(false)
      expect(sha(await come(to, bytes.length))).toBe(sha(bytes))
    }
  })

  test.each(['client', 'member'] as const)(
    'stopped in the middle of a large message of the %s: both are closed',
    async (side) => {
      const both = await carried()
      const other = side === 'client' ? both.member : both.client
      both[side].write(message(20_000_000))
      await come(other, 1_000_000)
      const away = carriedNow()
      const end: ConnectionEnd = { side: 'gateway', code: 'KILLED', reason: 'now' }
      both.joined.stop(end)
      expect([both.ends, carriedNow()]).toEqual([[end], away - 1])
      const gone = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve).resume().end())
      await Promise.all([gone(both.client), gone(both.member)])
      both.joined.stop(end)
      expect(both.ends).toEqual([end])
    },
  )

  test('compressed once, it stays here', async () => {
    const both = await carried()
    const away = carriedNow()
    const compressed = Buffer.alloc(60)
    compressed.writeInt32LE(60, 0)
    compressed.writeInt32LE(opcode.COMPRESSED, 12)
    compressed.writeInt32LE(opcode.MSG, 16)
    compressed.writeInt32LE(35, 20)
    message(51).copy(compressed, 25, headerBytes)
    both.client.write(compressed)
    await come(both.member, 60)
    expect(carriedNow()).toBe(away - 1)
    for (let time = 0; time < 20; time++) {
      both.member.write(message(40))
      await come(both.client, 40)
      both.client.write(message(40))
      await come(both.member, 40)
    }
    expect(carriedNow()).toBe(away - 1)
  })

  test('garbage is refused as ever, with its side, and none of it is passed', async () => {
    for (const side of ['client', 'member'] as const) {
      const both = await carried()
      const other = side === 'client' ? both.member : both.client
      let passed = 0
      other.on('data', (chunk: Buffer) => {
        passed += chunk.length
      })
      both[side].write(Buffer.alloc(64, 0xff))
      await eventually(() => expect(both.ends).toMatchObject([{ side, code: 'MESSAGE_LENGTH' }]))
      expect(passed).toBe(0)
    }
  })

  test('where the member is gone, who stands in has the request that waited', async () => {
    const session = { lsid: { id: new UUID().toBinary() }, $db: 'shop' }
    const write = opMsg(11, 0, false, { insert: 'orders', ...session, txnNumber: Long.ONE, documents: [{ a: 1 }] })
    for (const cut of ['destroy', 'resetAndDestroy'] as const) {
      const talk = exchange()
      const standIn = createStandIn({ exchange: talk, memberRefuses: async () => true, lingerMs: 10_000 })
      const both = await carried({ standIn }, talk)
      both.client.write(write)
      await come(both.member, write.length)
      both.member[cut]()
      const length = (await new Promise<Buffer>((resolve) => both.client.once('data', resolve).resume())).readInt32LE(0)
      expect(length).toBeGreaterThan(100)
      await eventually(() =>
        expect(both.ends).toMatchObject([{ side: 'member', reason: expect.stringMatching('retryable write') }]),
      )
    }
  })

  test('without a byte it ends after the idle time, also there', async () => {
    const both = await carried({ idleMs: 60 })
    expect(both.ends).toEqual([])
    await eventually(() => expect(both.ends).toMatchObject([{ side: 'gateway', code: 'IDLE' }]))
  })

  test('hundreds at once, each with its own bytes; all of them ended at once', async () => {
    const before = carriedNow()
    const all: Carried[] = []
    for (let batch = 0; batch < 20; batch++)
      all.push(...(await Promise.all(Array.from({ length: 20 }, () => joined()))))
    await Promise.all(
      all.map(async ({ client, member }) => {
        for (const size of [50, 3000, 60_000, 70]) {
          const [question, answer] = [message(size), message(size)]
          client.write(question)
          expect((await come(member, size)).equals(question)).toBe(true)
          member.write(answer)
          expect((await come(client, size)).equals(answer)).toBe(true)
        }
      }),
    )
    expect(carriedNow()).toBe(before + all.length)
    for (const { joined } of all) joined.stop({ side: 'gateway', code: 'KILLED', reason: 'all' })
    expect(carriedNow()).toBe(before)
    await eventually(() => expect(all.filter(({ ends }) => ends.length !== 1)).toEqual([]))
  })
})
