// docs/failure-model.md names a suite for each promise: each must be there, and have a test of that title.

import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const rows = readFileSync('docs/failure-model.md', 'utf8')
  .split('\n')
  .filter((line) => /^\|([^|]+\|){3}$/.test(line) && !/^\| ?(fault|---)|^\|---/.test(line))

const shown = rows.flatMap((row) => {
  const [fault = '', , by = ''] = row.slice(2).split(' | ')
  return [...by.matchAll(/`([^`]+\.ts)`(?:: ([^;|]+))?/g)].map(([, path = '', title = '']) => ({
    fault,
    path: `packages/${path}`,
    title: title.trim(),
  }))
})

test('every fault has a suite that shows what is promised', () => {
  expect(rows.length).toBeGreaterThan(30)
  expect(rows.filter((row) => !/`[^`]+\.ts`/.test(row))).toEqual([])
})

test.each(shown)('$fault: $path, $title', ({ path, title }) => {
  expect(existsSync(path)).toBe(true)
  expect(readFileSync(path, 'utf8')).toContain(title)
})
