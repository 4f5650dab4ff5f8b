// A refusal at the field that it names. The API names the whole way to a field, `replicationSpecs[0].regionConfigs[0].regionName`:
// a form knows its end.

import { ApiError } from '@postern/contract/client'

interface FieldError {
  readonly state?: 'error'
  readonly errorMessage?: string
}

export function fieldError(error: unknown, ...ends: readonly string[]): FieldError {
  if (!(error instanceof ApiError)) return {}
  const found = error.fields.find(({ field }) => ends.some((end) => field === end || field.endsWith(`.${end}`)))
  return found === undefined ? {} : { state: 'error', errorMessage: found.description }
}
