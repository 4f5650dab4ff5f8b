import { expect, test } from 'vitest'
import { createManualClock } from '../testing/manual-clock.ts'
import { createRateLimit } from './rate-limit.ts'

const limit = (capacity?: number) => {
  const clock = createManualClock()
  return { clock, rate: createRateLimit({ now: clock.now, perSecond: 2, ...(capacity && { capacity }) }) }
}

test('first answers, then "come by TCP", then silence; the next second starts anew', () => {
  const { clock, rate } = limit()
  const ask = () => rate.judge('192.0.2.1')
  expect([ask(), ask(), ask(), ask(), ask(), ask()]).toEqual([
    'answer',
    'answer',
    'truncate',
    'truncate',
    'drop',
    'drop',
  ])
  clock.advance(1000)
  expect(ask()).toBe('answer')
})

test.each([
  { one: '192.0.2.1', other: '192.0.2.200', shared: true },
  { one: '192.0.2.1', other: '192.0.3.1', shared: false },
  { one: '2001:db8:1:200::1', other: '2001:db8:1:2ff:1:2:3:4', shared: true },
  { one: '2001:db8:1:200::1', other: '2001:db8:1:300::1', shared: false },
  { one: '::1', other: '::2', shared: true },
  { one: '::ffff:192.0.2.1', other: '192.0.2.9', shared: true },
  { one: '::ffff:192.0.2.1', other: '::ffff:192.0.3.1', shared: false },
  { one: 'fe80::1%eth0', other: 'fe80::2%eth1', shared: true },
])('$one and $other share a count: $shared', ({ one, other, shared }) => {
  const { rate } = limit()
  rate.judge(one)
  rate.judge(one)
  expect(rate.judge(other)).toBe(shared ? 'truncate' : 'answer')
})

test('beyond its capacity the rest share one count, so memory stays bounded', () => {
  const { rate } = limit(1)
  const verdicts = ['192.0.2.1', '10.0.0.1', '10.0.1.1', '10.0.2.1', '192.0.2.1'].map((address) => rate.judge(address))
  expect(verdicts).toEqual(['answer', 'answer', 'answer', 'truncate', 'answer'])
})
