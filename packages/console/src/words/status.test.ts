import { endpointServiceStatuses } from '@postern/contract/endpoint-service'
import { endpointStatuses } from '@postern/contract/private-endpoint'
import { describe, expect, it } from 'vitest'
import { statusWord } from './status.ts'

describe('the words for states', () => {
  it.each(endpointServiceStatuses)('an endpoint service that is %s has a word of the page', (status) => {
    expect(statusWord('service', status).word).not.toBe(status)
  })
  it.each(endpointStatuses)('an endpoint that is %s has a word of the page', (status) => {
    expect(statusWord('endpoint', status).word).not.toBe(status)
  })
  it('shows a state that it does not know as the API spells it', () => {
    expect(statusWord('endpoint', 'NEW_ONE').word).toBe('NEW_ONE')
  })
})
