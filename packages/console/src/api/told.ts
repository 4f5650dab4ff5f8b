// What the API said of a field is said of the value that was sent: of another one it is not known yet. Every form asks here.

import { ApiError } from '@postern/contract/client'
import { useRef } from 'react'

interface Work {
  readonly error: unknown
  readonly submittedAt: number
}

/**
 * The error as far as it holds for what the form has now; null where all that it named is another value by now. `fields`: by
 * the API's names what is sent; a name that is not among them stands for all of them.
 */
export function useTold({ error, submittedAt }: Work, fields: unknown): unknown {
  const sent = useRef({ submittedAt, fields })
  if (sent.current.submittedAt !== submittedAt) sent.current = { submittedAt, fields }
  return stillTold(error, sent.current.fields, fields)
}

/** The same of a form with one field, of which everything is said. */
export function useToldOfOne({ error, submittedAt }: Work, value: string): unknown {
  const sent = useRef({ submittedAt, value })
  if (sent.current.submittedAt !== submittedAt) sent.current = { submittedAt, value }
  return sent.current.value === value ? error : null
}

/** Pure. */
export function stillTold(error: unknown, sent: unknown, now: unknown): unknown {
  if (!(error instanceof ApiError) || error.fields.length === 0) return error
  const { status, errorCode, detail, parameters } = error
  const fields = error.fields.filter(({ field }) => isSame(stepsOf(field), sent, now))
  if (fields.length === error.fields.length) return error
  return fields.length === 0
    ? null
    : new ApiError(status, { errorCode, detail, parameters, badRequestDetail: { fields } })
}

/** `replicationSpecs[0].zoneName`: replicationSpecs, 0, zoneName. */
const stepsOf = (field: string): readonly string[] => field.split(/[.[\]]+/).filter((step) => step !== '')

/** As far down as both have what the name says. */
function isSame([step, ...further]: readonly string[], one: unknown, other: unknown): boolean {
  if (step !== undefined && has(one, step) && has(other, step)) return isSame(further, one[step], other[step])
  return JSON.stringify(one) === JSON.stringify(other)
}

const has = (value: unknown, name: string): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
