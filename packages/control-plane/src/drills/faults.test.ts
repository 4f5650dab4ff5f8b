import { describe, expect, test } from 'vitest'
import { checkRegion, createFaults, messageOf, type NewFault, type Place } from './faults.ts'

const place: Place = { groupId: 'a', provider: 'AWS', region: 'US_EAST_1', cloudIds: ['vpce-1'] }
const rules = { ...place, provider: 'GCP', cloudIds: ['projects/p/regions/r/forwardingRules/app-0'] } as const
const created = () => {
  let n = 0
  return createFaults(() => String(++n))
}

describe('a fault applies', () => {
  const cases: readonly { says: string; fault: Omit<NewFault, 'name'>; at: Place; applies: boolean }[] = [
    { says: 'everywhere, where it names nothing', fault: {}, at: place, applies: true },
    { says: 'in its provider', fault: { provider: 'AWS' }, at: place, applies: true },
    { says: 'not in another provider', fault: { provider: 'GCP' }, at: place, applies: false },
    { says: 'not in another region', fault: { region: 'EU_WEST_1' }, at: place, applies: false },
    { says: 'in its region, in the cloud’s spelling', fault: { region: 'us-east-1' }, at: place, applies: true },
    {
      says: 'in the region that its cloud calls so, where two do',
      fault: { region: 'us-east1' },
      at: { ...rules, region: 'EASTERN_US' },
      applies: true,
    },
    { says: 'not in another project', fault: { groupId: 'b' }, at: place, applies: false },
    { says: 'to its endpoint, in any case', fault: { endpointId: 'VPCE-1' }, at: place, applies: true },
    { says: 'to what its id ends with', fault: { endpointId: 'app-0' }, at: rules, applies: true },
    { says: 'not to another endpoint', fault: { endpointId: 'vpce-2' }, at: place, applies: false },
    {
      says: 'not to a service, where it names an endpoint',
      fault: { endpointId: 'vpce-1' },
      at: { ...place, cloudIds: [] },
      applies: false,
    },
  ]
  test.each(cases)('$says: $applies', ({ fault, at, applies }) => {
    const faults = created()
    faults.set({ name: 'cloud-away', ...fault })
    expect(faults.strike(['cloud-away'], at) !== null).toBe(applies)
    expect(faults.list()).toMatchObject([{ struck: applies ? 1 : 0 }])
  })
})

test.each([
  { fault: { region: 'NOPE' }, says: 'No cloud has a region NOPE.' },
  { fault: { provider: 'AZURE', region: 'us-east-1' }, says: 'AZURE has no region us-east-1.' },
] as const)('a region that is none is refused: $says', ({ fault, says }) => {
  const fields = [{ field: 'region', description: says }]
  expect(() => checkRegion({ name: 'cloud-away', ...fault })).toThrow(
    expect.objectContaining({ code: 'INVALID_ATTRIBUTE', fields }),
  )
})

test('it happens as often as it was told to, then no more, and is still listed', () => {
  const faults = created()
  faults.set({ name: 'endpoint-refused', times: 2 })
  const strikes = [1, 2, 3].map(() => faults.strike(['endpoint-refused'], place) !== null)
  expect(strikes).toEqual([true, true, false])
  expect(faults.list()).toEqual([{ id: '1', name: 'endpoint-refused', times: 2, left: 0, struck: 2 }])
})

test('of those that are spent the newest hundred are listed; what still happens stays, however old', () => {
  const faults = created()
  faults.set({ name: 'cloud-away' })
  for (let n = 0; n < 150; n += 1) faults.set({ name: 'primary-steps-down', clusterName: `Cluster${n}` })
  const listed = faults.list()
  expect(listed).toHaveLength(101)
  expect([listed[0]?.name, listed[1]?.clusterName, listed.at(-1)?.clusterName]).toEqual([
    'cloud-away',
    'Cluster50',
    'Cluster149',
  ])
})

test('the oldest that applies goes first', () => {
  const faults = created()
  faults.set({ name: 'endpoint-refused', message: 'first' })
  faults.set({ name: 'endpoint-refused', message: 'second' })
  const told = [1, 2].map(() => faults.strike(['endpoint-refused'], place)?.message)
  expect(told).toEqual(['first', 'second'])
})

test('one that is only looked at does not count', () => {
  const faults = created()
  faults.set({ name: 'slow-cloud', ms: 5 })
  expect(faults.standing('slow-cloud', place)?.ms).toBe(5)
  expect(faults.list()).toMatchObject([{ left: null, struck: 0 }])
})

test('cleared, it is gone; an unknown one is named', () => {
  const faults = created()
  const { id } = faults.set({ name: 'cloud-away' })
  expect(faults.find(id)).toMatchObject({ name: 'cloud-away' })
  faults.clear(id)
  expect(faults.strike(['cloud-away'], place)).toBeNull()
  expect(() => faults.find(id)).toThrow(/No fault with ID 1 is set/)
})

test('what the cloud says is its own sentence, or the one that was given', () => {
  expect(messageOf({ name: 'cloud-away' })).toBe('The cloud does not answer.')
  expect(messageOf({ name: 'cloud-away', message: 'Out.' })).toBe('Out.')
})
