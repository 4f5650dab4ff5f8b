import { createPrivateKey } from 'node:crypto'
import { beforeAll, expect, test } from 'vitest'
import { type Authority, createAuthority } from '../gateway/testing/certificates.ts'
import { isDue, judgeCertificate, subjectsOf } from './judge.ts'

let authority: Authority
let own: { readonly key: string; readonly cert: string }
let wild: { readonly key: string; readonly cert: string }
const inItsTime = Date.UTC(2050, 0, 1)
beforeAll(async () => {
  authority = await createAuthority()
  own = await authority.issue(['pl-0.test.internal', 'old-pl-0.test.internal', '127.64.0.1'])
  wild = await authority.issue(['*.test.internal'])
})

test.each([
  { says: 'of the key, for the names, in its time', names: ['pl-0.test.internal', 'old-pl-0.test.internal'] },
  {
    says: 'for the addresses that are dialled',
    names: ['pl-0.test.internal'],
    addresses: ['127.64.0.1'],
  },
  {
    says: 'a chain: its first certificate counts',
    names: ['pl-0.test.internal'],
    chain: () => `${own.cert}\n${wild.cert}`,
  },
])('good: $says', ({ names, addresses = [], chain }) => {
  const key = createPrivateKey(own.key)
  expect(judgeCertificate(chain?.() ?? own.cert, { names, addresses, key, now: inItsTime })).toEqual({
    good: true,
    from: Date.UTC(2020, 0, 1),
    to: Date.UTC(2120, 0, 1),
  })
})

test('good: a wildcard for the names beneath it', () => {
  const key = createPrivateKey(wild.key)
  expect(judgeCertificate(wild.cert, { names: ['pl-7.test.internal'], addresses: [], key, now: inItsTime }).good).toBe(
    true,
  )
})

test.each([
  { says: 'text that is none', chain: () => 'hello', reason: 'no certificate in PEM' },
  { says: 'one of another key', chain: () => wild.cert, reason: 'not of the key that is held' },
  { says: 'one that lacks a name', names: ['pl-1.test.internal'], reason: 'not for pl-1.test.internal' },
  {
    says: 'one that lacks an address',
    names: ['pl-0.test.internal'],
    addresses: ['127.64.0.1', '127.64.0.2', '::1'],
    reason: 'not for 127.64.0.2, ::1',
  },
  { says: 'one that is not yet valid', now: Date.UTC(2019, 0, 1), reason: 'valid only from' },
  { says: 'one that is over', now: Date.UTC(2121, 0, 1), reason: 'expired on' },
])('no good: $says', ({ chain, names = [], addresses = [], now = inItsTime, reason }) => {
  const verdict = judgeCertificate(chain?.() ?? own.cert, { names, addresses, key: createPrivateKey(own.key), now })
  expect(verdict).toMatchObject({ good: false, reason: expect.stringContaining(reason) })
})

test.each<{ says: string; byAddress: boolean; hosts: readonly string[]; addresses: readonly string[] }>([
  { says: 'of members at one address', byAddress: true, hosts: ['127.0.0.5', '127.0.0.5'], addresses: ['127.0.0.5'] },
  { says: 'of two', byAddress: true, hosts: ['127.0.0.5', '::1'], addresses: ['127.0.0.5', '::1'] },
  { says: 'of a host with a name', byAddress: true, hosts: ['host.internal'], addresses: [] },
  { says: 'of an endpoint in name form', byAddress: false, hosts: ['a.test.internal'], addresses: [] },
])('addresses that are dialled, $says', ({ byAddress, hosts, addresses }) => {
  const advertised = Object.fromEntries(hosts.map((host, n) => [`m${n}`, { host, port: 1024 + n }]))
  expect(subjectsOf({ names: ['a.test.internal'], byAddress, advertised })).toEqual({
    names: ['a.test.internal'],
    addresses,
  })
})

test.each([
  { says: 'fresh', now: 10, due: false },
  { says: 'just before its last third', now: 59, due: false },
  { says: 'in its last third', now: 60, due: true },
  { says: 'over', now: 1_000, due: true },
])('to be renewed: $says', ({ now, due }) => {
  expect(isDue({ from: 0, to: 90 }, now)).toBe(due)
})
