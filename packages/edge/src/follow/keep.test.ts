import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readKept, writeKept } from './keep.ts'
import { largestBytes } from './parse-snapshot.ts'

let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'postern-keep-'))
})

afterEach(() => rm(root, { recursive: true }))

test('nothing kept is null, also where the folder is missing', async () => {
  expect(await readKept(root, 'dns')).toBeNull()
  expect(await readKept(join(root, 'missing'), 'dns')).toBeNull()
})

test('each feed has its own file, for its owner only, in a folder for its owner only', async () => {
  const directory = join(root, 'a', 'b')
  await writeKept(directory, 'dns', 'one')
  await writeKept(directory, 'gateway', 'two')
  expect((await readdir(directory)).sort()).toEqual(['dns.json', 'gateway.json'])
  expect(await readKept(directory, 'dns')).toBe('one')
  expect((await stat(join(directory, 'dns.json'))).mode & 0o777).toBe(0o600)
  expect((await stat(directory)).mode & 0o777).toBe(0o700)
})

test('what a crash left beside does not matter', async () => {
  await writeFile(join(root, 'dns.json.next'), 'half of somethi')
  await writeKept(root, 'dns', 'x')
  expect(await readKept(root, 'dns')).toBe('x')
  expect(await readdir(root)).toEqual(['dns.json'])
})

test('a write that fails leaves the old one as it was', async () => {
  await writeKept(root, 'dns', 'old')
  await mkdir(join(root, 'dns.json.next'))
  await expect(writeKept(root, 'dns', 'new')).rejects.toMatchObject({ code: 'EISDIR' })
  expect(await readFile(join(root, 'dns.json'), 'utf8')).toBe('old')
})

test('a file that is too large is not read', async () => {
  await writeFile(join(root, 'dns.json'), '')
  await truncate(join(root, 'dns.json'), largestBytes + 1)
  await expect(readKept(root, 'dns')).rejects.toThrow(/is larger than/)
})
