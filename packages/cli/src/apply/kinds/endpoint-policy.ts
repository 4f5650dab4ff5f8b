// The policy of an endpoint in a file: the whole of it, so that a rule which is left out is taken back. Pure.

import { type EndpointPolicy, noPolicy } from '@postern/contract/endpoint-policy'
import type { Compared } from '../kind.ts'

type Wished = Partial<EndpointPolicy> | undefined

export const policyRows = (wished: Wished, there: EndpointPolicy): readonly Compared[] => {
  if (wished === undefined) return []
  const whole = { ...noPolicy, ...wished }
  const rules = Object.keys(noPolicy) as (keyof EndpointPolicy)[]
  return rules.map((rule) => [`policy.${rule}`, told(whole[rule]), told(there[rule])])
}

/** An empty list allows nothing, which is not the same as no rule. */
const told = (value: unknown): unknown => {
  if (value === null) return 'none'
  return Array.isArray(value) && value.length === 0 ? 'no cluster' : value
}

export const policyBody = (wished: Wished) => ({
  ...noPolicy,
  ...wished,
  clusters: wished?.clusters ? [...wished.clusters] : null,
})
