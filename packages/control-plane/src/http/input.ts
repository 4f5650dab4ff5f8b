// Path, query and body as typed values: what does not fit is refused with Atlas's codes and the field's name. Unknown
// query parameters are ignored, and unknown body fields too unless a schema is strict, because official clients send
// fields of newer versions and read-only ones.

import { AtlasError, type FieldProblem } from '@postern/contract/errors'
import { isObjectId } from '@postern/contract/ids'
import type { z } from 'zod'
import { isStorable } from './body.ts'
import { issueWords } from './issue-words.ts'

export interface Paging {
  /** From 1. */
  readonly pageNum: number
  /** 1 to 500. */
  readonly itemsPerPage: number
  readonly includeCount: boolean
}

export interface Manner {
  readonly pretty: boolean
  readonly envelope: boolean
}

/** Parameters whose form the whole API agrees on. */
const paramForms: Readonly<Record<string, (text: string) => boolean>> = {
  groupId: isObjectId,
  orgId: isObjectId,
  apiUserId: isObjectId,
  userId: isObjectId,
  teamId: isObjectId,
  endpointServiceId: isObjectId,
  eventId: isObjectId,
  connectionId: isObjectId,
  questionId: isObjectId,
  cloudProvider: (text) => text === 'AWS' || text === 'AZURE' || text === 'GCP',
}

/** Decodes each parameter once. Throws PATH_PARAM_PARSE_ERROR for a broken escape, text that no store holds, a bad id. */
export const parseParams = (raw: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(raw).map(([parameter, text]) => {
      const value = decode(text)
      if (value === null || !isStorable(value) || paramForms[parameter]?.(value) === false)
        throw new AtlasError('PATH_PARAM_PARSE_ERROR', { parameter, value: text.slice(0, 200) })
      return [parameter, value]
    }),
  )

const decode = (text: string): string | null => {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** Paging with Atlas's defaults and bounds. Throws QUERY_PARAM_PARSE_ERROR naming the parameter. */
export const parsePaging = (query: URLSearchParams): Paging => ({
  pageNum: whole(query, 'pageNum', { fallback: 1, max: 2_000_000 }),
  itemsPerPage: whole(query, 'itemsPerPage', { fallback: 100, max: 500 }),
  includeCount: flag(query, 'includeCount', true),
})

/** How the answer is to be written. Throws QUERY_PARAM_PARSE_ERROR. */
export const parseManner = (query: URLSearchParams): Manner => ({
  pretty: flag(query, 'pretty', false),
  envelope: flag(query, 'envelope', false),
})

const whole = (
  query: URLSearchParams,
  parameter: string,
  { fallback, max }: { readonly fallback: number; readonly max: number },
): number => {
  const text = query.get(parameter)
  if (text === null || text === '') return fallback
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (value < 1 || value > max)
    throw new AtlasError('QUERY_PARAM_PARSE_ERROR', { parameter, value: text.slice(0, 200) })
  return value
}

const flag = (query: URLSearchParams, parameter: string, fallback: boolean): boolean => {
  const text = query.get(parameter)?.toLowerCase()
  if (text === undefined || text === '') return fallback
  if (text === 'true' || text === 'false') return text === 'true'
  throw new AtlasError('QUERY_PARAM_PARSE_ERROR', { parameter, value: text.slice(0, 200) })
}

/**
 * An operation's own query parameters; one that came more than once is a list (schemas/query.ts). Throws
 * QUERY_PARAM_PARSE_ERROR for the first that does not fit.
 */
export const parseQuery = (schema: z.ZodType | undefined, query: URLSearchParams): unknown => {
  const given = new Map([...new Set(query.keys())].map((parameter) => [parameter, query.getAll(parameter)]))
  for (const [parameter, values] of given)
    if (!values.every(isStorable)) throw new AtlasError('QUERY_PARAM_PARSE_ERROR', { parameter, value: '(not text)' })
  if (schema === undefined) return {}
  const parsed = schema.safeParse(
    Object.fromEntries([...given].map(([parameter, values]) => [parameter, values.length > 1 ? values : values[0]])),
  )
  if (parsed.success) return parsed.data
  const parameter = String(parsed.error.issues[0]?.path[0] ?? '')
  const value = (given.get(parameter) ?? []).join(', ').slice(0, 200)
  throw new AtlasError('QUERY_PARAM_PARSE_ERROR', { parameter, value })
}

/**
 * A body under its schema. Throws MISSING_ATTRIBUTE for a required field that is absent, INVALID_ATTRIBUTE for one that
 * does not fit, VALIDATION_ERROR for a body that is wrong as a whole; all name every field in `badRequestDetail`.
 */
export const parseBody = (schema: z.ZodType | undefined, body: unknown): unknown => {
  if (schema === undefined) return undefined
  const parsed = schema.safeParse(body, { reportInput: true })
  if (parsed.success) return parsed.data
  if (body === undefined) throw new AtlasError('VALIDATION_ERROR', { problem: 'a body must be there' })
  throw bodyError(parsed.error.issues.flatMap(flatten))
}

interface Problem extends FieldProblem {
  readonly missing: boolean
}

const bodyError = (problems: readonly Problem[]): AtlasError => {
  const fields = problems.filter(({ field }) => field !== '').map(({ field, description }) => ({ field, description }))
  const missing = problems.find((problem) => problem.missing && problem.field !== '')
  const wrong = fields[0]
  if (missing) return new AtlasError('MISSING_ATTRIBUTE', { attribute: missing.field }, { fields })
  if (wrong) return new AtlasError('INVALID_ATTRIBUTE', { attribute: wrong.field }, { fields })
  return new AtlasError('VALIDATION_ERROR', { problem: problems[0]?.description ?? 'the body does not fit' })
}

const flatten = (issue: z.core.$ZodIssue): readonly Problem[] => {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      field: fieldName([...issue.path, key]),
      description: 'is not known here',
      missing: false,
    }))
  const meant = issue.code === 'invalid_union' ? nearest(issue.errors) : undefined
  if (meant) return meant.flatMap((each) => flatten({ ...each, path: [...issue.path, ...each.path] }))
  return [{ field: fieldName(issue.path), description: issueWords(issue), missing: isMissing(issue) }]
}

/** Of several forms that a value may have, the one that it comes closest to: wrong in fields, not as a whole. */
const nearest = (forms: readonly z.core.$ZodIssue[][]): readonly z.core.$ZodIssue[] | undefined =>
  forms
    .filter((issues) => issues.length > 0 && issues.every(({ path }) => path.length > 0))
    .toSorted((one, other) => one.length - other.length)[0]

const isMissing = (issue: z.core.$ZodIssue): boolean =>
  issue.input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value')

/** `replicationSpecs[0].regionConfigs`: how Atlas spells a nested field. */
const fieldName = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  )
