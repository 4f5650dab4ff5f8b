import { expect, test } from 'vitest'
import { entryBody } from './entry.ts'

const now = new Date('2026-03-01T12:00:00Z')

test.each([
  {
    says: 'an address',
    fields: { address: ' 192.0.2.7 ', comment: '', life: '' },
    body: { ipAddress: '192.0.2.7' },
  },
  {
    says: 'a network, with what it is for',
    fields: { address: '198.51.100.0/24', comment: ' office ', life: '' },
    body: { cidrBlock: '198.51.100.0/24', comment: 'office' },
  },
  {
    says: 'for six hours',
    fields: { address: '2001:db8::1', comment: '', life: '6' },
    body: { ipAddress: '2001:db8::1', deleteAfterDate: '2026-03-01T18:00:00.000Z' },
  },
] as const)('$says', ({ fields, body }) => {
  expect(entryBody(fields, now)).toEqual(body)
})
