import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openLog, rotate, watchLogs } from './log-files.ts'
import { until } from './wait.ts'

let folder: string
let file: string
let descriptor: number
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-logs-'))
  file = join(folder, 'edge.log')
  descriptor = openLog(file)
})
afterEach(() => {
  closeSync(descriptor)
  rmSync(folder, { recursive: true })
})

const text = (name: string): string => readFileSync(name, 'utf8')

test('a file that grew too large goes beside, and whoever holds it open writes on into an empty one', () => {
  const first = 'first\n'.repeat(100)
  writeSync(descriptor, first)
  rotate(file, 100)
  writeSync(descriptor, 'second\n')
  expect([text(`${file}.1`), text(file)]).toEqual([first, 'second\n'])
  for (const name of [file, `${file}.1`]) expect(statSync(name).mode & 0o777).toBe(0o600)
})

test('one older file is kept, not a third', () => {
  for (const word of ['a', 'b', 'c']) {
    writeSync(descriptor, word.repeat(200))
    rotate(file, 100)
  }
  expect([text(`${file}.1`), text(file)]).toEqual(['c'.repeat(200), ''])
  expect(existsSync(`${file}.2`)).toBe(false)
})

test('a file within the limit, and one that is not there, are left alone', () => {
  writeSync(descriptor, 'x'.repeat(100))
  rotate(file, 100)
  rotate(join(folder, 'none.log'), 100)
  expect(text(file)).toHaveLength(100)
  expect(existsSync(`${file}.1`)).toBe(false)
})

test('what cannot be copied is kept, and does not end the program that looks after it', () => {
  mkdirSync(`${file}.1`)
  writeFileSync(join(`${file}.1`, 'in the way'), '')
  writeSync(descriptor, 'x'.repeat(200))
  expect(() => rotate(file, 100)).not.toThrow()
  expect(text(file)).toHaveLength(200)
})

test('files are looked after while programs run', async () => {
  const end = watchLogs([file], { limit: 100, everyMs: 5 })
  try {
    writeSync(descriptor, 'x'.repeat(200))
    await until(
      'the file being moved',
      10_000,
      async () => (existsSync(`${file}.1`) && text(file) === '' ? true : undefined),
      5,
    )
  } finally {
    end()
  }
  expect(text(`${file}.1`)).toHaveLength(200)
})
