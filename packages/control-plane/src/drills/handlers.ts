// The door for test suites. Its operations are handed out only where the server was started for tests.

import type { Handlers } from '../http/handler.ts'
import type { Drills } from './drills.ts'

export const drillHandlers = (
  drills: Drills,
): Handlers<
  | 'listTestingFaults'
  | 'createTestingFault'
  | 'deleteTestingFaults'
  | 'deleteTestingFault'
  | 'advanceTestingClock'
  | 'keepTestingSeed'
  | 'resetTesting'
  | 'stopTesting'
> => ({
  listTestingFaults: async () => {
    const results = [...drills.faults()]
    return { body: { results, totalCount: results.length } }
  },
  createTestingFault: async ({ body }) => ({ body: await drills.setFault(body) }),
  deleteTestingFaults: async () => {
    await drills.clearFaults()
    return {}
  },
  deleteTestingFault: async ({ params: { faultId = '' } }) => {
    await drills.clearFault(faultId)
    return {}
  },
  advanceTestingClock: async ({ body: { ms } }) => ({
    body: { now: new Date(await drills.advance(ms)).toISOString() },
  }),
  keepTestingSeed: async () => {
    await drills.keepSeed()
    return {}
  },
  resetTesting: async () => {
    await drills.reset()
    return {}
  },
  // Answered first: whoever asks is told.
  stopTesting: async () => {
    setImmediate(drills.stop)
    return { body: {} }
  },
})
