// The gateway's own suites once more, with the relay in the middle: what they promise holds whoever carries the bytes.

import { describe, test } from 'vitest'
import { joinBy } from '../testing/doors.ts'
import { relay, withoutRelay } from '../testing/relay.ts'

// It is built where there is a compiler; `withoutRelay`, the test's title, says what was missing here.
if (relay === null) test.skip(withoutRelay, () => {})
else {
  joinBy(relay)
  describe('faults', async () => void (await import('../faults.test.ts')))
  describe('a member that is gone', async () => void (await import('../member-gone.test.ts')))
  describe('live connections, and their end', async () => void (await import('../live.test.ts')))
  describe('limits', async () => void (await import('../limits.test.ts')))
  describe('connections', async () => void (await import('../connection.test.ts')))
  describe('its end in good order', async () => void (await import('../shutdown.test.ts')))
  describe('the gateway', async () => void (await import('../gateway.test.ts')))
}
