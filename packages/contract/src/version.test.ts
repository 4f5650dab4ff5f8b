import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { version, versionPattern, versionStanding } from './version.ts'

test('it is that of package.json', async () => {
  const file = await readFile(new URL('../package.json', import.meta.url), 'utf8')
  expect(version).toBe((JSON.parse(file) as { readonly version: string }).version)
  expect(version).toMatch(versionPattern)
})

test.each([
  { one: '0.1.0', other: '0.1.0', stands: 'SAME' },
  { one: '0.1.0', other: '0.2.0', stands: 'OLDER' },
  { one: '0.9.0', other: '0.10.0', stands: 'OLDER' },
  { one: '2.0.0', other: '1.9.9', stands: 'NEWER' },
  { one: '1.0.0-rc.1', other: '1.0.0', stands: 'OLDER' },
  { one: '1.0.0-rc.2', other: '1.0.0-rc.10', stands: 'OLDER' },
  { one: '1.0.0-rc', other: '1.0.0-2', stands: 'NEWER' },
  { one: '1.0.0-rc', other: '1.0.0-beta', stands: 'NEWER' },
  { one: '1.0.0-rc.1', other: '1.0.0-rc', stands: 'NEWER' },
  { one: null, other: '0.1.0', stands: 'OLDER' },
])('$one beside $other is $stands', ({ one, other, stands }) => {
  expect(versionStanding(one, other)).toBe(stands)
})
