import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { diskFull, freeBytesOf, freshBootstrap, makeHome, readBootstrap, writeBootstrap } from './home.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-home-'))
  writeFileSync(join(folder, 'file'), '')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a home is made with what lies above it, closed to others', () => {
  const home = join(folder, 'a', "odd ö'$x")
  makeHome(home)
  expect(statSync(home).mode & 0o777).toBe(0o700)
})

test.each([
  { says: 'a file of that name', path: 'file', why: 'there is a file of that name' },
  { says: 'a file on the way', path: 'file/home', why: 'a part of its path is a file' },
])('$says: a sentence that says why and what to do', ({ path, why }) => {
  const home = join(folder, path)
  expect(() => makeHome(home)).toThrow(`${home} cannot be made a home: ${why}. Choose another with --home`)
})

test.each([
  { says: 'by its code', error: Object.assign(new Error('write'), { code: 'ENOSPC' }), freeBytes: 1e9 },
  { says: 'by a program’s words', error: new Error('server did not start: ENOSPC: no space left.'), freeBytes: 1e9 },
  { says: 'by what is left', error: new Error('server did not start: it gave no reason.'), freeBytes: 4096 },
])('a full disk, told $says: a sentence that says what to do', ({ error, freeBytes }) => {
  const told = diskFull(error, { home: '/h', temporary: false, freeBytes })
  expect(told?.message).toMatch(/^The disk that holds \/h is full: make room .*, or choose another with --home/)
  expect(told?.message).toContain(error.message)
  expect(diskFull(error, { home: '/h', temporary: true, freeBytes })?.message).toContain('with TMPDIR')
})

test('another error is not the disk’s', () => {
  expect(diskFull(new Error('no'), { home: '/h', temporary: false, freeBytes: 1e9 })).toBeNull()
  expect(diskFull(new Error('no'), { home: '/h', temporary: false, freeBytes: freeBytesOf(folder) })).toBeNull()
  expect(freeBytesOf(join(folder, 'nowhere'))).toBe(Number.POSITIVE_INFINITY)
})

test.skipIf(!existsSync('/proc/self'))('a place where nothing can be made is told at once', () => {
  expect(() => makeHome('/proc/postern/home')).toThrow('cannot be made a home: no folder can be made there. Choose')
})

test('what the first start wrote is read back whole', () => {
  const written = freshBootstrap(true)
  writeBootstrap(folder, written)
  expect(readBootstrap(folder)).toEqual(written)
  expect(statSync(join(folder, 'bootstrap.json')).mode & 0o777).toBe(0o600)
})

test('a home that has none yet has none', () => {
  expect(readBootstrap(folder)).toBeNull()
})

test.each([
  { says: 'cut off in the middle', text: '{"publicKey":"abc' },
  { says: 'of another shape', text: '{"publicKey":"abc","gateway":{}}' },
  { says: 'nothing at all', text: '' },
])('one that is damaged ($says) is said, and left as it is', ({ text }) => {
  const file = join(folder, 'bootstrap.json')
  writeFileSync(file, text)
  expect(() => readBootstrap(folder)).toThrow(`${file} is damaged`)
  expect(statSync(file).size).toBe(text.length)
})
