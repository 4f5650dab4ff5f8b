// Which version answers.

import type { Route } from '@postern/contract/routes'
import { describe, expect, test } from 'vitest'
import { chooseVersion, contentTypeOf } from './version.ts'

const route: Route = {
  method: 'GET',
  path: '/x',
  versions: ['2023-01-01', '2023-02-01', '2024-08-05'],
  status: 200,
  access: { kind: 'public' },
}
const asked = (accept: string | null, contentType: string | null = null) => ({ accept, contentType })
const vnd = (version: string) => `application/vnd.atlas.${version}+json`

describe('the version that answers', () => {
  test.each([
    { says: 'is the one asked for', accept: vnd('2023-02-01'), version: '2023-02-01' },
    { says: 'is the newest not newer than asked', accept: vnd('2024-01-01'), version: '2023-02-01' },
    { says: 'is the newest for a date of the future', accept: vnd('2025-03-12'), version: '2024-08-05' },
    { says: 'is the newest for plain JSON', accept: 'application/json', version: '2024-08-05' },
    { says: 'is the newest for anything', accept: '*/*', version: '2024-08-05' },
    { says: 'is the newest where nothing is said', accept: null, version: '2024-08-05' },
    { says: 'is found in a list', accept: `text/html, ${vnd('2023-01-01')};q=0.9`, version: '2023-01-01' },
    {
      says: 'is that of the body where Accept names none',
      accept: '*/*',
      contentType: vnd('2023-02-01'),
      version: '2023-02-01',
    },
    {
      says: 'is that of Accept where the body is of another',
      accept: vnd('2023-01-01'),
      contentType: vnd('2024-08-05'),
      version: '2023-01-01',
    },
  ])('$says: $accept', ({ accept, contentType, version }) => {
    expect(chooseVersion(route, asked(accept, contentType), false)).toBe(version)
  })

  test('is the oldest under v1.0, whatever is asked', () => {
    expect(chooseVersion(route, asked(vnd('2024-08-05')), true)).toBe('2023-01-01')
  })
  test('is none where the route has none', () => {
    expect(chooseVersion({ ...route, versions: [] }, asked(vnd('2024-08-05')), false)).toBe('')
  })
  test('cannot be older than the resource', () => {
    expect(() => chooseVersion(route, asked(vnd('2022-12-31')), false)).toThrow(
      expect.objectContaining({ code: 'INVALID_VERSION_DATE', status: 406, parameters: ['2022-12-31', '2023-01-01'] }),
    )
  })
})

test.each([
  ['2023-01-01', false, 'application/vnd.atlas.2023-01-01+json;charset=utf-8'],
  ['2023-01-01', true, 'application/json'],
  ['', false, 'application/json'],
])('version %j (legacy: %s) is answered as %s', (version, legacy, type) => {
  expect(contentTypeOf(version, legacy)).toBe(type)
})
