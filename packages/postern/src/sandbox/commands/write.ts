// Writing: insert, update, delete, findAndModify. Each statement is checked, journaled together with its outcome when
// the write is retryable, and applied, before the next one is looked at.
import { randomUUID } from 'node:crypto'
import { Int32, ObjectId } from 'bson'
import type { Action } from '../authorize.ts'
import type { Collection, StoredDocument } from '../collection.ts'
import type { Command } from '../command.ts'
import { asCommandError, CommandError } from '../command-error.ts'
import { type Doc, decodeTyped, encodeDocument, isDoc, viewOfDocument } from '../document.ts'
import { type Context, type Handler, requireAction } from '../execute.ts'
import { findDocuments, optionsOf, project, viewed } from '../query.ts'
import type { RetryRecord } from '../record.ts'
import { isReplacement, type Update, updated, upserted } from '../update.ts'

const maxBatch = 100_000

/** The collection, made when it is not there, as the first write to it does. */
export function collectionFor({ set }: Pick<Context, 'set'>, ns: string): Collection {
  if (!set.data.collection(ns)) set.commit({ kind: 'create', ns, uuid: randomUUID() })
  const collection = set.data.collection(ns)
  if (!collection) throw new CommandError('InternalError', `no collection ${ns}`)
  return collection
}

/** The statement's place in a retryable write; undefined when the write is not retryable. */
type Place = Omit<RetryRecord, 'outcome'> | undefined

function place(command: Command, statement: number): Place {
  const { retry } = command
  return retry && { ...retry, statement }
}

function refuseRetryOfMany(at: Place, many: boolean): void {
  if (at && many) throw new CommandError('InvalidOptions', 'Cannot use retryable writes with a write to many documents')
}

const remembering = (at: Place, outcome: Doc) => (at ? { retry: { ...at, outcome } } : {})

/** Runs the statements in order; what fails is reported under its number, and ends an ordered batch. */
function eachStatement(
  context: Context,
  statements: readonly Doc[],
  run: (statement: Doc, at: Place) => Doc,
): { outcomes: [number, Doc][]; errors: Doc[] } {
  const { command, set } = context
  if (statements.length === 0 || statements.length > maxBatch) {
    throw new CommandError(
      'InvalidLength',
      `Write batch sizes must be between 1 and ${maxBatch}. Got ${statements.length} operations.`,
    )
  }
  const ordered = command.args.ordered !== false
  const stmtIds = command.args.stmtIds
  const outcomes: [number, Doc][] = []
  const errors: Doc[] = []
  for (const [index, statement] of statements.entries()) {
    const stmtId = Array.isArray(stmtIds) ? Number(stmtIds[index]) : index + (command.number('stmtId') ?? 0)
    try {
      const at = place(command, stmtId)
      outcomes.push([index, (at && set.data.retries.recall(at)) ?? run(statement, at)])
    } catch (thrown) {
      const error = asCommandError(thrown)
      if (error.codeName === 'TransactionTooOld') throw error
      errors.push(error.writeError(index))
      if (ordered) break
    }
  }
  return { outcomes, errors }
}

const sum = (outcomes: readonly [number, Doc][], field: string): number =>
  outcomes.reduce((total, [, outcome]) => total + Number(outcome[field] ?? 0), 0)
const withErrors = (reply: Doc, errors: readonly Doc[]): Doc => ({
  ...reply,
  ...(errors.length > 0 ? { writeErrors: errors } : {}),
  ok: 1,
})

function insert(context: Context): Doc {
  const { command, set } = context
  const { ns } = command
  const { outcomes, errors } = eachStatement(context, command.documents('documents'), (given, at) => {
    const document = withId(given)
    const raw = encodeDocument(document)
    const outcome = { n: 1 }
    collectionFor(context, ns).checkPut(document)
    set.commit({ kind: 'put', ns, raw, ...remembering(at, outcome) })
    return outcome
  })
  return withErrors({ n: sum(outcomes, 'n') }, errors)
}

function withId(document: Doc): Doc {
  const { _id = new ObjectId(), ...rest } = document
  if (Array.isArray(_id) || (isDoc(_id) && Object.keys(_id).some((key) => key.startsWith('$'))) || isRegExp(_id)) {
    throw new CommandError('InvalidOptions', "The '_id' value cannot be an array, a regex or an operator")
  }
  return { _id, ...rest }
}

const isRegExp = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && '_bsontype' in value && value._bsontype === 'BSONRegExp'

function parseUpdate(statement: Doc): Update & { multi: boolean; upsert: boolean } {
  const { q, u, arrayFilters, c, multi, upsert } = statement
  if (!isDoc(q)) throw new CommandError('TypeMismatch', "'q' must be a document")
  const change = Array.isArray(u) ? u.filter(isDoc) : u
  if (!Array.isArray(change) && !isDoc(change))
    throw new CommandError('FailedToParse', "'u' must be a document or an array")
  if (multi === true && isReplacement(change))
    throw new CommandError('FailedToParse', 'multi update is not supported for replacement-style update')
  const filters = Array.isArray(arrayFilters) ? arrayFilters.filter(isDoc) : undefined
  return {
    filter: q,
    change,
    arrayFilters: filters,
    variables: viewed(c),
    multi: multi === true,
    upsert: upsert === true,
  }
}

function updateCommand(context: Context): Doc {
  const { command, set } = context
  const { ns } = command
  const variables = command.view('let')
  const statements = command.documents('updates')
  if (statements.some(({ upsert }) => upsert === true)) requireAlso(context, 'insert')
  const { outcomes, errors } = eachStatement(context, statements, (statement, at) => {
    const update = parseUpdate(statement)
    refuseRetryOfMany(at, update.multi)
    const finding = {
      filter: update.filter,
      sort: viewed(statement.sort),
      limit: update.multi ? 0 : 1,
      collation: viewed(statement.collation),
      variables,
    }
    const collection = set.data.collection(ns)
    const found = findDocuments(collection, finding)
    if (found.length === 0 && update.upsert) {
      const document = upserted(update)
      const outcome = { n: 1, nModified: 0, upserted: document._id }
      const raw = encodeDocument(document)
      collectionFor(context, ns).checkPut(document)
      set.commit({ kind: 'put', ns, raw, ...remembering(at, outcome) })
      return outcome
    }
    let nModified = 0
    for (const document of found) {
      const next = change(context, { ns, document, update, at, outcome: { n: 1, nModified: 1 } })
      if (next !== document.raw) nModified += 1
    }
    const outcome = { n: found.length, nModified }
    if (at && nModified === 0) set.commit({ kind: 'retry', retry: { ...at, outcome } })
    return outcome
  })
  const upsertedIds = outcomes.flatMap(([index, outcome]) =>
    'upserted' in outcome ? [{ index, _id: outcome.upserted }] : [],
  )
  const reply = {
    n: sum(outcomes, 'n'),
    nModified: sum(outcomes, 'nModified'),
    ...(upsertedIds.length > 0 ? { upserted: upsertedIds } : {}),
  }
  return withErrors(reply, errors)
}

type Changing = {
  readonly ns: string
  readonly document: StoredDocument
  readonly update: Update
  readonly at: Place
  readonly outcome: Doc
}

/** Puts the updated document in the old one's place; gives the bytes that are there afterwards. */
function change({ set }: Context, { ns, document, update, at, outcome }: Changing): Uint8Array {
  const next = updated(document.typed(), update)
  const raw = encodeDocument(next)
  if (Buffer.compare(raw, document.raw) === 0) return document.raw
  set.data.collection(ns)?.checkPut(next, document.key)
  set.commit({ kind: 'put', ns, raw, ...remembering(at, outcome) })
  return raw
}

function deleteCommand(context: Context): Doc {
  const { command, set } = context
  const { ns } = command
  const { outcomes, errors } = eachStatement(context, command.documents('deletes'), (statement, at) => {
    const { q, limit, collation } = statement
    if (!isDoc(q)) throw new CommandError('TypeMismatch', "'q' must be a document")
    const most = Number(limit instanceof Int32 ? limit.value : limit)
    if (most !== 0 && most !== 1) throw new CommandError('FailedToParse', 'the limit of a delete is 0 or 1')
    refuseRetryOfMany(at, most === 0)
    const found = findDocuments(set.data.collection(ns), { filter: q, limit: most, collation: viewed(collation) })
    const outcome = { n: found.length }
    for (const { key } of found) set.commit({ kind: 'delete', ns, key, ...remembering(at, outcome) })
    if (at && found.length === 0) set.commit({ kind: 'retry', retry: { ...at, outcome } })
    return outcome
  })
  return withErrors({ n: sum(outcomes, 'n') }, errors)
}

/** A command that does more than its name says needs more. */
function requireAlso(context: Context, action: Action): void {
  const { db, args, name } = context.command
  requireAction(context, action, { db, collection: String(args[name]) })
}

function findAndModify(context: Context): Doc {
  const { command, set } = context
  requireAlso(context, command.args.remove === true ? 'remove' : 'update')
  if (command.args.upsert === true) requireAlso(context, 'insert')
  const at = place(command, command.number('stmtId') ?? 0)
  const remembered = at && set.data.retries.recall(at)
  if (remembered) return { ...remembered, ok: 1 }
  const { ns, args } = command
  const filter = command.document('query')
  const [document] = findDocuments(set.data.collection(ns), {
    filter,
    sort: command.view('sort'),
    limit: 1,
    collation: command.view('collation'),
  })
  const outcome = args.remove === true ? removeOne(context, document, at) : modifyOne(context, document, at)
  if (at && outcome.untouched) set.commit({ kind: 'retry', retry: { ...at, outcome: outcome.reply } })
  return { ...outcome.reply, ok: 1 }
}

type Modified = { readonly reply: Doc; readonly untouched: boolean }

function removeOne(context: Context, document: StoredDocument | undefined, at: Place): Modified {
  const { ns } = context.command
  const reply = { lastErrorObject: { n: document ? 1 : 0 }, value: shown(context, document?.typed()) }
  if (document) context.set.commit({ kind: 'delete', ns, key: document.key, ...remembering(at, reply) })
  return { reply, untouched: !document }
}

function modifyOne(context: Context, document: StoredDocument | undefined, at: Place): Modified {
  const { command, set } = context
  const { ns, args } = command
  const given = command.typed.update
  const change = Array.isArray(given) ? given.filter(isDoc) : given
  if (!Array.isArray(change) && !isDoc(change))
    throw new CommandError('FailedToParse', "Either an update or 'remove=true' must be specified")
  const filters = Array.isArray(command.typed.arrayFilters) ? command.typed.arrayFilters.filter(isDoc) : undefined
  const update: Update = {
    filter: command.document('query'),
    change,
    arrayFilters: filters,
    variables: command.view('let'),
  }
  if (!document && args.upsert !== true)
    return { reply: { lastErrorObject: { n: 0, updatedExisting: false }, value: null }, untouched: true }
  const next = document ? updated(document.typed(), update) : upserted(update)
  const raw = encodeDocument(next)
  const lastErrorObject = document
    ? { n: 1, updatedExisting: true }
    : { n: 1, updatedExisting: false, upserted: next._id }
  const reply = { lastErrorObject, value: shown(context, args.new === true ? next : document?.typed()) }
  if (document && Buffer.compare(raw, document.raw) === 0) return { reply, untouched: true }
  collectionFor(context, ns).checkPut(next, document?.key)
  set.commit({ kind: 'put', ns, raw, ...remembering(at, reply) })
  return { reply, untouched: false }
}

function shown({ command }: Context, typed: Doc | undefined): unknown {
  if (!typed) return null
  const fields = command.view('fields') ?? command.view('projection')
  if (!fields || Object.keys(fields).length === 0) return typed
  const document = { key: '', raw: new Uint8Array(), view: viewOfDocument(typed), typed: () => typed }
  const [raw] = project([document], fields, optionsOf({}))
  return raw ? decodeTyped(raw) : null
}

const writes = (action: Action, run: Handler['run']): Handler => ({ needs: { action }, at: 'primary', run })

export const writeCommands: Readonly<Record<string, Handler>> = {
  insert: writes('insert', insert),
  update: writes('update', updateCommand),
  delete: writes('remove', deleteCommand),
  findAndModify: writes('find', findAndModify),
  findandmodify: writes('find', findAndModify),
}
