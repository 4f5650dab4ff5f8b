// A data set on disk: it comes back as it was, before, during and after compaction.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serialize } from 'bson'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { encodeChange } from './record.ts'
import { Storage } from './storage.ts'

const log = pino({ level: 'silent' })
const ns = 'app.things'
let dir: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'postern-storage-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const openAt = (at: string, compactAt = 1 << 20) => Storage.open({ dir: at, log, compactAt })
const put = (storage: Storage, _id: number) =>
  storage.commit({ kind: 'put', ns, raw: serialize({ _id, text: 'x'.repeat(50) }) })
const stateOf = ({ data }: Storage) => data.changes().map((change) => Buffer.from(encodeChange(change)).toString('hex'))

async function fill(storage: Storage): Promise<void> {
  storage.commit({ kind: 'create', ns, uuid: 'b7c1' })
  storage.commit({
    kind: 'index',
    ns,
    spec: { name: 'n_1', key: { n: 1, m: -1 }, unique: true, sparse: true, given: { key: { n: 1 }, name: 'n_1' } },
  })
  storage.commit({
    kind: 'user',
    user: {
      id: 'admin.a',
      user: 'a',
      db: 'admin',
      uuid: 'u',
      roles: [{ role: 'root', db: 'admin' }],
      verifier: { iterationCount: 1, salt: Buffer.of(1), storedKey: Buffer.of(2), serverKey: Buffer.of(3) },
    },
  })
  for (let _id = 0; _id < 50; _id += 1) put(storage, _id)
  storage.commit({
    kind: 'delete',
    ns,
    key: 'n7',
    retry: { session: 's', txn: 9007199254740993n, statement: 0, outcome: { n: 1 } },
  })
  storage.commit({ kind: 'term', term: 12 })
  await storage.flushed()
}

test('all that was flushed is there again', async () => {
  const first = await openAt(dir)
  await fill(first)
  const again = await openAt(dir)
  expect(stateOf(again)).toEqual(stateOf(first))
  expect(again.data.collection(ns)?.documents.size).toBe(49)
  const outcome = again.data.retries.recall({ session: 's', txn: 9007199254740993n, statement: 0 })
  expect(Number(outcome?.n)).toBe(1)
  await Promise.all([first.close(), again.close()])
})

test('a journal that has grown becomes a snapshot, and the old files go', async () => {
  const first = await openAt(dir, 4000)
  await fill(first)
  await vi.waitFor(async () => expect((await readdir(dir)).some((name) => name.startsWith('snapshot'))).toBe(true))
  put(first, 1000)
  await first.flushed()
  await first.close()
  const names = await readdir(dir)
  expect(names.filter((name) => name.startsWith('snapshot'))).toHaveLength(1)
  expect(names).toHaveLength(2)
  const again = await openAt(dir)
  expect(new Set(stateOf(again))).toEqual(new Set(stateOf(first)))
  await again.close()
})

test('a crash before the snapshot was whole loses nothing', async () => {
  const first = await openAt(dir)
  await fill(first)
  await first.close()
  await writeFile(join(dir, 'journal-1'), '')
  await writeFile(join(dir, 'snapshot-1.part'), 'half a snapshot')
  const again = await openAt(dir)
  expect(stateOf(again)).toEqual(stateOf(first))
  put(again, 1000)
  await again.close()
  const third = await openAt(dir)
  expect(third.data.collection(ns)?.documents.has('n1000')).toBe(true)
  await third.close()
})

test('a crash after the snapshot and before the old files went loses nothing and brings nothing back', async () => {
  const before = await mkdtemp(join(tmpdir(), 'postern-storage-'))
  const first = await openAt(dir, 4000)
  await fill(first)
  await cp(join(dir, 'journal-0'), join(before, 'journal-0')).catch(() => undefined)
  await vi.waitFor(async () => expect(await readdir(dir)).not.toContain('journal-0'))
  first.commit({ kind: 'delete', ns, key: 'n8' })
  await first.close()
  await cp(before, dir, { recursive: true })
  const again = await openAt(dir)
  expect(new Set(stateOf(again))).toEqual(new Set(stateOf(first)))
  await again.close()
  await rm(before, { recursive: true })
})

test('damage in the middle is not taken for a torn tail', async () => {
  const first = await openAt(dir)
  await fill(first)
  await first.close()
  const bytes = await readFile(join(dir, 'journal-0'))
  await writeFile(join(dir, 'journal-0'), bytes.subarray(0, bytes.length - 3))
  await writeFile(join(dir, 'journal-1'), bytes)
  await expect(openAt(dir)).rejects.toThrow('damaged')
})
