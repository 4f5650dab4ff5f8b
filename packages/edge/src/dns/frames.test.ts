import { expect, test } from 'vitest'
import { frame, takeMessages } from './frames.ts'

const two = Buffer.from('0003 616263 0001 64'.replaceAll(' ', ''), 'hex')

test.each(Array.from(two.keys()))('two messages cut at byte %i come out whole', (cut) => {
  const first = takeMessages(two.subarray(0, cut), 16)
  if (first.state !== 'open') throw new Error(first.reason)
  const second = takeMessages(Buffer.concat([first.rest, two.subarray(cut)]), 16)
  if (second.state !== 'open') throw new Error(second.reason)
  expect([...first.messages, ...second.messages].map(String)).toEqual(['abc', 'd'])
  expect(second.rest).toHaveLength(0)
})

test.each([
  { says: 'empty', bytes: '0000' },
  { says: 'too long, before its bytes have come', bytes: '0011' },
  { says: 'too long, behind a good one', bytes: '000161ffff' },
])('a message that is $says is refused', ({ bytes }) => {
  expect(takeMessages(Buffer.from(bytes, 'hex'), 16).state).toBe('refused')
})

test('a frame has its length in front', () => {
  expect(frame(Buffer.from('abc')).toString('hex')).toBe('0003616263')
})
