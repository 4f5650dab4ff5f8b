// What a browser loads before Network Access is there, as it goes over the wire: 250 KiB of script at most.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { builtConsole } from './built-console.ts'

const files = await builtConsole()
const assets = join(files, 'assets')
const read = (name: string): string => readFileSync(join(assets, name), 'utf8')

/** The file and all that it imports at once. */
function loadedWith(name: string, seen = new Set<string>()): Set<string> {
  if (seen.has(name)) return seen
  seen.add(name)
  for (const [, imported = ''] of read(name).matchAll(/(?:from|import)\s*["'`]\.\/([^"'`]+\.js)["'`]/g))
    loadedWith(imported, seen)
  return seen
}

test('Network Access is there after 250 KiB of script', () => {
  const [, entry = ''] = /src="\/assets\/([^"]+\.js)"/.exec(readFileSync(join(files, 'index.html'), 'utf8')) ?? []
  const page = readdirSync(assets).find((name) => name.endsWith('.js') && read(name).includes('Dedicated Cluster'))
  expect(page).toBeDefined()
  expect(page).not.toBe(entry)
  const loaded = [...loadedWith(page ?? '', loadedWith(entry))]
  expect(loaded.length).toBeGreaterThan(1)
  const bytes = loaded.reduce((sum, name) => sum + gzipSync(read(name)).length, 0)
  expect(bytes).toBeLessThanOrEqual(250 * 1024)
})
