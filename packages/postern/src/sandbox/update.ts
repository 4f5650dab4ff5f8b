// What an update makes of one document: operators, a whole replacement, or a pipeline; and what an upsert starts
// from. Typed documents in and out; mingo computes on views and the types are given back (`retype`).

import { ObjectId } from 'bson'
import { Aggregator, ProcessingMode, updateOne } from 'mingo'
import { CommandError } from './command-error.ts'
import { type Doc, isDoc, keyOf, retype, setField, viewOf, viewOfDocument } from './document.ts'
import { immutableId, modifierOf } from './modifier.ts'
import { queryOptions } from './query.ts'

export type Update = {
  /** The filter, typed: the positional operator needs it, and an upsert takes its equalities. */
  readonly filter: Doc
  /** Operators, a replacement, or the stages of a pipeline; typed. */
  readonly change: Doc | readonly Doc[]
  readonly arrayFilters?: readonly Doc[] | undefined
  readonly variables?: Doc | undefined
}

const pipelineStages = new Set(['$addFields', '$set', '$project', '$unset', '$replaceRoot', '$replaceWith'])
export const isReplacement = (change: Update['change']): change is Doc =>
  isDoc(change) && !Object.keys(change).some((key) => key.startsWith('$'))

/**
 * The document after the update.
 * @throws CommandError FailedToParse, ImmutableField, BadValue
 */
export function updated(old: Doc, update: Update): Doc {
  const after = changed(old, update)
  if (keyOf(after._id) !== keyOf(old._id)) {
    throw immutableId()
  }
  return after
}

/** The document that an upsert inserts when nothing matched. */
export function upserted(update: Update): Doc {
  const { change, filter } = update
  const seed: Doc = {}
  for (const [path, value] of equalities(filter))
    if (!isReplacement(change) || path === '_id') setPath(seed, path, value)
  const merged = isDoc(change) && !isReplacement(change) ? withoutOnInsert(change, seed) : change
  const after = changed(seed, { ...update, change: merged })
  const { _id = new ObjectId(), ...rest } = after
  return { _id, ...rest }
}

function changed(old: Doc, update: Update): Doc {
  const { change } = update
  if (Array.isArray(change)) return byPipeline(old, change, update.variables)
  if (!isDoc(change)) throw new CommandError('FailedToParse', 'an update is a document or an array of stages')
  if (isReplacement(change)) return replaced(old, change)
  return byOperators(old, change, update)
}

function replaced(old: Doc, change: Doc): Doc {
  const { _id = old._id, ...rest } = change
  return _id === undefined ? rest : { _id, ...rest }
}

function byPipeline(old: Doc, stages: readonly unknown[], variables: Doc | undefined): Doc {
  const pipeline = stages.map((stage) => {
    const view = viewOf(stage)
    const name = isDoc(view) ? Object.keys(view)[0] : undefined
    if (!isDoc(view) || name === undefined || !pipelineStages.has(name)) {
      throw new CommandError('InvalidOptions', `${name ?? 'a value'} is not allowed to be used within an update`)
    }
    return view
  })
  const view = viewOfDocument(old)
  const options = { ...queryOptions, processingMode: ProcessingMode.CLONE_ALL, ...(variables ? { variables } : {}) }
  const [after] = new Aggregator(pipeline, options).run<Doc>([view])
  return typedDocument(after ?? {}, old)
}

function byOperators(old: Doc, change: Doc, { filter, arrayFilters, variables }: Update): Doc {
  const modifier = modifierOf(old, change)
  const documents = [viewOfDocument(old)]
  updateOne(
    documents,
    positional(change) ? viewOfDocument(filter) : {},
    modifier,
    {
      arrayFilters: (arrayFilters ?? []).map((one) => viewOfDocument(one)),
      cloneMode: 'none',
      ...(variables ? { let: variables } : {}),
    },
    queryOptions,
  )
  return typedDocument(documents[0] ?? {}, old)
}

const positional = (change: Doc): boolean =>
  Object.values(change).some(
    (operand) => isDoc(operand) && Object.keys(operand).some((path) => /\.\$(\.|$)/.test(path)),
  )

function typedDocument(view: Doc, old: Doc): Doc {
  const typed = retype(view, viewOfDocument(old), old)
  return isDoc(typed) ? typed : {}
}

/** On insert `$setOnInsert` is a `$set`; an `_id` in either goes to the seed. */
function withoutOnInsert(change: Doc, seed: Doc): Doc {
  const { $set, $setOnInsert, ...rest } = change
  const fields = { ...(isDoc($set) ? $set : {}), ...(isDoc($setOnInsert) ? $setOnInsert : {}) }
  if (!('_id' in fields)) return Object.keys(fields).length > 0 ? { ...rest, $set: fields } : rest
  const { _id, ...others } = fields
  if ('_id' in seed && keyOf(seed._id) !== keyOf(_id)) {
    throw immutableId()
  }
  seed._id = _id
  return Object.keys(others).length > 0 ? { ...rest, $set: others } : rest
}

/** The (path, value) pairs that a filter fixes: `a: 1`, `a: { $eq: 1 }`, and the same inside `$and`. */
function equalities(filter: Doc): [string, unknown][] {
  return Object.entries(filter).flatMap(([path, value]): [string, unknown][] => {
    if (path === '$and' && Array.isArray(value)) return value.filter(isDoc).flatMap(equalities)
    if (path.startsWith('$')) return []
    if (!isDoc(value) || !Object.keys(value).some((key) => key.startsWith('$')))
      return isPattern(value) ? [] : [[path, value]]
    return '$eq' in value ? [[path, value.$eq]] : []
  })
}

const isPattern = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && '_bsontype' in value && value._bsontype === 'BSONRegExp'

function setPath(target: Doc, path: string, value: unknown): void {
  const [head = '', ...rest] = path.split('.')
  if (rest.length === 0) {
    setField(target, head, value)
    return
  }
  const inner = isDoc(target[head]) ? target[head] : {}
  setField(target, head, inner)
  setPath(inner, rest.join('.'), value)
}
