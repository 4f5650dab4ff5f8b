// What holds for every join method, on real sockets: one pair from a client to the gateway, one from the gateway to a
// member, joined. Where the talk does not matter, the method's test says what may be said: for one that reads messages, messages.

import { createHash, randomFillSync } from 'node:crypto'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { eventually } from '../../testing/eventually.ts'
import { WireRefusal } from '../wire/refusal.ts'
import type { ConnectionEnd, Joined, JoinMethod, JoinParts } from './join.ts'

export interface Joint {
  /** The client's and the member's own ends. */
  readonly client: Socket
  readonly member: Socket
  readonly joined: Joined
  readonly ends: readonly ConnectionEnd[]
}

/** Of a connection in the state in which the method does what it is there for. */
interface Talk {
  exchange(): JoinParts['exchange']
  /** What a client or a member may say: random, of this many bytes, or as few more as it takes. */
  bytes(size: number): Buffer
  /** Brings a fresh connection into that state; its two ends are paused then. */
  begin(joint: Joint): Promise<void>
}

/** An exchange that passes everything, so that anything may be said at once. */
export const asItCame: Talk = {
  exchange: () => ({ requests: { push: (chunk) => [chunk] }, replies: { push: (chunk) => [chunk] } }),
  bytes: (size) => randomFillSync(Buffer.alloc(size)),
  begin: async () => {},
}

export function joinCases(method: JoinMethod, talk: Talk): void {
  const cleanUp: (() => void)[] = []
  afterEach(() => {
    for (const work of cleanUp.splice(0)) work()
  })

  /** A listener's first connection, and the port to dial for it. */
  async function door(): Promise<{ port: number; arrived: Promise<Socket> }> {
    const server = createServer({ allowHalfOpen: true })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const arrived = new Promise<Socket>((resolve) => server.once('connection', resolve))
    cleanUp.push(() => server.close())
    return { port: (server.address() as AddressInfo).port, arrived }
  }

  function keep(socket: Socket): Socket {
    cleanUp.push(() => socket.destroy())
    return socket.on('error', () => {})
  }

  async function joint(
    parts: Partial<JoinParts> = {},
    before?: (accepted: Socket, client: Socket) => unknown,
  ): Promise<Joint> {
    const front = await door()
    const back = await door()
    const client = keep(connect({ port: front.port, host: '127.0.0.1', allowHalfOpen: true }))
    const accepted = await front.arrived
    await before?.(accepted, client)
    const { onread, join } = method.prepare()
    const dialled = connect({ port: back.port, host: '127.0.0.1', allowHalfOpen: true, onread })
    const member = keep(await back.arrived)
    if (dialled.connecting) await new Promise((resolve) => dialled.once('connect', resolve))
    const ends: ConnectionEnd[] = []
    let over: () => void = () => {}
    const isOver = new Promise<void>((resolve) => {
      over = resolve
    })
    const joined = join(
      { client: accepted, member: dialled },
      {
        endpointId: 'endpoint',
        exchange: talk.exchange(),
        idleMs: 0,
        halfOpenMs: 60_000,
        now: Date.now,
        ended(end) {
          ends.push(end)
          over()
        },
        ...parts,
      },
    )
    cleanUp.push(() => joined.stop({ side: 'gateway', code: 'TEST', reason: 'its test is over' }))
    const made = { client, member, joined, ends }
    if (before === undefined && parts.exchange === undefined) await Promise.race([talk.begin(made), isOver])
    return made
  }

  const closed = (socket: Socket): Promise<void> =>
    new Promise((resolve) => (socket.closed ? resolve() : socket.once('close', () => resolve())))

  /** Reads to the end; the digest of all that came. */
  function digest(socket: Socket): Promise<string> {
    const hash = createHash('sha256')
    socket.on('data', (chunk: Buffer) => hash.update(chunk)).resume()
    return new Promise((resolve) => {
      for (const last of ['end', 'close'] as const) socket.once(last, () => resolve(hash.copy().digest('hex')))
    })
  }
  const sha = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

  describe(`the join by ${method.name}`, () => {
    test.each([1, 100, 4095, 4096, 4097, 65_536, 65_537, 3_000_000])('carries %i bytes both ways', async (size) => {
      const { client, member, joined, ends } = await joint()
      const before = joined.traffic()
      const [there, back] = [talk.bytes(size), talk.bytes(size)]
      client.end(there)
      member.end(back)
      expect(await Promise.all([digest(member), digest(client)])).toEqual([sha(there), sha(back)])
      await eventually(() => expect(ends).toHaveLength(1))
      expect(joined.traffic()).toMatchObject({
        bytesFromClient: before.bytesFromClient + there.length,
        bytesFromMember: before.bytesFromMember + back.length,
      })
    })

    test('says when the last byte came, from either side', async () => {
      const day = 86_400_000
      let now = day
      const { client, member, joined } = await joint({ now: () => now })
      const lastDay = (): number => Math.round(joined.traffic().lastActivityAt / day)
      expect(lastDay()).toBe(1)
      for (const [at, from] of [
        [2, client],
        [3, member],
      ] as const) {
        now = at * day
        from.write(talk.bytes(1))
        await eventually(() => expect(lastDay()).toBe(at))
      }
    })

    test('carries many small messages without mixing them up', async () => {
      const { client, member } = await joint()
      const lines = Array.from({ length: 2000 }, (_, index) => talk.bytes((index * 37) % 300))
      member.on('data', (chunk: Buffer) => member.write(chunk)).resume()
      member.on('end', () => member.end())
      for (const line of lines) client.write(line)
      client.end()
      expect(await digest(client)).toBe(sha(Buffer.concat(lines)))
    })

    test('what a client said is held while a word is awaited, and arrives in order, its end behind it', async () => {
      let say: () => void = () => {}
      let asking: Promise<void> | null = new Promise<void>((resolve) => {
        say = resolve
      }).then(() => {
        asking = null
      })
      let kept = Buffer.alloc(0)
      const requests = {
        push(chunk: Buffer) {
          kept = Buffer.concat([kept, chunk])
          return asking === null ? [kept.subarray(0)] : []
        },
      }
      const replies = { push: (chunk: Buffer) => [chunk] }
      const { client, member, ends } = await joint({ exchange: { requests, replies, asking: () => asking } })
      client.end('ask')
      await eventually(() => expect(kept.toString()).toBe('ask'))
      member.write('meanwhile')
      await new Promise((resolve) => client.once('data', resolve))
      say()
      expect(await digest(member)).toBe(sha(Buffer.from('ask')))
      member.end()
      await eventually(() => expect(ends).toEqual([expect.objectContaining({ side: 'client', code: 'closed' })]))
    })

    test('what a direction makes of the bytes is what arrives', async () => {
      const doubled = { push: (chunk: Buffer) => [chunk, Buffer.from(chunk)] }
      const { client, member } = await joint({ exchange: { requests: doubled, replies: doubled } })
      client.end('ab')
      member.end('cd')
      expect(await Promise.all([digest(member), digest(client)])).toEqual([
        sha(Buffer.from('abab')),
        sha(Buffer.from('cdcd')),
      ])
    })

    test('a reader that stops makes the other side wait: memory is bounded, and nothing is lost', async () => {
      const size = 64 * 2 ** 20
      for (const way of ['to the client', 'to the member'] as const) {
        const { client, member, joined } = await joint()
        const [from, to] = way === 'to the client' ? [member, client] : [client, member]
        const before = joined.traffic()
        to.end() // so that the sender's own end closes its socket while bytes still wait for the reader
        const chunk = talk.bytes(65_536)
        const expected = createHash('sha256')
        let sent = 0
        const send = (): void => {
          while (sent < size) {
            sent += chunk.length
            expected.update(chunk)
            if (!from.write(chunk)) return
          }
          from.end()
        }
        from.on('drain', send)
        send()
        const read = (): number => {
          const { bytesFromClient, bytesFromMember } = joined.traffic()
          return Math.max(bytesFromClient - before.bytesFromClient, bytesFromMember - before.bytesFromMember)
        }
        let last = -1
        await eventually(async () => {
          const now = read()
          const still = now > 0 && now === last
          last = now
          if (!still) throw new Error('bytes are still moving')
        })
        expect(read()).toBeLessThan(size / 2) // what the kernel's buffers hold, and a few chunks
        expect(await digest(to)).toBe(expected.digest('hex'))
        expect(read()).toBe(sent)
      }
    })

    test('small pieces that wait for a full socket keep their bytes while more are read', async () => {
      let filled = 0
      const { client, member, joined } = await joint({}, (accepted) => {
        while (accepted.writableLength === 0) {
          accepted.write(Buffer.alloc(1000))
          filled += 1000
        }
      })
      const lines = Array.from({ length: 10 }, () => talk.bytes(100))
      for (const [index, line] of lines.entries()) {
        member.write(line)
        await eventually(() => expect(joined.traffic().bytesFromMember).toBe(100 * (index + 1)))
      }
      member.end()
      expect(await digest(client)).toBe(sha(Buffer.concat([Buffer.alloc(filled), ...lines])))
    })

    test.each([
      { says: 'of one endpoint', endpoints: 1 },
      { says: 'of two', endpoints: 2 },
    ])(
      'connections $says never see each other’s bytes, whoever of them waits for a slow reader',
      async ({ endpoints }) => {
        const one = (_: unknown, at: number): Promise<Joint> => joint({ endpointId: `endpoint ${at % endpoints}` })
        const joints = await Promise.all(Array.from({ length: 6 }, one))
        const size = 6 * 2 ** 20
        const sums = await Promise.all(
          joints.map(async ({ client, member, joined }, index) => {
            const bytes = talk.bytes(size)
            client.end()
            member.end(bytes)
            // every other one reads nothing until its member's bytes have come to a stop
            if (index % 2 === 1)
              await eventually(() => expect(joined.traffic().bytesFromMember).toBeGreaterThan(100_000))
            return [await digest(client), sha(bytes)]
          }),
        )
        for (const [arrived, sent] of sums) expect(arrived).toBe(sent)
      },
    )

    test('what one endpoint says does not wait for all that another has to say', async () => {
      const busy: Joint[] = []
      while (busy.length < 40) busy.push(await joint({ endpointId: 'busy' }))
      const quiet = await joint({ endpointId: 'quiet' })
      const order: Joint[] = []
      const all = [...busy, quiet]
      for (const one of all) one.member.on('data', () => order.push(one)).resume()
      await eventually(async () => {
        order.length = 0
        for (const { client } of all) client.write(talk.bytes(100))
        await eventually(() => expect(order).toHaveLength(all.length))
        expect(order.indexOf(quiet)).toBeLessThan(busy.length) // who writes may be slower than who passes it on
      })
      for (const { member } of all) member.write(talk.bytes(100))
      await Promise.all(all.map(({ client }) => new Promise((resolve) => client.once('data', resolve).resume())))
    })

    test('whatever waits for its turn is passed on before an end is', async () => {
      const busy: Joint[] = []
      while (busy.length < 20) busy.push(await joint({ endpointId: 'busy' }))
      await joint({ endpointId: 'quiet' })
      const said = talk.bytes(200_000)
      for (const { client, member } of busy) {
        client.end(said)
        member.end(said)
      }
      const heard = busy.flatMap(({ client, member }) => [digest(client), digest(member)])
      expect(new Set(await Promise.all(heard))).toEqual(new Set([sha(said)]))
    })

    test('who attends is told of all that was read, also of what waits for its turn', async () => {
      let [passed, looks] = [0, 0]
      let look = (): void => {}
      const push = (chunk: Buffer): readonly Buffer[] => {
        passed += chunk.length
        if (looks++ === 0) setImmediate(look) // before the turn of those that wait
        return [chunk]
      }
      const exchange = { requests: { push }, replies: { push: (chunk: Buffer) => [chunk] } }
      const busy: Joint[] = []
      while (busy.length < 40) busy.push(await joint({ endpointId: 'busy', exchange }))
      await joint({ endpointId: 'quiet' })
      const read = (): number => busy.reduce((sum, { joined }) => sum + joined.traffic().bytesFromClient, 0)
      await eventually(async () => {
        const seen = await new Promise<{ readonly waited: number; readonly left: number }>((resolve) => {
          look = () => {
            const waited = read() - passed
            for (const { joined } of busy) joined.attend()
            resolve({ waited, left: read() - passed })
          }
          looks = 0
          for (const { client } of busy) client.write('words')
        })
        expect(seen.left).toBe(0)
        expect(seen.waited).toBeGreaterThan(0)
      })
    })

    test('one side that is done is passed on, and the other may still talk', async () => {
      const { client, member, ends } = await joint()
      const [lastWords, answer] = [talk.bytes(10), talk.bytes(9)]
      client.end(lastWords)
      expect(await digest(member)).toBe(sha(lastWords))
      expect(ends).toEqual([])
      member.end(answer)
      expect(await digest(client)).toBe(sha(answer))
      await eventually(() => expect(ends).toEqual([{ side: 'client', code: 'closed', reason: expect.any(String) }]))
    })

    test('also one that was done before the join', async () => {
      const { member, ends } = await joint({}, async (accepted, client) => {
        client.resume().end()
        await new Promise((resolve) => accepted.resume().once('end', resolve))
      })
      expect(await digest(member)).toBe(sha(Buffer.alloc(0)))
      member.end()
      await eventually(() => expect(ends).toMatchObject([{ side: 'client', code: 'closed' }]))
    })

    test('but not for ever', async () => {
      const { client, member, ends } = await joint({ halfOpenMs: 20 })
      client.resume().end()
      member.resume() // it never says that it is done
      await closed(client)
      expect(ends).toHaveLength(1)
    })

    test.each(['client', 'member'] as const)('a %s that resets ends both, as its side', async (side) => {
      const both = await joint()
      const other = both[side === 'client' ? 'member' : 'client']
      both[side].resetAndDestroy()
      other.resume()
      await closed(other.on('end', () => other.end()))
      await eventually(() => expect(both.ends).toMatchObject([{ side }]))
    })

    test.each(['client', 'member'] as const)('bytes that are refused end both, as the %s’s side', async (side) => {
      const refuse = {
        push() {
          throw new WireRefusal('MESSAGE', 'no')
        },
      }
      const passes = asItCame.exchange()
      const exchange = side === 'client' ? { ...passes, requests: refuse } : { ...passes, replies: refuse }
      const { client, member, ends } = await joint({ exchange })
      const [from, to] = side === 'client' ? [client, member] : [member, client]
      from.write('x')
      expect(await digest(to)).toBe(sha(Buffer.alloc(0)))
      expect(ends).toEqual([{ side, code: 'MESSAGE', reason: 'no' }])
    })

    test('a defect of ours ends that one connection, and is called one', async () => {
      const broken = {
        push() {
          throw new TypeError('oops')
        },
      }
      for (const exchange of [
        { ...asItCame.exchange(), requests: broken },
        { ...asItCame.exchange(), replies: broken },
      ]) {
        const { client, member, ends } = await joint({ exchange })
        client.write('x')
        member.write('x')
        await eventually(() => expect(ends).toMatchObject([{ side: 'gateway', code: 'DEFECT' }]))
      }
    })

    test('without a byte it ends after the idle time', async () => {
      const { client, ends } = await joint({ idleMs: 20 })
      client.resume()
      await closed(client.on('end', () => client.end()))
      expect(ends).toMatchObject([{ side: 'gateway', code: 'IDLE' }])
    })

    test('stopped from outside it is over at once, and only once', async () => {
      const { client, member, joined, ends } = await joint()
      const end: ConnectionEnd = { side: 'gateway', code: 'NOT_AVAILABLE', reason: 'its endpoint is gone' }
      joined.stop(end)
      joined.stop({ ...end, code: 'again' })
      expect(ends).toEqual([end])
      expect(await Promise.all([digest(client), digest(member)])).toEqual([sha(Buffer.alloc(0)), sha(Buffer.alloc(0))])
      expect(ends).toEqual([end])
    })

    test('finished from outside, what was read from the member still arrives, and nothing after it', async () => {
      const { client, member, joined, ends } = await joint()
      const before = joined.traffic().bytesFromMember
      const chunk = talk.bytes(65_536)
      const send = (): void => void (member.write(chunk) && send())
      send()
      await eventually(() => expect(joined.traffic().bytesFromMember).toBeGreaterThan(before))
      const end: ConnectionEnd = { side: 'gateway', code: 'SHUTDOWN', reason: 'over' }
      joined.finish(end)
      const read = joined.traffic().bytesFromMember - before
      let arrived = 0
      client.resume().on('data', (bytes: Buffer) => {
        arrived += bytes.length
      })
      await new Promise((resolve) => client.once('end', resolve))
      expect(arrived).toBe(read)
      await eventually(() => expect(ends).toEqual([end]))
    })
  })
}
