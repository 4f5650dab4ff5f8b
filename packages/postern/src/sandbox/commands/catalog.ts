// Databases, collections and indexes: listing, making, dropping, and their sizes.
import { randomUUID } from 'node:crypto'
import { UUID } from 'bson'
import { Query } from 'mingo'
import { mayDo, maySee } from '../authorize.ts'
import type { Collection } from '../collection.ts'
import { CommandError } from '../command-error.ts'
import { type Doc, encodeDocument, isDoc, keyOf, viewOfDocument } from '../document.ts'
import { type Context, type Handler, holderOf, requireAction } from '../execute.ts'
import { queryOptions } from '../query.ts'
import type { IndexSpec } from '../record.ts'
import type { CursorReply } from '../wire/batch.ts'
import { collectionFor } from './write.ts'

const collectionName = ({ ns }: Collection): string => ns.slice(ns.indexOf('.') + 1)

function listDatabases(context: Context): Doc {
  const { set, command } = context
  const holder = holderOf(context)
  const all = mayDo(holder, 'listDatabases', { cluster: true })
  const names = set.data.databases().filter((db) => all || maySee(holder, db))
  const filter = new Query(command.view('filter') ?? {}, queryOptions)
  const databases = names
    .map((name) => {
      const sizeOnDisk = set.data.collectionsOf(name).reduce((sum, { bytes }) => sum + bytes, 0)
      return { name, sizeOnDisk, empty: false }
    })
    .filter((database) => filter.test(database))
  if (command.args.nameOnly === true) return { databases: databases.map(({ name }) => ({ name })), ok: 1 }
  const totalSize = databases.reduce((sum, { sizeOnDisk }) => sum + sizeOnDisk, 0)
  return { databases, totalSize, totalSizeMb: Math.floor(totalSize / 1_048_576), ok: 1 }
}

function cursorOf({ member, client, set, command }: Context, ns: string, documents: readonly Doc[]): CursorReply {
  const cursor = isDoc(command.args.cursor) ? command.args.cursor : {}
  const batchSize = typeof cursor.batchSize === 'number' ? cursor.batchSize : undefined
  const owner = client.user(set.data.users)?.uuid ?? ''
  return {
    batch: 'firstBatch',
    ...member.cursors.open({ ns, owner, documents: documents.map(encodeDocument), batchSize }),
  }
}

function listCollections(context: Context): CursorReply {
  const { set, command } = context
  const { db } = command
  const holder = holderOf(context)
  // Names alone may be asked for by everybody, as far as they may read them: so mongosh completes names.
  const all = mayDo(holder, 'listCollections', { db, collection: '' })
  const namesOfOnesOwn = command.args.nameOnly === true && command.args.authorizedCollections === true
  if (!all && !namesOfOnesOwn) requireAction(context, 'listCollections', { db, collection: '' })
  const filter = new Query(command.view('filter') ?? {}, queryOptions)
  const collections = set.data
    .collectionsOf(db)
    .filter((collection) => all || mayDo(holder, 'find', { db, collection: collectionName(collection) }))
    .map((collection) => ({
      name: collectionName(collection),
      type: 'collection',
      options: {},
      info: { readOnly: false, uuid: new UUID(collection.uuid) },
      idIndex: { v: 2, key: { _id: 1 }, name: '_id_' },
    }))
    .filter((collection) => filter.test(collection))
  const shown = command.args.nameOnly === true ? collections.map(({ name, type }) => ({ name, type })) : collections
  return cursorOf(context, `${command.db}.$cmd.listCollections`, shown)
}

function create(context: Context): Doc {
  const { set, command } = context
  for (const option of ['viewOn', 'timeseries', 'capped', 'validator']) {
    if (command.args[option])
      throw new CommandError('CommandNotSupported', `'${option}' is not supported by the sandbox`)
  }
  const { ns } = command
  if (set.data.collection(ns)) throw new CommandError('NamespaceExists', `Collection ${ns} already exists.`)
  set.commit({ kind: 'create', ns, uuid: randomUUID() })
  return { ok: 1 }
}

function drop({ set, command }: Context): Doc {
  const { ns } = command
  const collection = set.data.collection(ns)
  if (!collection) return { ok: 1 }
  const nIndexesWas = collection.indexes.length
  set.commit({ kind: 'drop', ns })
  return { nIndexesWas, ns, ok: 1 }
}

function dropDatabase({ set, command }: Context): Doc {
  const collections = set.data.collectionsOf(command.db)
  for (const { ns } of collections) set.commit({ kind: 'drop', ns })
  return { ...(collections.length > 0 ? { dropped: command.db } : {}), ok: 1 }
}

function listIndexes(context: Context): CursorReply {
  const { set, command } = context
  const collection = set.data.collection(command.ns)
  if (!collection) throw new CommandError('NamespaceNotFound', `ns does not exist: ${command.ns}`)
  return cursorOf(
    context,
    command.ns,
    collection.indexes.map(({ given }) => given),
  )
}

function createIndexes(context: Context): Doc {
  const { set, command } = context
  const { ns } = command
  const createdCollectionAutomatically = !set.data.collection(ns)
  const specs = command.documents('indexes').map(parseIndex)
  const collection = collectionFor(context, ns)
  const numIndexesBefore = collection.indexes.length
  for (const spec of specs) {
    if (alreadyThere(collection, spec)) continue
    collection.checkIndex(spec)
    set.commit({ kind: 'index', ns, spec })
  }
  const numIndexesAfter = collection.indexes.length
  const note = numIndexesAfter === numIndexesBefore ? { note: 'all indexes already exist' } : {}
  return { numIndexesBefore, numIndexesAfter, createdCollectionAutomatically, ...note, ok: 1 }
}

function parseIndex(given: Doc): IndexSpec {
  const { key, name, unique, sparse, partialFilterExpression } = given
  if (!isDoc(key) || Object.keys(key).length === 0)
    throw new CommandError('CannotCreateIndex', 'Index keys cannot be empty.')
  if (typeof name !== 'string' || name === '')
    throw new CommandError('FailedToParse', "The 'name' field is a required property of an index specification")
  if (unique === true && Object.values(key).some((kind) => typeof kind === 'string')) {
    throw new CommandError('CannotCreateIndex', 'a unique index of this kind is not supported by the sandbox')
  }
  return {
    name,
    key: viewOfDocument(key),
    unique: unique === true,
    sparse: sparse === true,
    ...(isDoc(partialFilterExpression) ? { partial: partialFilterExpression } : {}),
    given: { v: 2, ...given },
  }
}

/** The same index again is no error; the same name or key with something else is. */
function alreadyThere({ indexes }: Collection, spec: IndexSpec): boolean {
  const sameName = indexes.find(({ name }) => name === spec.name)
  const sameKey = indexes.find(({ key }) => keyOf(key) === keyOf(spec.key))
  if (!sameName && !sameKey) return false
  if (sameName && keyOf(sameName.key) !== keyOf(spec.key)) {
    throw new CommandError(
      'IndexKeySpecsConflict',
      `An existing index has the same name as the requested index: ${spec.name}`,
    )
  }
  const known = sameName ?? sameKey
  if (known?.name === '_id_') return true
  if (!sameName || known?.unique !== spec.unique || known.sparse !== spec.sparse) {
    throw new CommandError(
      'IndexOptionsConflict',
      `Index already exists with a different name or options: ${known?.name}`,
    )
  }
  return true
}

function dropIndexes({ set, command }: Context): Doc {
  const { ns } = command
  const collection = set.data.collection(ns)
  if (!collection) throw new CommandError('NamespaceNotFound', `ns not found ${ns}`)
  const nIndexesWas = collection.indexes.length
  for (const name of namesToDrop(collection, command.typed.index)) set.commit({ kind: 'dropIndex', ns, name })
  return { nIndexesWas, ok: 1 }
}

function namesToDrop({ indexes }: Collection, wanted: unknown): readonly string[] {
  const others = indexes.map(({ name }) => name).filter((name) => name !== '_id_')
  if (wanted === '*') return others
  const names = isDoc(wanted)
    ? indexes.filter(({ key }) => keyOf(key) === keyOf(wanted)).map(({ name }) => name)
    : [wanted].flat().map(String)
  if (names.includes('_id_')) throw new CommandError('InvalidOptions', 'cannot drop _id index')
  if (names.length === 0 || names.some((name) => !others.includes(name)))
    throw new CommandError('IndexNotFound', 'index not found')
  return names
}

function dbStats({ set, command }: Context): Doc {
  const collections = set.data.collectionsOf(command.db)
  const dataSize = collections.reduce((sum, { bytes }) => sum + bytes, 0)
  const objects = collections.reduce((sum, { documents }) => sum + documents.size, 0)
  const indexes = collections.reduce((sum, collection) => sum + collection.indexes.length, 0)
  const avgObjSize = objects === 0 ? 0 : dataSize / objects
  return {
    db: command.db,
    collections: collections.length,
    views: 0,
    objects,
    avgObjSize,
    dataSize,
    storageSize: dataSize,
    indexes,
    indexSize: 0,
    totalSize: dataSize,
    scaleFactor: 1,
    ok: 1,
  }
}

function collStats({ set, command }: Context): Doc {
  const collection = set.data.collection(command.ns)
  const size = collection?.bytes ?? 0
  return {
    ns: command.ns,
    size,
    count: collection?.documents.size ?? 0,
    storageSize: size,
    nindexes: collection?.indexes.length ?? 0,
    totalIndexSize: 0,
    totalSize: size,
    indexSizes: {},
    scaleFactor: 1,
    ok: 1,
  }
}

const write = (
  action: 'createCollection' | 'dropCollection' | 'createIndex' | 'dropIndex',
  run: Handler['run'],
): Handler => ({ needs: { action }, at: 'primary', run })
const list = (needs: Handler['needs'], run: Handler['run']): Handler => ({ needs, at: 'readable', run })
const statsOfDatabase = list({ action: 'dbStats', on: 'database' }, dbStats)
const statsOfCollection = list({ action: 'collStats' }, collStats)

export const catalogCommands: Readonly<Record<string, Handler>> = {
  listDatabases: { needs: 'user', at: 'readable', run: listDatabases },
  listCollections: list('user', listCollections),
  listIndexes: list({ action: 'listIndexes' }, listIndexes),
  create: write('createCollection', create),
  drop: write('dropCollection', drop),
  dropDatabase: { needs: { action: 'dropDatabase', on: 'database' }, at: 'primary', run: dropDatabase },
  createIndexes: write('createIndex', createIndexes),
  dropIndexes: write('dropIndex', dropIndexes),
  deleteIndexes: write('dropIndex', dropIndexes),
  dbStats: statsOfDatabase,
  dbstats: statsOfDatabase,
  collStats: statsOfCollection,
  collstats: statsOfCollection,
}
