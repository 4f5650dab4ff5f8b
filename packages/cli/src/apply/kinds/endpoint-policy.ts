// The policy of an endpoint in a file: the whole of it, so that a rule which is left out is taken back. Pure.

import { type EndpointPolicy, noPolicy } from '@postern/contract/endpoint-policy'
import type { EndpointWish } from '../form.ts'
import type { Compared } from '../kind.ts'

type Wished = EndpointWish['policy']

export const policyRows = (wished: Wished, there: EndpointPolicy): readonly Compared[] => {
  if (wished === undefined) return []
  const whole = policyBody(wished)
  const rules = Object.keys(noPolicy) as (keyof EndpointPolicy)[]
  return rules.map((rule) => [`policy.${rule}`, told(whole[rule]), told(there[rule])])
}

/** An empty list allows nothing, which is not the same as no rule. */
const told = (value: EndpointPolicy[keyof EndpointPolicy]): unknown => {
  if (value === null || typeof value !== 'object') return value ?? 'none'
  if (value.length === 0) return 'nothing is allowed'
  return value.map((one) => (typeof one === 'string' ? one : `${one.username}@${one.databaseName}`))
}

export const policyBody = (wished: Wished) => ({
  ...noPolicy,
  ...wished,
  clusters: wished?.clusters ? [...wished.clusters] : null,
  clientNames: wished?.clientNames ? [...wished.clientNames] : null,
  databaseUsers:
    wished?.databaseUsers?.map(({ username, authSource }) => ({ username, databaseName: authSource })) ?? null,
})
