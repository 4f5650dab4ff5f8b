// kill -9 during writes: whatever was acknowledged is there after the restart, on the same ports, for the same users.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { kill, startProcess } from './testing/sandbox-in-a-process.ts'
import { admin, clientOf } from './testing/sandbox-under-test.ts'

let dir: string
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'postern-durability-'))
})
afterAll(() => rm(dir, { recursive: true, force: true }))

test('five times killed, nothing acknowledged is lost, nothing is applied twice', async () => {
  const acknowledged = new Set<number>()
  let counted = 0
  let unknown = 0
  let running = await startProcess(dir)
  const cluster = await running.door.put('one')
  for (let round = 0; round < 5; round += 1) {
    const client = clientOf(cluster, { serverSelectionTimeoutMS: 500 })
    const writes = client.db('app').collection<{ _id: number }>('writes')
    const counter = client.db('app').collection<{ _id: string; n: number }>('counter')
    let stop = false
    const insert = async (lane: number) => {
      for (let n = 0; !stop; n += 1) {
        const _id = round * 1_000_000 + lane * 100_000 + n
        await writes.insertOne({ _id })
        acknowledged.add(_id)
      }
    }
    const increment = async () => {
      while (!stop) {
        unknown += 1
        await counter.updateOne({ _id: 'c' }, { $inc: { n: 1 } }, { upsert: true })
        counted += 1
        unknown -= 1
      }
    }
    const lanes = [insert(1), insert(2), insert(3), increment()].map((lane) => lane.catch(() => undefined))
    const goal = acknowledged.size + 60 + round * 37
    await vi.waitFor(() => expect(acknowledged.size).toBeGreaterThan(goal), { timeout: 20_000 })
    await kill(running, 'SIGKILL')
    stop = true
    await Promise.all(lanes)
    await client.close()

    running = await startProcess(dir)
    const again = await running.door.report('GET', '/clusters/one')
    expect(again.members.map(({ hostPort }) => hostPort)).toEqual(cluster.members.map(({ hostPort }) => hostPort))
    expect(again.term).toBeGreaterThan(round + 1)
    const reader = clientOf(again)
    const there = new Set(
      await reader
        .db('app')
        .collection<{ _id: number }>('writes')
        .find()
        .map(({ _id }) => _id)
        .toArray(),
    )
    expect([...acknowledged].filter((_id) => !there.has(_id))).toEqual([])
    const count = await reader.db('app').collection('counter').findOne()
    expect(count?.n).toBeGreaterThanOrEqual(counted)
    expect(count?.n).toBeLessThanOrEqual(counted + unknown)
    await reader.close()
  }
  const log = running.log()
  expect(log).toContain('the sandbox is ready')
  for (const form of [admin.password, Buffer.from(admin.password).toString('base64')]) expect(log).not.toContain(form)
  expect(await kill(running, 'SIGTERM')).toBe(0)
})

test('one that was asked to stop, or whose parent has gone, ends by itself', async () => {
  const running = await startProcess(dir)
  const exit = new Promise((resolve) => running.child.once('exit', resolve))
  running.child.disconnect()
  expect(await exit).toBe(0)
})

test('a second sandbox on the same folder is refused', async () => {
  const running = await startProcess(dir)
  await expect(startProcess(dir)).rejects.toThrow('another sandbox holds')
  await kill(running, 'SIGKILL')
  const after = await startProcess(dir)
  expect(await kill(after, 'SIGTERM')).toBe(0)
})
