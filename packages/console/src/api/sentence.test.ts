import { ApiError, UnreachableError } from '@postern/contract/client'
import { expect, test } from 'vitest'
import { sentenceOf } from './sentence.ts'

const refused = (errorCode: string, fields: readonly object[]): ApiError =>
  new ApiError(400, { errorCode, detail: 'The API’s sentence.', badRequestDetail: { fields } })

const name = { field: 'name', description: 'must not be empty' }
const range = { field: '[0].cidrBlock', description: 'must be a range such as 192.0.2.0/24.' }

test.each([
  { says: 'the API’s own', error: refused('GROUP_NOT_FOUND', []), told: 'The API’s sentence.' },
  { says: 'also where it names fields', error: refused('INVALID_CLUSTER', [name]), told: 'The API’s sentence.' },
  {
    says: 'what is said of each field, where the sentence has only their names',
    error: refused('INVALID_ATTRIBUTE', [name, range]),
    told: 'name: must not be empty. cidrBlock: must be a range such as 192.0.2.0/24.',
  },
  { says: 'the API’s own where it names none', error: refused('INVALID_ATTRIBUTE', []), told: 'The API’s sentence.' },
  {
    says: 'that nothing answers',
    error: new UnreachableError('http://127.0.0.1:1', new Error('refused')),
    told: 'The control plane does not answer. What you entered is kept: try again.',
  },
])('$says', ({ error, told }) => {
  expect(sentenceOf(error)).toBe(told)
})
