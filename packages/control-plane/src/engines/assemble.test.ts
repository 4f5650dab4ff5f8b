import { describe, expect, test } from 'vitest'
import { assemble } from './assemble.ts'
import type { MemberWord } from './member-client.ts'
import type { SetConfig } from './set-config.ts'

const word = (type: MemberWord['type'], more: Partial<MemberWord> = {}): MemberWord => ({
  type,
  setName: null,
  setVersion: null,
  electionId: null,
  maxWireVersion: 25,
  hosts: [],
  passives: [],
  arbiters: [],
  me: null,
  apart: null,
  error: null,
  ...more,
})
const inSet = (type: MemberWord['type'], more: Partial<MemberWord> = {}) =>
  word(type, { setName: 'rs', hosts: ['a:1', 'b:2', 'c:3'], ...more })
const notTold: SetConfig = { members: [], unknown: 'NOT_TOLD' }
const from = (words: Readonly<Record<string, MemberWord>>, config = notTold) =>
  assemble({ words: new Map(Object.entries(words)), version: '8.0.4', config })
const rolesOf = (words: Readonly<Record<string, MemberWord>>, config?: SetConfig) => {
  const seen = from(words, config)
  return seen.kind === 'replicaSet'
    ? Object.fromEntries(seen.members.map(({ hostPort, role }) => [hostPort, role]))
    : seen
}

describe('a replica set from what its members say', () => {
  test.each([
    {
      says: 'each member by its own word',
      words: { 'a:1': inSet('primary'), 'b:2': inSet('secondary'), 'c:3': inSet('secondary') },
      roles: { 'a:1': 'primary', 'b:2': 'secondary', 'c:3': 'secondary' },
    },
    {
      says: 'a member that is listed and silent is unknown',
      words: { 'a:1': inSet('primary'), 'b:2': word('unknown', { error: 'ECONNREFUSED' }) },
      roles: { 'a:1': 'primary', 'b:2': 'unknown', 'c:3': 'unknown' },
    },
    {
      says: 'passives and arbiters are members too',
      words: {
        'a:1': inSet('primary', { hosts: ['a:1'], passives: ['p:4'], arbiters: ['z:9'] }),
        'p:4': inSet('secondary'),
        'z:9': inSet('arbiter'),
      },
      roles: { 'a:1': 'primary', 'p:4': 'passive', 'z:9': 'arbiter' },
    },
    {
      says: 'an arbiter that is silent is an arbiter still',
      words: { 'a:1': inSet('primary', { hosts: ['a:1'], arbiters: ['z:9'] }) },
      roles: { 'a:1': 'primary', 'z:9': 'arbiter' },
    },
    {
      says: 'a seed by another name is found by what it calls itself',
      words: { 'seed.example.com:1': inSet('primary', { hosts: ['a:1'], me: 'a:1' }) },
      roles: { 'a:1': 'primary' },
    },
    {
      says: 'a member in recovery is unknown',
      words: { 'a:1': inSet('primary'), 'b:2': inSet('other'), 'c:3': inSet('secondary') },
      roles: { 'a:1': 'primary', 'b:2': 'unknown', 'c:3': 'secondary' },
    },
    {
      says: 'of two that claim to lead, one does',
      words: { 'a:1': inSet('primary'), 'b:2': inSet('primary'), 'c:3': inSet('secondary') },
      roles: { 'a:1': 'primary', 'b:2': 'secondary', 'c:3': 'secondary' },
    },
  ])('$says', ({ words, roles }) => expect(rolesOf(words)).toEqual(roles))

  const [first, later] = ['7fffffff0000000000000009', '7fffffff000000000000000a']
  const [until5, from6] = [13, 17]
  test.each<{ says: string; old: Partial<MemberWord>; newest: Partial<MemberWord> }>([
    { says: 'a later election', old: { electionId: first }, newest: { electionId: later } },
    { says: 'a newer configuration', old: { setVersion: 9 }, newest: { setVersion: 10 } },
    {
      says: 'since 6.0 the election first',
      old: { electionId: first, setVersion: 2 },
      newest: { electionId: later, setVersion: 1 },
    },
    {
      says: 'before 6.0 the configuration first',
      old: { maxWireVersion: until5, electionId: later, setVersion: 1 },
      newest: { maxWireVersion: until5, electionId: first, setVersion: 2 },
    },
    {
      says: 'before 6.0 of one configuration the later election',
      old: { maxWireVersion: until5, electionId: first, setVersion: 1 },
      newest: { maxWireVersion: until5, electionId: later, setVersion: 1 },
    },
    {
      says: 'in the midst of an upgrade to 6.0 the election first',
      old: { maxWireVersion: until5, electionId: first, setVersion: 2 },
      newest: { maxWireVersion: from6, electionId: later, setVersion: 1 },
    },
    {
      says: 'the other way round, too',
      old: { maxWireVersion: from6, electionId: first, setVersion: 2 },
      newest: { maxWireVersion: until5, electionId: later, setVersion: 1 },
    },
    { says: 'since 6.0 whoever tells it', old: { setVersion: 2 }, newest: { electionId: first, setVersion: 1 } },
  ])('of two that claim to lead, whoever is asked first: $says', ({ old, newest }) => {
    const stale = inSet('primary', { hosts: ['a:1', 'gone:9'], ...old })
    const leads = inSet('primary', { hosts: ['a:1', 'b:2'], ...newest })
    const roles = { 'a:1': 'secondary', 'b:2': 'primary' }
    expect(rolesOf({ 'a:1': stale, 'b:2': leads })).toEqual(roles)
    expect(rolesOf({ 'b:2': leads, 'a:1': stale })).toEqual(roles)
  })

  test('before 6.0 one that tells no election is not judged by it', () => {
    const word = (more: Partial<MemberWord>) => inSet('primary', { maxWireVersion: 13, setVersion: 1, ...more })
    expect(rolesOf({ 'a:1': word({}), 'b:2': word({ electionId: later }) })).toMatchObject({ 'a:1': 'primary' })
    expect(rolesOf({ 'b:2': word({ electionId: later }), 'a:1': word({}) })).toMatchObject({ 'b:2': 'primary' })
  })

  test('its configuration names who is hidden or lags behind, whatever they say and whether they say anything', () => {
    const config: SetConfig = {
      members: [
        { hostPort: 'a:1', role: null },
        { hostPort: 'b:2', role: null },
        { hostPort: 'c:3', role: 'delayed' },
        { hostPort: 'h:4', role: 'hidden' },
        { hostPort: 'h:5', role: 'hidden' },
      ],
      unknown: null,
    }
    const words = {
      'a:1': inSet('primary'),
      'b:2': inSet('secondary'),
      'c:3': inSet('secondary'),
      'h:4': inSet('other'),
    }
    const roles = { 'a:1': 'primary', 'b:2': 'secondary', 'c:3': 'delayed', 'h:4': 'hidden', 'h:5': 'hidden' }
    expect(rolesOf(words, config)).toEqual(roles)
    expect(from(words, config)).toMatchObject({ hidden: null })
    expect(from(words)).toMatchObject({ hidden: 'NOT_TOLD' })
  })

  test('where that is not known, they are what they say of themselves, and who left says nothing', () => {
    const words = {
      'a:1': inSet('primary', { hosts: ['a:1', 'b:2', 'c:3'] }),
      'b:2': inSet('secondary'),
      'c:3': inSet('secondary', { apart: 'delayed' }),
      'h:4': inSet('secondary', { apart: 'hidden' }),
      'seed:5': inSet('secondary', { apart: 'hidden', me: 'h:5' }),
      'gone:6': word('other'),
      'gone:7': inSet('secondary'),
    }
    const roles = { 'a:1': 'primary', 'b:2': 'secondary', 'c:3': 'delayed', 'h:4': 'hidden', 'h:5': 'hidden' }
    expect(rolesOf(words)).toEqual(roles)
    const known: SetConfig = { members: [{ hostPort: 'h:4', role: 'hidden' }], unknown: null }
    expect(rolesOf(words, known)).toEqual({ 'a:1': 'primary', 'b:2': 'secondary', 'c:3': 'secondary', 'h:4': 'hidden' })
  })

  test("the primary's list counts, not an old one", () => {
    const seen = from({ 'b:2': inSet('secondary'), 'a:1': inSet('primary', { hosts: ['a:1', 'b:2'] }) })
    expect(seen).toMatchObject({ kind: 'replicaSet', hasPrimary: true })
    expect(seen.kind === 'replicaSet' && seen.members).toHaveLength(2)
  })

  test('without a primary any list will do, and it says so', () => {
    const seen = from({ 'a:1': word('unknown'), 'b:2': inSet('secondary') })
    expect(seen).toMatchObject({ kind: 'replicaSet', setName: 'rs', hasPrimary: false, version: '8.0.4' })
  })
})

describe('what is no replica set', () => {
  test('routers are all that were named, answering or not', () => {
    expect(from({ 'a:1': word('mongos'), 'b:2': word('unknown', { error: 'down' }) })).toEqual({
      kind: 'routers',
      version: '8.0.4',
      members: [
        { hostPort: 'a:1', role: 'mongos' },
        { hostPort: 'b:2', role: 'unknown' },
      ],
    })
  })

  test('a standalone', () =>
    expect(from({ 'a:1': word('standalone') })).toEqual({ kind: 'standalone', version: '8.0.4' }))

  test("nobody answers: every member's own reason", () => {
    expect(from({ 'a:1': word('unknown', { error: 'ECONNREFUSED' }), 'b:2': word('other') })).toEqual({
      kind: 'unreachable',
      reason: 'a:1: ECONNREFUSED; b:2: answers as other',
    })
  })

  test('nobody is known', () => expect(from({})).toEqual({ kind: 'unreachable', reason: 'no member is known' }))
})
