import { describe, expect, test } from 'vitest'
import type { Made, MemberRole, Seen } from '../../engines/engine.ts'
import { type Change, type KnownMember, lookAgain, nextStep, type Want } from './next-step.ts'

const east = { provider: 'AWS', region: 'US_EAST_1' } as const
const west = { provider: 'AWS', region: 'US_WEST_2' } as const

const member = (position: number, role: string = position === 0 ? 'primary' : 'secondary'): KnownMember => ({
  id: `m${position}`,
  hostPort: `h:${position}`,
  role,
  position,
  ...(position === 2 ? west : east),
})

const creating: Want = {
  deleteRequested: false,
  state: 'CREATING',
  engine: 'sandbox',
  paused: false,
  places: [east, east, west],
  members: [],
  setName: null,
  version: null,
  error: null,
  hiddenUnknown: null,
}
const standing: Want = {
  ...creating,
  state: 'IDLE',
  members: [member(0), member(1), member(2)],
  setName: 'rs',
  version: '8.0.4',
}

const madeAt = (...hosts: string[]): Made => ({ hosts, members: hosts.length, paused: false, revision: 0 })
const made = madeAt('h:0', 'h:1', 'h:2')
const set = (roles: Readonly<Record<string, MemberRole>>, hasPrimary = true): Seen => ({
  kind: 'replicaSet',
  setName: 'rs',
  hasPrimary,
  hidden: null,
  version: '8.0.4',
  members: Object.entries(roles).map(([hostPort, role]) => ({ hostPort, role })),
})
const healthy = set({ 'h:0': 'primary', 'h:1': 'secondary', 'h:2': 'secondary' })
const down: Seen = { kind: 'unreachable', reason: 'h:0: ECONNREFUSED' }

const nothing: Change = {
  state: 'IDLE',
  setName: 'rs',
  version: '8.0.4',
  error: null,
  hiddenUnknown: null,
  add: [],
  update: [],
  remove: [],
}
const allUnknown = [east, east, west].map((place, at) => ({
  id: `m${at}`,
  hostPort: `h:${at}`,
  role: 'unknown' as const,
  ...place,
}))
const record = (change: Partial<Change>) => ({ do: 'record', change: { ...nothing, ...change } })
const soon = { do: 'wait', afterMs: lookAgain.creating }
const later = { do: 'wait', afterMs: lookAgain.standing }

describe('a cluster that is being made', () => {
  test.each([
    { says: 'is asked for first', look: { made: null, seen: null }, step: { do: 'ensure' } },
    { says: 'waits while nobody answers', look: { made, seen: down }, step: soon },
    {
      says: 'waits for a primary',
      look: { made, seen: set({ 'h:0': 'secondary', 'h:1': 'secondary', 'h:2': 'secondary' }, false) },
      step: soon,
    },
    {
      says: 'waits for the last member',
      look: { made, seen: set({ 'h:0': 'primary', 'h:1': 'secondary' }) },
      step: soon,
    },
    {
      says: 'waits for a member that is listed and silent',
      look: { made, seen: set({ 'h:0': 'primary', 'h:1': 'secondary', 'h:2': 'unknown' }) },
      step: soon,
    },
    {
      says: 'becomes IDLE with each member in its region, in order',
      look: { made, seen: set({ 'h:2': 'secondary', 'h:0': 'primary', 'h:1': 'secondary' }) },
      step: record({
        add: [
          { hostPort: 'h:2', role: 'secondary', position: 2, ...west },
          { hostPort: 'h:0', role: 'primary', position: 0, ...east },
          { hostPort: 'h:1', role: 'secondary', position: 1, ...east },
        ],
      }),
    },
  ])('$says', ({ look, step }) => expect(nextStep(creating, look)).toEqual(step))

  test('a registered deployment may have a silent member from the beginning', () => {
    const seen = set({ 'h:0': 'primary', 'h:1': 'unknown' })
    const step = nextStep({ ...creating, engine: 'registered', places: [east] }, { made: madeAt('h:0'), seen })
    expect(step).toEqual(
      record({
        add: [
          { hostPort: 'h:0', role: 'primary', position: 0, ...east },
          { hostPort: 'h:1', role: 'unknown', position: 1, ...east },
        ],
      }),
    )
  })
})

describe('a cluster that stands', () => {
  test.each([
    { says: 'and is as it was: look again later', seen: healthy, step: later },
    { says: 'asks the engine anew after a restart', seen: null, step: { do: 'ensure' }, made: null },
    {
      says: 'a failover changes two roles',
      seen: set({ 'h:0': 'secondary', 'h:1': 'primary', 'h:2': 'secondary' }),
      step: record({
        update: [
          { id: 'm0', hostPort: 'h:0', role: 'secondary', ...east },
          { id: 'm1', hostPort: 'h:1', role: 'primary', ...east },
        ],
      }),
    },
    {
      says: 'a member that is silent is unknown and stays',
      seen: set({ 'h:0': 'primary', 'h:1': 'secondary', 'h:2': 'unknown' }),
      step: record({ update: [{ id: 'm2', hostPort: 'h:2', role: 'unknown', ...west }] }),
    },
    {
      says: 'a member that the primary does not list is gone',
      seen: set({ 'h:0': 'primary', 'h:1': 'secondary' }),
      step: record({ remove: ['m2'] }),
    },
    {
      says: 'without a primary nobody is dropped',
      seen: set({ 'h:0': 'secondary', 'h:1': 'secondary' }, false),
      step: record({ update: [{ id: 'm0', hostPort: 'h:0', role: 'secondary', ...east }] }),
    },
    {
      says: 'a further member comes after the others, in the last region',
      seen: set({ 'h:0': 'primary', 'h:1': 'secondary', 'h:2': 'secondary', 'h:9': 'secondary' }),
      step: record({ add: [{ hostPort: 'h:9', role: 'secondary', position: 3, ...west }] }),
    },
    {
      says: 'a member on another port at its place keeps its id',
      made: madeAt('h:0', 'h:7', 'h:2'),
      seen: set({ 'h:0': 'primary', 'h:7': 'secondary', 'h:2': 'secondary' }),
      step: record({ update: [{ id: 'm1', hostPort: 'h:7', role: 'secondary', ...east }] }),
    },
    {
      says: 'unreachable: IDLE and its members stay, the reason is kept',
      seen: down,
      step: record({
        error: 'h:0: ECONNREFUSED',
        update: allUnknown,
      }),
    },
    {
      says: 'no longer a replica set: said, and nothing lost',
      seen: { kind: 'standalone', version: '8.0.4' },
      step: record({
        error: 'the deployment is no longer a replica set',
        update: allUnknown,
      }),
    },
    {
      says: 'a member at a metadata address is not taken in',
      seen: set({ 'h:0': 'primary', 'h:1': 'secondary', 'h:2': 'secondary', '169.254.169.254:80': 'unknown' }),
      step: later,
    },
    { says: 'a version that was not told this time stays', seen: { ...healthy, version: null }, step: later },
  ] as const)('$says', (row) => {
    const madeNow = 'made' in row ? row.made : made
    expect(nextStep(standing, { made: madeNow, seen: row.seen as Seen | null })).toEqual(row.step)
  })

  test('the same reason again is no change', () => {
    const members = [member(0, 'unknown')]
    expect(nextStep({ ...standing, members, error: 'h:0: ECONNREFUSED' }, { made, seen: down })).toEqual({
      do: 'wait',
      afterMs: lookAgain.silent,
    })
  })

  test('an answer clears the error', () => {
    expect(nextStep({ ...standing, error: 'h:0: ECONNREFUSED' }, { made, seen: healthy })).toEqual(record({}))
  })

  describe('a member of the user’s own set', () => {
    const own = { ...standing, engine: 'registered', places: [east] } as const
    test('that is elsewhere, the only one that came where one went, keeps its place', () => {
      const seen = set({ 'h:0': 'primary', 'h:1': 'secondary', 'h:9': 'unknown' })
      expect(nextStep(own, { made: madeAt('h:0'), seen })).toEqual(
        record({ update: [{ id: 'm2', hostPort: 'h:9', role: 'unknown', ...west }] }),
      )
    })

    const apart = { ...own, members: [member(0), member(1, 'delayed'), member(2, 'hidden')] }
    test.each([
      { says: 'lags behind still', roles: { 'h:0': 'primary', 'h:1': 'passive' }, change: {} },
      { says: 'lags behind also where it is silent', roles: { 'h:0': 'primary', 'h:1': 'unknown' }, change: {} },
      {
        says: 'leads, so that it lags behind no more',
        roles: { 'h:0': 'secondary', 'h:1': 'primary' },
        change: {
          update: [
            { id: 'm0', hostPort: 'h:0', role: 'secondary', ...east },
            { id: 'm1', hostPort: 'h:1', role: 'primary', ...east },
          ],
        },
      },
      {
        says: 'is hidden still, and no other one that came',
        roles: { 'h:0': 'primary', 'h:1': 'passive', 'h:9': 'secondary' },
        change: { add: [{ hostPort: 'h:9', role: 'secondary', position: 3, ...east }] },
      },
    ] as const)('$says, while the configuration is not known', ({ roles, change }) => {
      for (const hidden of ['NOT_TOLD', 'UNREAD'] as const) {
        const seen = { ...set(roles), hidden } as Seen
        const step = nextStep({ ...apart, hiddenUnknown: hidden }, { made: madeAt('h:0'), seen })
        expect(step).toEqual(Object.keys(change).length === 0 ? later : record({ hiddenUnknown: hidden, ...change }))
      }
    })

    test('leaves, or moves, where whoever read the configuration no longer may', () => {
      const refused = { ...apart, hiddenUnknown: 'NOT_TOLD' } as const
      const at = (roles: Readonly<Record<string, MemberRole>>, hidden: 'NOT_TOLD' | 'UNREAD' = 'NOT_TOLD') =>
        nextStep(
          { ...refused, hiddenUnknown: hidden },
          { made: madeAt('h:0'), seen: { ...set(roles), hidden } as Seen },
        )
      const is = (change: Partial<Change>) => record({ hiddenUnknown: 'NOT_TOLD', ...change })
      expect(at({ 'h:0': 'primary' })).toEqual(is({ remove: ['m1'] }))
      expect(at({ 'h:0': 'primary', 'h:9': 'passive' })).toEqual(
        is({ update: [{ id: 'm1', hostPort: 'h:9', role: 'delayed', ...east }] }),
      )
      expect(at({ 'h:0': 'primary' }, 'UNREAD')).toEqual(later)
    })

    test.each([null, 'UNREAD', 'NOT_TOLD'] as const)(
      'is told of as the primary says, %s, and by nobody else',
      (hidden) => {
        const told = hidden === null ? 'UNREAD' : null
        const want = { ...own, hiddenUnknown: told } as const
        const roles = { 'h:0': 'primary', 'h:1': 'secondary', 'h:2': 'secondary' } as const
        const at = (hasPrimary: boolean) =>
          nextStep(want, { made: madeAt('h:0'), seen: { ...set(roles, hasPrimary), hidden } as Seen })
        expect(at(true)).toEqual(record({ hiddenUnknown: hidden }))
        expect(at(false)).toEqual(later)
        expect(nextStep(want, { made: madeAt('h:0'), seen: down })).toMatchObject({ change: { hiddenUnknown: told } })
      },
    )

    test('that was hidden or lagged behind does no more, as the configuration says', () => {
      const seen = set({ 'h:0': 'primary', 'h:1': 'secondary' })
      expect(nextStep(apart, { made: madeAt('h:0'), seen })).toEqual(
        record({ update: [{ id: 'm1', hostPort: 'h:1', role: 'secondary', ...east }], remove: ['m2'] }),
      )
    })

    test.each([
      { says: 'two that came where two went are new ones', members: ['h:0', 'h:8', 'h:9'], gone: ['m1', 'm2'] },
      { says: 'without a primary nobody has gone', members: ['h:1', 'h:2', 'h:9'], gone: [], primary: false },
    ])('$says', ({ members, gone, primary = true }) => {
      const roles = members.map((host, at) => [host, primary && at === 0 ? 'primary' : 'secondary'] as const)
      const step = nextStep(own, { made: madeAt('h:0'), seen: set(Object.fromEntries(roles), primary) })
      expect(step).toMatchObject({ do: 'record', change: { remove: gone } })
      if (step.do === 'record') expect(step.change.add.map(({ hostPort }) => hostPort)).toContain('h:9')
    })
  })

  test('routers come and go as they answer, and have no set', () => {
    const want = {
      ...standing,
      engine: 'registered',
      setName: null,
      places: [east],
      members: [member(0, 'mongos')],
    } as const
    const seen: Seen = {
      kind: 'routers',
      version: '8.0.4',
      members: [
        { hostPort: 'h:0', role: 'mongos' },
        { hostPort: 'h:1', role: 'unknown' },
      ],
    }
    expect(nextStep(want, { made: madeAt('h:0'), seen })).toEqual(
      record({ setName: null, add: [{ hostPort: 'h:1', role: 'unknown', position: 1, ...east }] }),
    )
  })
})

describe('a cluster that is to be otherwise', () => {
  const grown = { ...standing, state: 'UPDATING', places: [east, east, west, west] } as const
  const paused = { ...standing, state: 'UPDATING', paused: true } as const
  const pausedMade: Made = { ...made, paused: true }
  test.each([
    { says: 'more members: the engine is asked', want: grown, look: { made, seen: healthy }, step: { do: 'ensure' } },
    {
      says: 'more members: UPDATING until the new one has answered',
      want: grown,
      look: { made: madeAt('h:0', 'h:1', 'h:2', 'h:3'), seen: healthy },
      step: soon,
    },
    {
      says: 'more members: IDLE with the new one in its region',
      want: grown,
      look: {
        made: madeAt('h:0', 'h:1', 'h:2', 'h:3'),
        seen: set({ 'h:0': 'primary', 'h:1': 'secondary', 'h:2': 'secondary', 'h:3': 'secondary' }),
      },
      step: record({ add: [{ hostPort: 'h:3', role: 'secondary', position: 3, ...west }] }),
    },
    {
      says: 'fewer members: IDLE without those that left',
      want: { ...standing, state: 'UPDATING', places: [east] } as const,
      look: { made: madeAt('h:0'), seen: set({ 'h:0': 'primary' }) },
      step: record({ remove: ['m1', 'm2'] }),
    },
    {
      says: 'another region: members move there, nothing is asked of the engine',
      want: { ...standing, state: 'UPDATING', places: [east, west, west] } as const,
      look: { made, seen: healthy },
      step: record({ update: [{ id: 'm1', hostPort: 'h:1', role: 'secondary', ...west }] }),
    },
    {
      says: 'nothing that its members know of: IDLE at once',
      want: { ...standing, state: 'UPDATING' } as const,
      look: { made, seen: healthy },
      step: record({}),
    },
    { says: 'paused: the engine is asked', want: paused, look: { made, seen: healthy }, step: { do: 'ensure' } },
    {
      says: 'paused: IDLE, its members silent, and that is no error',
      want: paused,
      look: { made: pausedMade, seen: null },
      step: record({ update: allUnknown as Change['update'] }),
    },
    {
      says: 'paused, and told: nothing to do',
      want: { ...paused, state: 'IDLE', members: [member(0, 'unknown')] } as const,
      look: { made: pausedMade, seen: null },
      step: later,
    },
    {
      says: 'resumed: the engine is asked',
      want: { ...standing, state: 'UPDATING' } as const,
      look: { made: pausedMade, seen: null },
      step: { do: 'ensure' },
    },
    {
      says: 'resumed: UPDATING until it has a primary',
      want: { ...standing, state: 'UPDATING' } as const,
      look: { made, seen: set({ 'h:0': 'secondary', 'h:1': 'secondary', 'h:2': 'secondary' }, false) },
      step: soon,
    },
  ])('$says', ({ want, look, step }) => expect(nextStep(want, look)).toEqual(step))
})

test.each(['CREATING', 'IDLE', 'UPDATING'] as const)('deletion comes first, from %s too', (state) => {
  expect(nextStep({ ...standing, state, deleteRequested: true }, { made: null, seen: null })).toEqual({ do: 'remove' })
})
