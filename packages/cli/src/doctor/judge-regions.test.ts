import { expect, test } from 'vitest'
import type { Door } from './dial.ts'
import { regionsReached } from './judge-regions.ts'
import { door } from './road-facts.testing.ts'

const shut = (tcp: Door['tcp']): Door => door(0, { tcp, hello: null })
const near = { region: 'AWS US_EAST_1', doors: [door(0), door(1)] }
const far = (tcp: Door['tcp']) => ({ region: 'AWS EU_WEST_1', doors: [shut(tcp), shut(tcp)] })

test.each([
  { says: 'one region is no matrix', walks: [near], status: 'NOT_APPLICABLE' },
  { says: 'all are reached', walks: [near, { ...near, region: 'AWS EU_WEST_1' }], status: 'OK' },
  { says: 'one is cut off', walks: [near, far('TIMED_OUT')], status: 'FAILED' },
  { says: 'none is reached: that is no matter of regions', walks: [far('TIMED_OUT')], status: 'NOT_APPLICABLE' },
  { says: 'a refusal beside the edge is the edge’s', walks: [near, far('REFUSED')], status: 'OK' },
  { says: 'from elsewhere it is the network’s', walks: [near, far('REFUSED')], besideEdge: false, status: 'FAILED' },
])('$says', ({ walks, besideEdge = true, status }) => {
  const finding = regionsReached(walks, { besideEdge })
  expect(finding.status).toBe(status)
  if (status === 'FAILED') {
    expect(finding.found).toBe(
      'Not reached from here: AWS EU_WEST_1. Reached: AWS US_EAST_1 2 of 2 ports; AWS EU_WEST_1 0 of 2 ports.',
    )
  }
})
