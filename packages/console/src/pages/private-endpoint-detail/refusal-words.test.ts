import { expect, test } from 'vitest'
import { refusalWord, refusedAt, refusedUnknown } from './refusal-words.ts'

test('a code is told in words, a new one as it is spelled', () => {
  expect(['READ_ONLY', 'TLS_FAILED', 'TLS_TIMEOUT', 'SOMETHING_NEW'].map(refusalWord)).toEqual([
    'Only reads go through',
    'The TLS handshake failed',
    'The client began no TLS in time, or did not finish',
    'SOMETHING_NEW',
  ])
})

test('of this endpoint alone, the last refusal first', () => {
  const refused = (code: string, last: string) => ({ code, count: 1, last, lastConnection: null })
  const of = (endpointId: string, ...all: readonly ReturnType<typeof refused>[]) => ({
    endpointId,
    endpointServiceId: 's',
    cloudProvider: 'AWS' as const,
    connections: 0,
    working: 0,
    connectionsLimit: null,
    newPerSecondLimit: null,
    refused: [...all],
  })
  const endpoints = [
    of('other', refused('TLS_VERSION', '2026-01-03T00:00:00Z')),
    of('this', refused('READ_ONLY', '2026-01-01T00:00:00Z'), refused('TLS_VERSION', '2026-01-02T00:00:00Z')),
  ]
  expect(refusedAt({ endpoints }, 'this').map(({ code }) => code)).toEqual(['TLS_VERSION', 'READ_ONLY'])
  expect(refusedAt({ endpoints: [] }, 'this')).toEqual([])
})

test('at the ports of the services, the last refusal first', () => {
  const refused = (code: string, last: string) => ({
    ...{ code, count: 1, last, lastConnection: null },
    ...{ lastEdge: 'gateway-1', lastPort: 27_021, lastFrom: '10.0.0.9' },
  })
  const service = (...all: readonly ReturnType<typeof refused>[]) => ({
    endpointServiceId: 's',
    cloudProvider: 'AWS' as const,
    refused: [...all],
  })
  const endpointServices = [
    service(refused('NO_LINK', '2026-01-02T00:00:00Z')),
    service(refused('UNTRUSTED_SOURCE', '2026-01-03T00:00:00Z'), refused('PROXY_HEADER', '2026-01-01T00:00:00Z')),
  ]
  expect(refusedUnknown({ endpointServices }).map(({ code }) => code)).toEqual([
    'UNTRUSTED_SOURCE',
    'NO_LINK',
    'PROXY_HEADER',
  ])
})
