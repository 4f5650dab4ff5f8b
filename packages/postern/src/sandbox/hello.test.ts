// hello on the wire: the fields that drivers look at, the three ways to ask, and the stream. Spoken over a bare socket,
// since a driver hides what it is told.
import { connect, type Socket } from 'node:net'
import { type Document, deserialize, Long, serialize } from 'bson'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ClusterReport } from './cluster.ts'
import { type SandboxUnderTest, startSandbox } from './testing/sandbox-under-test.ts'

let under: SandboxUnderTest
let cluster: ClusterReport
let line: Line
let count = 0

beforeAll(async () => {
  under = await startSandbox()
})
afterAll(() => under?.end())
beforeEach(async () => {
  count += 1
  cluster = await under.door.put(`set${count}`)
  line = await Line.to(cluster.members[0]?.hostPort ?? '')
})
afterEach(() => line.end())

type Heard = {
  readonly requestId: number
  readonly responseTo: number
  readonly opCode: number
  readonly flags: number
  readonly body: Document
}

/** One connection, frames cut by length alone. */
class Line {
  readonly #socket: Socket
  #bytes = Buffer.alloc(0)
  #wake: () => void = () => undefined

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk])
      this.#wake()
    })
  }

  static to(hostPort: string): Promise<Line> {
    const [host, port] = hostPort.split(':')
    return new Promise((resolve) => {
      const socket = connect(Number(port), host, () => resolve(new Line(socket)))
    })
  }

  say(requestId: number, opCode: number, rest: Uint8Array): void {
    const frame = Buffer.concat([Buffer.alloc(16), rest])
    frame.writeInt32LE(frame.length, 0)
    frame.writeInt32LE(requestId, 4)
    frame.writeInt32LE(opCode, 12)
    this.#socket.write(frame)
  }

  msg(requestId: number, command: Document, flags = 0): void {
    const head = Buffer.alloc(5)
    head.writeUInt32LE(flags, 0)
    this.say(requestId, 2013, Buffer.concat([head, serialize({ ...command, $db: 'admin' })]))
  }

  query(requestId: number, command: Document): void {
    const head = Buffer.concat([
      Buffer.alloc(4),
      Buffer.from('admin.$cmd\0'),
      Buffer.alloc(4),
      Buffer.from('ffffffff', 'hex'),
    ])
    this.say(requestId, 2004, Buffer.concat([head, serialize(command)]))
  }

  async hear(): Promise<Heard> {
    while (this.#bytes.length < 4 || this.#bytes.length < this.#bytes.readInt32LE(0)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
    const frame = this.#bytes.subarray(0, this.#bytes.readInt32LE(0))
    this.#bytes = this.#bytes.subarray(frame.length)
    const opCode = frame.readInt32LE(12)
    return {
      requestId: frame.readInt32LE(4),
      responseTo: frame.readInt32LE(8),
      opCode,
      flags: frame.readUInt32LE(16),
      body: deserialize(frame.subarray(opCode === 1 ? 36 : 21), { promoteLongs: false }),
    }
  }

  end(): void {
    this.#socket.destroy()
  }
}

const on = (path: string, body?: unknown) => under.door.report('POST', `/clusters/set${count}/${path}`, body)

describe('the answer', () => {
  test('of the primary', async () => {
    line.msg(7, { hello: 1 })
    const { body, responseTo, opCode, flags } = await line.hear()
    expect([responseTo, opCode, flags]).toEqual([7, 2013, 0])
    const hosts = cluster.members.map(({ hostPort }) => hostPort)
    expect(body).toMatchObject({
      ok: 1,
      isWritablePrimary: true,
      secondary: false,
      setName: 'rs0',
      hosts,
      primary: hosts[0],
      me: hosts[0],
    })
    expect(body).toMatchObject({
      helloOk: true,
      setVersion: 1,
      minWireVersion: 0,
      maxWireVersion: 21,
      logicalSessionTimeoutMinutes: 30,
      readOnly: false,
    })
    expect(body).toMatchObject({
      maxBsonObjectSize: 16_777_216,
      maxMessageSizeBytes: 48_000_000,
      maxWriteBatchSize: 100_000,
    })
    expect(body.electionId.toHexString()).toBe('7fffffff0000000000000001')
    expect(body.topologyVersion.counter).toBeInstanceOf(Long)
    expect(body.lastWrite.lastWriteDate).toBeInstanceOf(Date)
    expect(body.lastWrite.opTime.t).toEqual(Long.ONE)
    expect(body).not.toHaveProperty('ismaster')
  })

  test('of a secondary has no election id', async () => {
    const second = await Line.to(cluster.members[1]?.hostPort ?? '')
    second.msg(7, { hello: 1 })
    const { body } = await second.hear()
    expect(body).toMatchObject({ isWritablePrimary: false, secondary: true, primary: cluster.members[0]?.hostPort })
    expect(body).not.toHaveProperty('electionId')
    second.end()
  })

  test.each(['isMaster', 'ismaster'])('to %s speaks the old word', async (name) => {
    line.msg(7, { [name]: 1 })
    expect((await line.hear()).body).toMatchObject({ ismaster: true, helloOk: true })
  })

  test('to OP_QUERY comes as OP_REPLY, and later messages as OP_MSG', async () => {
    line.query(7, { ismaster: 1, helloOk: true, compression: ['snappy', 'zlib'], backpressure: '2' })
    const first = await line.hear()
    expect([first.opCode, first.responseTo, first.flags]).toEqual([1, 7, 8])
    expect(first.body).toMatchObject({ ismaster: true, helloOk: true, compression: ['zlib'] })
    line.msg(8, { ping: 1 })
    expect((await line.hear()).opCode).toBe(2013)
  })

  test('to any other OP_QUERY is a refusal', async () => {
    line.query(7, { ping: 1 })
    expect((await line.hear()).body).toMatchObject({ ok: 0, code: 352 })
  })

  test('offers compression only when both can, and names the mechanisms of a user when asked', async () => {
    line.msg(7, { hello: 1, compression: ['none'], saslSupportedMechs: 'admin.nobody' })
    const { body } = await line.hear()
    expect(body).not.toHaveProperty('compression')
    expect(body.saslSupportedMechs).toEqual(['SCRAM-SHA-256'])
  })
})

describe('waiting for a change', () => {
  async function seen(): Promise<Document> {
    line.msg(1, { hello: 1 })
    return (await line.hear()).body.topologyVersion
  }

  test('a stream goes on after each change, each answer to the one before', async () => {
    const topologyVersion = await seen()
    line.msg(2, { hello: 1, topologyVersion, maxAwaitTimeMS: 60_000 }, 0x10000)
    await on('stepDown', { seconds: 30 })
    const first = await line.hear()
    const second = await line.hear()
    expect([first.responseTo, first.flags, second.responseTo, second.flags]).toEqual([2, 2, first.requestId, 2])
    expect(first.body).toMatchObject({ isWritablePrimary: false, secondary: true })
    expect(first.body).not.toHaveProperty('primary')
    expect(second.body.primary).toBe(cluster.members[1]?.hostPort)
    const counters = [topologyVersion, first.body.topologyVersion, second.body.topologyVersion].map(({ counter }) =>
      Number(counter),
    )
    expect(counters).toEqual([...counters].sort((a, b) => a - b))
    expect(new Set(counters).size).toBe(3)
  })

  test('a stream also goes on when nothing changes, after the wait', async () => {
    const topologyVersion = await seen()
    line.msg(2, { hello: 1, topologyVersion, maxAwaitTimeMS: 1 }, 0x10000)
    const first = await line.hear()
    const second = await line.hear()
    expect(second.responseTo).toBe(first.requestId)
    expect(second.body.topologyVersion).toEqual(topologyVersion)
  })

  test('without exhaustAllowed there is one answer, at the change', async () => {
    const topologyVersion = await seen()
    line.msg(2, { hello: 1, topologyVersion, maxAwaitTimeMS: 60_000 })
    await on('stepDown', { seconds: 30 })
    expect(await line.hear()).toMatchObject({ responseTo: 2, flags: 0, body: { isWritablePrimary: false } })
    line.msg(3, { ping: 1 })
    expect(await line.hear()).toMatchObject({ responseTo: 3 })
  })

  test('who knows another process, or an older state, is answered at once', async () => {
    const { counter } = await seen()
    line.msg(2, { hello: 1, topologyVersion: { processId: 'other', counter }, maxAwaitTimeMS: 60_000 })
    expect(await line.hear()).toMatchObject({ responseTo: 2, body: { isWritablePrimary: true } })
  })
})
