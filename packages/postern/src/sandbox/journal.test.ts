// The journal: what was flushed is read back, and what a crash left half written is cut off.
import { mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { frameRecord, Journal, readRecords, recoverJournal } from './journal.ts'

let dir: string
let path: string
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'postern-journal-'))
  path = join(dir, 'journal')
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const records = ['one', '', 'three'].map((text) => Buffer.from(text))
const whole = Buffer.concat(records.map(frameRecord))

describe('reading', () => {
  test.each(Array.from(whole.keys()))('a journal that ends at byte %i gives its whole records', (cut) => {
    const found = readRecords(whole.subarray(0, cut))
    const expected = [11, 19, 32].filter((end) => end <= cut)
    expect(found.records).toEqual(records.slice(0, expected.length))
    expect(found.end).toBe(expected.at(-1) ?? 0)
  })

  test.each(Array.from(whole.keys()))('a bit that flips in byte %i is noticed', (at) => {
    const damaged = Buffer.from(whole)
    damaged[at] = (damaged[at] ?? 0) ^ 0x10
    expect(readRecords(damaged).records.length).toBeLessThan(records.length)
  })

  test('a torn tail is cut off the file, once', async () => {
    await writeFile(path, whole.subarray(0, 30))
    expect(await recoverJournal(path)).toEqual({ records: records.slice(0, 2), torn: 11 })
    expect(await readFile(path)).toEqual(whole.subarray(0, 19))
    expect(await recoverJournal(path)).toEqual({ records: records.slice(0, 2), torn: 0 })
  })
})

describe('writing', () => {
  test('what was flushed is on disk, in order', async () => {
    const journal = new Journal(await open(path, 'a'))
    for (const record of records) journal.append(record)
    await journal.flushed()
    expect(await readFile(path)).toEqual(whole)
    expect(journal.bytes).toBe(whole.length)
    await journal.close()
  })

  test('appends of one turn share one write and one sync', async () => {
    const calls: string[] = []
    const sink = {
      appendFile: async () => void calls.push('write'),
      datasync: async () => void calls.push('sync'),
      close: async () => undefined,
    }
    const journal = new Journal(sink)
    for (const record of records) journal.append(record)
    await journal.flushed()
    expect(calls).toEqual(['write', 'sync'])
  })

  test('nothing is acknowledged after the disk has failed, not even later', async () => {
    let broken = true
    const sink = {
      appendFile: async () => {
        if (broken) throw new Error('no space left')
      },
      datasync: async () => undefined,
      close: async () => undefined,
    }
    const journal = new Journal(sink)
    journal.append(Buffer.from('lost'))
    await expect(journal.flushed()).rejects.toThrow('no space left')
    broken = false
    journal.append(Buffer.from('later'))
    await expect(journal.flushed()).rejects.toThrow('no space left')
  })

  test('a journal that follows another writes nothing before that one is whole', async () => {
    const journal = new Journal(await open(path, 'a'), { after: Promise.reject(new Error('the first one failed')) })
    journal.append(Buffer.from('second'))
    await expect(journal.flushed()).rejects.toThrow('the first one failed')
    expect(await readFile(path)).toHaveLength(0)
    await journal.close()
  })
})
