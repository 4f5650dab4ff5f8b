// The gateway's own suites once more, over a crew of two: what they promise holds however many move the bytes.

import { describe } from 'vitest'
import { crewOf } from '../testing/doors.ts'

crewOf(2)
describe('limits', async () => void (await import('../limits.test.ts')))
describe('connections', async () => void (await import('../connection.test.ts')))
describe('a member that is gone', async () => void (await import('../member-gone.test.ts')))
