import { ApiError } from '@postern/contract/client'
import { expect, test } from 'vitest'
import { fieldError } from './field-error.ts'

const refused = new ApiError(400, {
  detail: 'Invalid.',
  badRequestDetail: {
    fields: [{ field: 'replicationSpecs[0].regionConfigs[0].regionName', description: 'AWS has no such region' }],
  },
})

test.each([
  { says: 'the end of the way', end: 'regionName', is: { state: 'error', errorMessage: 'AWS has no such region' } },
  { says: 'another field', end: 'name', is: {} },
])('$says', ({ end, is }) => {
  expect(fieldError(refused, end)).toEqual(is)
})

test('no refusal, nothing to show', () => {
  expect(fieldError(null, 'name')).toEqual({})
})
