// A policy in a file is the whole of it: what it does not say is taken back; without one, what is there stays.

import { type EndpointPolicy, noPolicy } from '@postern/contract/endpoint-policy'
import { expect, test } from 'vitest'
import type { EndpointWish } from '../form.ts'
import { compare } from '../kind.ts'
import { policyRows } from './endpoint-policy.ts'

test.each<{ says: string; wished: EndpointWish['policy']; there: object; changes: readonly string[] }>([
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
    changes: ['policy.clusters: none > nothing is allowed'],
  },
  {
    says: 'a user of another authentication database',
    wished: { databaseUsers: [{ username: 'app', authSource: '$external' }], readOnly: true },
    there: { databaseUsers: [{ username: 'app', databaseName: 'admin' }] },
    changes: ['policy.databaseUsers: app@admin > app@$external', 'policy.readOnly: false > true'],
  },
])('$says', ({ wished, there, changes }) => {
  const rows = policyRows(wished, { ...noPolicy, ...there } as EndpointPolicy)
  expect(compare(rows).map(({ field, before, after }) => `${field}: ${before} > ${after}`)).toEqual(changes)
})
