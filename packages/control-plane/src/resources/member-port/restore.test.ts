import { expect, test } from 'vitest'
import { type LeftPort, restorePorts } from './restore.ts'

const left = (member: string, slot: number, gateway: number): LeftPort => ({
  member_id: member,
  cluster_id: null,
  slot,
  service_port: 1024 + slot,
  gateway_port: gateway,
})
const two = [left('m1', 0, 15_000), left('m2', 3, 15_001)]

test.each([
  { says: 'all as they were', alive: ['m1', 'm2'], taken: [], to: 15_009, ports: two },
  { says: 'a member that is gone has no place', alive: ['m2'], taken: [], to: 15_009, ports: [two[1]] },
  {
    says: 'a gateway port that was taken: the next that nobody has, the slot stays',
    alive: ['m1', 'm2'],
    taken: [15_000, 15_002],
    to: 15_009,
    ports: [left('m1', 0, 15_003), two[1]],
  },
  {
    says: 'both taken: two others',
    alive: ['m1', 'm2'],
    taken: [15_000, 15_001],
    to: 15_009,
    ports: [left('m1', 0, 15_002), left('m2', 3, 15_003)],
  },
  {
    says: 'what a member that is gone had is free for another',
    alive: ['m1'],
    taken: [15_000],
    to: 15_001,
    ports: [left('m1', 0, 15_001)],
  },
  {
    says: 'none left: it gets a place like a new one, when there is one',
    alive: ['m1'],
    taken: [15_000, 15_001],
    to: 15_001,
    ports: [],
  },
])('$says', ({ alive, taken, to, ports }) => {
  const world = { alive: new Set(alive), taken: new Set(taken), range: { from: 15_000, to } }
  expect(restorePorts(two, world)).toEqual(ports)
})
