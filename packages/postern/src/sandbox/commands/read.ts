// Reading: find, getMore, killCursors, aggregate, count, distinct.
import { Long } from 'bson'
import { aggregate } from '../aggregate.ts'
import { CommandError } from '../command-error.ts'
import { type Doc, encodeDocument, isDoc } from '../document.ts'
import { type Context, type Handler, requireAction } from '../execute.ts'
import { operationsAsked } from '../operations.ts'
import { distinctValues, findDocuments, optionsOf, project } from '../query.ts'
import type { CursorReply } from '../wire/batch.ts'

const ownerOf = ({ client, set }: Context): string => client.user(set.data.users)?.uuid ?? ''

function find(context: Context): CursorReply {
  const { command, set, member } = context
  const { ns } = command
  if (command.args.tailable === true)
    throw new CommandError('CommandNotSupported', 'tailable cursors are not supported by the sandbox')
  const skip = command.number('skip') ?? 0
  const limit = command.number('limit') ?? 0
  if (skip < 0) throw new CommandError('BadValue', "'skip' must not be negative")
  const options = { collation: command.view('collation'), variables: command.view('let') }
  const finding = {
    filter: command.document('filter'),
    sort: command.view('sort'),
    skip,
    limit: Math.abs(limit),
    ...options,
  }
  const projection = command.view('projection')
  const found = findDocuments(set.data.collection(ns), finding)
  const documents = project(found, projection, optionsOf(options))
  const single = command.args.singleBatch === true || limit < 0
  return {
    batch: 'firstBatch',
    ...member.cursors.open({ ns, owner: ownerOf(context), documents, batchSize: command.number('batchSize'), single }),
  }
}

function aggregateCommand(context: Context): CursorReply {
  const { command, set, member } = context
  const { db, args } = command
  if (args.explain !== undefined)
    throw new CommandError('CommandNotSupported', 'explain is not supported by the sandbox')
  const whole = args.aggregate === 1
  const ns = whole ? `${db}.$cmd.aggregate` : command.ns
  const collection = whole ? undefined : set.data.collection(ns)
  const stages = command.documents('pipeline')
  const cursor = isDoc(args.cursor) ? args.cursor : {}
  const first = stages[0] && Object.keys(stages[0])[0]
  // Of a member's connections, whoever asks sees at least their own.
  if (first !== '$currentOp')
    requireAction(context, 'find', { db, collection: typeof args.aggregate === 'string' ? args.aggregate : '' })
  const alone = { stages: stages.slice(1), resolve: () => undefined }
  const documents =
    first === '$currentOp'
      ? aggregate(operationsAsked(context), alone)
      : first === '$collStats'
        ? aggregate(statsOf(context), alone)
        : aggregate(collection, {
            stages,
            collation: command.view('collation'),
            variables: command.view('let'),
            resolve: (name) => {
              requireAction(context, 'find', { db, collection: name })
              return set.data.collection(`${db}.${name}`)
            },
          })
  const batchSize = typeof cursor.batchSize === 'number' ? cursor.batchSize : undefined
  return { batch: 'firstBatch', ...member.cursors.open({ ns, owner: ownerOf(context), documents, batchSize }) }
}

/** `$collStats` as a source of one document, for the stages behind it. */
function statsOf({ command, set, member }: Context) {
  const collection = set.data.collection(command.ns)
  const count = collection?.documents.size ?? 0
  const storageStats = {
    size: collection?.bytes ?? 0,
    count,
    storageSize: collection?.bytes ?? 0,
    nindexes: collection?.indexes.length ?? 0,
    totalIndexSize: 0,
    indexSizes: {},
  }
  const view: Doc = { ns: command.ns, host: member.host, localTime: new Date(set.now()), storageStats, count }
  const one = { key: 'stats', raw: encodeDocument(view), view, typed: () => view }
  return { documents: new Map([[one.key, one]]) }
}

function getMore(context: Context): CursorReply {
  const { command, member } = context
  const id = command.typed.getMore
  if (!(id instanceof Long)) throw new CommandError('TypeMismatch', "'getMore' must be a long")
  const collection = command.string('collection')
  // Of a collection, and not of a list of collections: roles may have gone since the cursor was opened.
  if (!collection.startsWith('$cmd.')) requireAction(context, 'find', { db: command.db, collection })
  const wanted = { id: id.toString(), ns: `${command.db}.${collection}`, owner: ownerOf(context) }
  return { batch: 'nextBatch', ...member.cursors.next({ ...wanted, batchSize: command.number('batchSize') }) }
}

function killCursors(context: Context): Doc {
  const { command, member } = context
  const ids = Array.isArray(command.typed.cursors) ? command.typed.cursors : []
  const cursorsKilled: unknown[] = []
  const cursorsNotFound: unknown[] = []
  for (const id of ids) (member.cursors.kill(String(id), ownerOf(context)) ? cursorsKilled : cursorsNotFound).push(id)
  return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [], ok: 1 }
}

function count({ command, set }: Context): Doc {
  const skip = command.number('skip') ?? 0
  const limit = Math.abs(command.number('limit') ?? 0)
  const found = findDocuments(set.data.collection(command.ns), {
    filter: command.document('query'),
    skip,
    limit,
    collation: command.view('collation'),
  })
  return { n: found.length, ok: 1 }
}

function distinct({ command, set }: Context): Doc {
  const found = findDocuments(set.data.collection(command.ns), {
    filter: command.document('query'),
    collation: command.view('collation'),
  })
  return { values: distinctValues(found, command.string('key')), ok: 1 }
}

const reads = (run: Handler['run']): Handler => ({ needs: { action: 'find' }, at: 'readable', run })
const onOpenCursor = (run: Handler['run']): Handler => ({ needs: 'user', at: 'any', run })

export const readCommands: Readonly<Record<string, Handler>> = {
  find: reads(find),
  aggregate: { needs: 'user', at: 'readable', run: aggregateCommand },
  count: reads(count),
  distinct: reads(distinct),
  getMore: onOpenCursor(getMore),
  killCursors: onOpenCursor(killCursors),
}
