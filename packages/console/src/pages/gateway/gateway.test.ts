import { describe, expect, test } from 'vitest'
import {
  type Edge,
  type Enrolment,
  enrolBlocked,
  forgetBlocked,
  programsTold,
  revokeBlocked,
  servesGroup,
  servesTold,
  sinceOf,
  snapshotsTold,
  startCommand,
  versionTold,
} from './gateway.ts'

const feed = (name: Edge['feeds'][number]['feed'], n: number, behind: number | null, failed = 0) => ({
  feed: name,
  epoch: 'e',
  n,
  behind,
  bound: 0,
  failed: Array.from({ length: failed }, () => ({ id: 'x', reason: 'in use' })),
  seen: '2026-01-01T00:00:00Z',
})
const serves = { programs: ['gateway' as const], orgIds: null, groupIds: null }
const identity = (over: object = {}, revoked: string | null = null): Edge['identity'] => ({
  proof: 'CERTIFICATE',
  keyHash: '',
  enrolled: '2026-01-01T00:00:00Z',
  revoked,
  serves: { ...serves, ...over },
})
const edge = (over: Partial<Edge> = {}): Edge => ({
  edge: 'gateway-1',
  state: 'LIVE',
  seen: '2026-01-01T00:00:00Z',
  identity: identity(),
  enrolment: null,
  dnsAddress: null,
  connections: 0,
  version: '0.1.0',
  versionIs: 'SAME',
  feeds: [],
  ...over,
})

test('what it runs is what it may run, or else what it reported of', () => {
  const feeds = [feed('dns', 1, 0), feed('gateway', 1, 0)]
  expect(programsTold(edge({ feeds }))).toBe('Gateway')
  expect(programsTold(edge({ feeds, identity: null }))).toBe('DNS server, Gateway')
  expect(programsTold(edge({ feeds: [], identity: null }))).toBe('—')
})

test.each([
  { of: null, told: 'Every project' },
  { of: null, seen: null, told: 'What its token is for' },
  { of: identity(), told: 'Every project' },
  { of: identity({ orgIds: ['o'] }), told: 'Every project of its organizations' },
  { of: identity({ orgIds: ['o'], groupIds: ['a', 'b'] }), told: 'Shop, b' },
])('it serves: $told', ({ of, seen = 'then', told }) => {
  expect(servesTold({ identity: of, seen }, new Map([['a', 'Shop']]))).toBe(told)
})

test.each([
  { says: 'a token that nobody used', of: null, here: true },
  { says: 'of everything', of: identity(), here: true },
  { says: 'of its organization', of: identity({ orgIds: ['o'] }), here: true },
  { says: 'of another organization', of: identity({ orgIds: ['p'] }), here: false },
  { says: 'of this project', of: identity({ orgIds: ['o'], groupIds: ['a', 'g'] }), here: true },
  { says: 'of other projects', of: identity({ orgIds: ['o'], groupIds: ['a'] }), here: false },
])('on the page of a project: $says', ({ of, here }) => {
  expect(servesGroup({ identity: of }, { groupId: 'g', orgId: 'o' })).toBe(here)
})

test.each<{ of: Partial<Edge>; words: string | undefined }>([
  { of: { state: 'LIVE' }, words: 'heard' },
  { of: { state: 'SILENT' }, words: 'silent since' },
  { of: { state: 'REVOKED', identity: identity({}, '2026-01-02T00:00:00Z') }, words: 'revoked' },
  { of: { state: 'EXPECTED', seen: null }, words: 'enrolled' },
  { of: { state: 'EXPECTED', seen: null, identity: null }, words: undefined },
])('its moment is when it was: $words', ({ of, words }) => {
  expect(sinceOf(edge(of))?.words).toBe(words)
})

test.each([
  { version: '0.1.0', versionIs: 'SAME' as const, told: 'Version 0.1.0' },
  { version: '0.0.9', versionIs: 'OLDER' as const, told: 'Version 0.0.9: older than the control plane; upgrade it' },
  { version: null, versionIs: 'OLDER' as const, told: 'Version not told: older than the control plane; upgrade it' },
  {
    version: '0.2.0',
    versionIs: 'NEWER' as const,
    told: 'Version 0.2.0: newer than the control plane, which is to be upgraded first',
  },
])('$version is told as: $told', ({ told, ...of }) => {
  expect(versionTold(of)).toBe(told)
})

test('how new each snapshot is that it holds, and what of it is not served', () => {
  const feeds = [feed('dns', 4, 0), feed('forwarder', 1, null), feed('gateway', 7, 2, 1)]
  expect(snapshotsTold({ feeds })).toEqual([
    'DNS server: 4, the newest',
    'Forwarder: none of this control plane yet',
    'Gateway: 7, 2 behind; 1 not served',
  ])
  const told = (failed: Edge['feeds'][number]['failed']) =>
    snapshotsTold({ feeds: [{ ...feed('gateway', 7, 0), failed }] })
  const warning = { id: 'POSTERN_GATEWAY_LISTENERS', reason: 'the listener waits' }
  const taken = { id: '40001', reason: 'in use' }
  expect(told([warning])).toEqual(['Gateway: 7, the newest; its file of listeners needs a look'])
  expect(told([warning, taken])).toEqual(['Gateway: 7, the newest; 1 not served; its file of listeners needs a look'])
  expect(told(null)).toEqual(['Gateway: 7, the newest; what it cannot serve is shown to its owners'])
})

describe('what can be done', () => {
  test.each<{ says: string; of: Partial<Edge>; revoke?: RegExp; forget?: RegExp }>([
    { says: 'one that runs', of: {}, forget: /would come again/ },
    { says: 'one that is silent', of: { state: 'SILENT' } },
    { says: 'one that was revoked', of: { state: 'REVOKED', identity: identity({}, 'then') }, revoke: /is revoked/ },
    { says: 'one by the shared token', of: { identity: null, state: 'SILENT' }, revoke: /never enrolled/ },
    { says: 'a token alone', of: { identity: null, enrolment: { expires: '' }, state: 'EXPECTED', seen: null } },
    { says: 'enrolled, never heard', of: { state: 'EXPECTED', seen: null }, forget: /revoke it first/ },
  ])('$says', ({ of, revoke, forget }) => {
    const blocked = [revokeBlocked(edge(of)) ?? '', forgetBlocked(edge(of)) ?? '']
    expect(blocked).toEqual([revoke, forget].map((each) => (each ? expect.stringMatching(each) : '')))
  })
})

test.each<{ says: string; over: Partial<Enrolment>; blocked?: RegExp }>([
  { says: 'a name and a program', over: {} },
  { says: 'no name', over: { edge: '' }, blocked: /^A name/ },
  { says: 'a name that is none', over: { edge: '-a' }, blocked: /^A name/ },
  { says: 'no program', over: { programs: [] }, blocked: /what it runs/ },
  { says: 'some projects, but none', over: { someProjects: true }, blocked: /a project/ },
  { says: 'some projects', over: { someProjects: true, groupIds: ['a'] } },
])('$says can be enrolled, or is told why not', ({ over, blocked }) => {
  const wish = { edge: 'gateway-1', programs: ['gateway'], someProjects: false, groupIds: [], minutes: '60', ...over }
  expect(enrolBlocked(wish) ?? '').toEqual(blocked ? expect.stringMatching(blocked) : '')
})

test.each([
  { programs: ['gateway'], ends: ['postern gateway'] },
  { programs: ['dns'], ends: ['postern dns'] },
  { programs: ['forwarder'], ends: ['POSTERN_EDGE_PROGRAMS=forwarder \\', 'postern edge'] },
  { programs: ['gateway', 'dns'], ends: ['POSTERN_EDGE_PROGRAMS=gateway,dns \\', 'postern edge'] },
])('$programs is started by what the machine is told', ({ programs, ends }) => {
  expect(startCommand('https://c.example.com', 'g', 'pet_1', programs).split('\n')).toEqual([
    'POSTERN_URL=https://c.example.com \\',
    'POSTERN_EDGE=g \\',
    'POSTERN_EDGE_ENROLMENT=pet_1 \\',
    ...ends,
  ])
})
