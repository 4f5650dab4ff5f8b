import { describe, expect, test } from 'vitest'
import { allocatePorts, type MemberPort, type ServiceNeed } from './allocate.ts'

const range = { from: 40_000, to: 40_003 }
const place = (serviceId: string, memberId: string, slot: number, gatewayPort: number): MemberPort => ({
  serviceId,
  memberId,
  slot,
  servicePort: 1024 + slot,
  gatewayPort,
})
/** Ids that begin with `cluster` are those of sharded clusters. */
const need = (serviceId: string, memberIds: readonly string[], limit = 50, nextSlot = 0): ServiceNeed => ({
  serviceId,
  limit,
  nextSlot,
  memberIds,
  clusterIds: new Set(memberIds.filter((id) => id.startsWith('cluster'))),
})

interface Row {
  readonly says: string
  readonly needs: readonly ServiceNeed[]
  readonly taken: readonly MemberPort[]
  readonly added: readonly MemberPort[]
  readonly givenUp?: readonly string[]
  readonly unserved?: readonly string[]
}

const rows: readonly Row[] = [
  {
    says: 'the first members get slots and ports from the beginning',
    needs: [need('s', ['a', 'b'])],
    taken: [],
    added: [place('s', 'a', 0, 40_000), place('s', 'b', 1, 40_001)],
  },
  {
    says: 'who has a place keeps it, whatever the order is now',
    needs: [need('s', ['b', 'a'])],
    taken: [place('s', 'a', 0, 40_000), place('s', 'b', 1, 40_001)],
    added: [],
  },
  {
    says: 'a new member gets the next free slot and the lowest free port',
    needs: [need('s', ['a', 'c', 'd'])],
    taken: [place('s', 'a', 1, 40_001)],
    added: [place('s', 'c', 0, 40_000), place('s', 'd', 2, 40_002)],
  },
  {
    says: 'the slot of a member that went is not given to the next one, while there are others',
    needs: [need('s', ['b'], 50, 1)],
    taken: [],
    added: [place('s', 'b', 1, 40_000)],
  },
  {
    says: 'after the last slot the search begins again at the first',
    needs: [need('s', ['a', 'b', 'c'], 3, 2)],
    taken: [place('s', 'a', 1, 40_001)],
    added: [place('s', 'b', 2, 40_000), place('s', 'c', 0, 40_002)],
  },
  {
    says: 'two services: slots are each service’s own, gateway ports are nobody’s twice',
    needs: [need('s', ['a']), need('t', ['a'])],
    taken: [],
    added: [place('s', 'a', 0, 40_000), place('t', 'a', 0, 40_001)],
  },
  {
    says: 'ports of services that need nothing now are taken all the same',
    needs: [need('s', ['a'])],
    taken: [place('gone', 'x', 0, 40_000)],
    added: [place('s', 'a', 0, 40_001)],
  },
  {
    says: 'beyond the targets of the service: none, and why',
    needs: [need('s', ['a', 'b', 'c'], 2)],
    taken: [place('s', 'a', 0, 40_000)],
    added: [place('s', 'b', 1, 40_001)],
    unserved: ['c: the private endpoint service has 2 addressable targets, and all are taken'],
  },
  {
    says: 'a member that finds no target gets that of a sharded cluster, with its port',
    needs: [need('s', ['a', 'b', 'cluster-1'], 2)],
    taken: [place('s', 'a', 0, 40_000), place('s', 'cluster-1', 1, 40_001)],
    added: [place('s', 'b', 1, 40_001)],
    givenUp: ['cluster-1'],
    unserved: ['cluster-1: the private endpoint service has 2 addressable targets, and all are taken'],
  },
  {
    says: 'a cluster’s own place takes none from anybody',
    needs: [need('s', ['a', 'cluster-1', 'cluster-2'], 2)],
    taken: [place('s', 'a', 0, 40_000), place('s', 'cluster-1', 1, 40_001)],
    added: [],
    unserved: ['cluster-2: the private endpoint service has 2 addressable targets, and all are taken'],
  },
  {
    says: 'beyond the gateway’s ports: none, and why',
    needs: [need('s', ['a', 'b'])],
    taken: [0, 1, 2].map((slot) => place('t', `m${slot}`, slot, 40_000 + slot)),
    added: [place('s', 'a', 0, 40_003)],
    unserved: ['b: the gateway’s ports 40000 to 40003 are used up'.replace('’', "'")],
  },
]

describe('places of members behind services', () => {
  test.each(rows)('$says', ({ needs, taken, added, givenUp = [], unserved = [] }) => {
    const answer = allocatePorts(needs, taken, range)
    expect(answer.added).toEqual(added)
    expect(answer.givenUp.map(({ memberId }) => memberId)).toEqual(givenUp)
    expect(answer.unserved.map(({ memberId, reason }) => `${memberId}: ${reason}`)).toEqual(unserved)
  })
})
