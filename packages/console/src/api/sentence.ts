// What a person is told about an error: the API's own sentence, which says what to do.

import { ApiError, UnreachableError } from '@postern/contract/client'

export const sentenceOf = (error: unknown): string => {
  if (error instanceof ApiError) return error.detail
  if (error instanceof UnreachableError)
    return 'The control plane does not answer. What you entered is kept: try again.'
  return error instanceof Error ? error.message : String(error)
}

/** By which the server's log knows what went wrong; undefined where nothing unexpected did. */
export const requestIdOf = (error: unknown): string | undefined => {
  if (!(error instanceof ApiError) || error.errorCode !== 'UNEXPECTED_ERROR') return undefined
  const [requestId] = error.parameters
  return typeof requestId === 'string' ? requestId : undefined
}

/** What is wrong with one field of a form, by the API's name of it. */
export const fieldProblem = (error: unknown, field: string): string | undefined =>
  error instanceof ApiError ? error.fields.find((problem) => problem.field === field)?.description : undefined

/** What is wrong with a list, or with the first of its items that is wrong. */
export const listProblem = (error: unknown, field: string): string | undefined =>
  error instanceof ApiError
    ? error.fields.find((problem) => problem.field === field || problem.field.startsWith(`${field}[`))?.description
    : undefined

export const isStatus = (error: unknown, status: number): boolean =>
  error instanceof ApiError && error.status === status
