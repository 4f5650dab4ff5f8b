import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeFolder, whyNot } from './folder.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'postern-folder-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('a folder is made with what lies above it, closed to others; twice is once', () => {
  const deep = join(folder, 'a', 'b', 'c')
  makeFolder(deep)
  makeFolder(deep)
  for (const each of [join(folder, 'a'), deep]) expect(statSync(each).mode & 0o777).toBe(0o700)
  makeFolder('/')
})

test.each([
  { says: 'a file of that name', at: 'file', code: 'EEXIST', why: 'there is a file of that name' },
  { says: 'a file on the way', at: 'file/x/y', code: 'ENOTDIR', why: 'a part of its path is a file' },
  { says: 'a link that leads nowhere', at: 'link', code: 'EEXIST', why: 'there is a file of that name' },
])('$says is told by the system’s code', ({ at, code, why }) => {
  writeFileSync(join(folder, 'file'), '')
  symlinkSync(join(folder, 'nowhere'), join(folder, 'link'))
  const thrown = errorOf(join(folder, at))
  expect(thrown).toMatchObject({ code })
  expect(whyNot(thrown)).toBe(why)
})

test.skipIf(!existsSync('/proc/self'))('a place where nothing can be made is told at once', () => {
  for (const at of ['/proc/postern', '/proc/postern/home']) {
    const thrown = errorOf(at)
    expect(thrown).toMatchObject({ code: 'ENOENT' })
    expect(whyNot(thrown)).toBe('no folder can be made there')
  }
})

function errorOf(at: string): unknown {
  try {
    makeFolder(at)
  } catch (error) {
    return error
  }
  return null
}
