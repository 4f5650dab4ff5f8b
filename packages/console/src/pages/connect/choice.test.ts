import { describe, expect, test } from 'vitest'
import { choiceOf, type Door, formsOf, needsDns, privateRefusal, type Strings } from './choice.ts'

const door = (endpointId: string, form: Door['form'] = 'address'): Door => ({
  endpointId,
  provider: 'AWS',
  region: 'US_EAST_1',
  form,
  recommended: '',
  standard: '',
  srv: '',
  loadBalanced: null,
  direct: [],
  names: [],
})
const strings = (...endpoints: Door[]): Strings => ({
  ready: endpoints.length > 0,
  reason: endpoints.length > 0 ? null : 'No AVAILABLE private endpoint in: AWS US_EAST_1.',
  standard: 'mongodb://m:27017',
  missing: [],
  endpoints,
})

describe('the choice that a URL tells', () => {
  test('where no standard string is handed out, the private endpoint is all there is', () => {
    const alone = { ...strings(door('vpce-1')), standard: null }
    expect(choiceOf({ type: 'standard' }, alone).type).toBe('private')
    expect(choiceOf({ type: 'standard' }, strings(door('vpce-1'))).type).toBe('standard')
  })

  test('a bare one begins with the only endpoint, at the first step', () => {
    expect(choiceOf({}, strings(door('vpce-1')))).toMatchObject({
      type: 'private',
      door: { endpointId: 'vpce-1' },
      step: 'security',
      method: 'mongosh',
    })
  })
  test('of several endpoints none is chosen for anybody, and no later step is reached without one', () => {
    const two = strings(door('vpce-1'), door('vpce-2'))
    expect(choiceOf({ step: 'connect' }, two)).toMatchObject({ door: undefined, step: 'security' })
    expect(choiceOf({ step: 'connect', endpoint: 'vpce-2' }, two)).toMatchObject({
      door: { endpointId: 'vpce-2' },
      step: 'connect',
    })
  })
  test('an endpoint that is gone leads back to the first step', () => {
    const two = strings(door('vpce-1'), door('vpce-2'))
    expect(choiceOf({ step: 'connect', endpoint: 'vpce-9' }, two)).toMatchObject({ door: undefined, step: 'security' })
  })
  test('without an endpoint it is Standard, whatever was asked', () => {
    expect(choiceOf({ type: 'private' }, strings())).toMatchObject({ type: 'standard', door: undefined })
  })
  test('words that nobody knows are as good as none', () => {
    expect(choiceOf({ method: 'telnet', step: 'last', form: 'x' }, strings(door('vpce-1')))).toMatchObject({
      method: 'mongosh',
      step: 'security',
      form: 'standard',
    })
  })
  test.each([
    { form: 'address', first: 'standard' },
    { form: 'name', first: 'srv' },
  ] as const)('told by $form, the $first string comes first', ({ form, first }) => {
    expect(choiceOf({}, strings(door('vpce-1', form))).form).toBe(first)
  })
})

test.each([
  { advertised: 'address', form: 'standard', needs: false },
  { advertised: 'address', form: 'srv', needs: true },
  { advertised: 'name', form: 'standard', needs: true },
  { advertised: 'name', form: 'srv', needs: true },
] as const)('told by $advertised, the $form string needs DNS: $needs', ({ advertised, form, needs }) => {
  expect(needsDns({ form: advertised }, form)).toBe(needs)
})

describe('why there is no private endpoint', () => {
  test.each(['M0', 'M2', 'M5', 'FLEX'])('%s never has one', (tier) => {
    expect(privateRefusal({ reason: null }, tier)).toMatchObject({ canSetUp: false })
  })
  test('a dedicated tier can be given one', () => {
    const reason = 'No AVAILABLE private endpoint in: AWS US_EAST_1.'
    expect(privateRefusal({ reason }, 'M10')).toEqual({ reason, canSetUp: true })
  })
  test('nothing stands in the way where there is one', () => {
    expect(privateRefusal({ reason: null }, 'M10')).toBeNull()
  })
})

test('a sharded cluster’s endpoint has a string for load balanced mode; a replica set’s is not even asked for it', () => {
  const sharded = { ...door('a'), loadBalanced: { standard: 'mongodb://h', srv: 'mongodb+srv://h' } }
  expect(formsOf(sharded)).toEqual(['standard', 'srv', 'loadBalanced'])
  expect(formsOf(door('a'))).toEqual(['standard', 'srv'])
  expect(choiceOf({ form: 'loadBalanced' }, strings(sharded)).form).toBe('loadBalanced')
  expect(choiceOf({ form: 'loadBalanced' }, strings(door('a'))).form).toBe('standard')
})
