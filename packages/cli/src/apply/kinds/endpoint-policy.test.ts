// A policy in a file is the whole of it: what it does not say is taken back; without one, what is there stays.

import type { EndpointPolicy } from '@postern/contract/endpoint-policy'
import { expect, test } from 'vitest'
import { compare } from '../kind.ts'
import { policyRows } from './endpoint-policy.ts'

const none = { clusters: null, minimumTls: null, idleSeconds: null }

test.each<{ says: string; wished: Partial<EndpointPolicy> | undefined; there: object; changes: readonly string[] }>([
  { says: 'not named', wished: undefined, there: { idleSeconds: 60 }, changes: [] },
  { says: 'as it is', wished: { idleSeconds: 60 }, there: { idleSeconds: 60 }, changes: [] },
  {
    says: 'another value',
    wished: { idleSeconds: 60 },
    there: { idleSeconds: 90 },
    changes: ['policy.idleSeconds: 90 > 60'],
  },
  { says: 'taken back', wished: {}, there: { minimumTls: 'TLS1_2' }, changes: ['policy.minimumTls: TLS1_2 > none'] },
  {
    says: 'the same clusters in another order',
    wished: { clusters: ['b', 'a'] },
    there: { clusters: ['a', 'b'] },
    changes: [],
  },
  {
    says: 'no cluster is not every cluster',
    wished: { clusters: [] },
    there: {},
    changes: ['policy.clusters: none > no cluster'],
  },
])('$says', ({ wished, there, changes }) => {
  const rows = policyRows(wished, { ...none, ...there } as EndpointPolicy)
  expect(compare(rows).map(({ field, before, after }) => `${field}: ${before} > ${after}`)).toEqual(changes)
})
