import { noPolicy } from '@postern/contract/endpoint-policy'
import { describe, expect, test } from 'vitest'
import { fieldsOf, type Policy, policyFacts, policyOf, whatEnds } from './policy.ts'

const none = noPolicy as Policy
const pem = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n'
const app = { username: 'app@shop', databaseName: 'admin' }
const strict: Policy = {
  clusters: ['Shop'],
  minimumTls: 'TLS1_3',
  idleSeconds: 300,
  databaseUsers: [app, { username: 'CN=app', databaseName: '$external' }],
  clientCa: pem,
  clientNames: ['CN=app,O=Shop', 'app.test'],
  readOnly: true,
  maxSnapshotAgeSeconds: 600,
}

test.each([
  { says: 'one that forbids nothing', policy: none },
  { says: 'one with every rule', policy: strict },
  { says: 'one that lets nobody in', policy: { ...none, clusters: [], databaseUsers: [] } },
])('$says is the same after it was in a form', ({ policy }) => {
  expect(policyOf(fieldsOf(policy))).toEqual(policy)
})

test.each([{ idleSeconds: 'soon' }, { maxSnapshotAgeSeconds: '-1' }, { idleSeconds: '1.5' }])(
  '%j is no number',
  (typed) => {
    expect(policyOf({ ...fieldsOf(none), ...typed })).toBeUndefined()
  },
)

test('what was chosen stays chosen while all is chosen instead', () => {
  expect(policyOf({ ...fieldsOf(strict), someClusters: false, someUsers: false })).toMatchObject({
    clusters: null,
    databaseUsers: null,
  })
})

test('each rule is told, also where it forbids nothing', () => {
  expect(policyFacts(none).map(([, told]) => told)).toEqual([
    'Every one of the project',
    'None is asked for',
    'Whoever the cluster knows',
    'None is asked for',
    'Reads and writes',
    'As each gateway is set',
    expect.stringMatching(/^Of any age/),
  ])
  expect(policyFacts(strict).map(([, told]) => told)).toEqual([
    'Shop',
    'TLS 1.3',
    'app@shop@admin, CN=app@$external',
    'Of one authority, called CN=app,O=Shop; app.test',
    'Reads only',
    '300 s',
    expect.stringMatching(/^600 s/),
  ])
})

describe('what a change ends', () => {
  test.each<{ says: string; before?: Partial<Policy>; after: Partial<Policy>; ends: readonly RegExp[] }>([
    { says: 'nothing is changed', before: strict, after: strict, ends: [] },
    { says: 'read-only from now on', after: { readOnly: true }, ends: [/^Every connection/] },
    { says: 'not read-only any more', before: { readOnly: true }, after: {}, ends: [/^Every connection/] },
    {
      says: 'other users',
      before: { databaseUsers: [] },
      after: { databaseUsers: [app] },
      ends: [/^Every connection/],
    },
    { says: 'fewer clusters', after: { clusters: ['Shop'] }, ends: [/^Connections to Bank, Till;/] },
    { says: 'more clusters', before: { clusters: [] }, after: { clusters: ['Shop'] }, ends: [] },
    { says: 'TLS is asked for', after: { minimumTls: 'TLS1_2' }, ends: [/older version than TLS 1.2/, /without TLS/] },
    { says: 'a newer TLS', before: { minimumTls: 'TLS1_2' }, after: { minimumTls: 'TLS1_3' }, ends: [/TLS 1.3/] },
    { says: 'an older TLS too', before: { minimumTls: 'TLS1_3' }, after: { minimumTls: 'TLS1_2' }, ends: [] },
    { says: 'no TLS', before: { minimumTls: 'TLS1_3' }, after: {}, ends: [/^TLS at an endpoint/] },
    { says: 'certificates are asked for', after: { clientCa: pem }, ends: [/did not show a certificate/] },
    { says: 'they are not any more', before: { clientCa: pem }, after: {}, ends: [] },
    { says: 'silence', after: { idleSeconds: 60 }, ends: [/silent for 60 s/] },
    { says: 'as much silence as the gateway allows', before: { idleSeconds: 60 }, after: {}, ends: [] },
    { says: 'an age', after: { maxSnapshotAgeSeconds: 600 }, ends: [/heard nothing for 600 s/] },
  ])('$says', ({ before = {}, after, ends }) => {
    const told = whatEnds({ ...none, ...before }, { ...none, ...after }, ['Bank', 'Shop', 'Till'])
    expect(told).toEqual(ends.map((end) => expect.stringMatching(end)))
  })
})
