// What may go through a read-only endpoint: commands and aggregation stages by name, from lists of what is allowed, so
// that what a later server learns is refused until somebody looked at it. Pure.

import { type BsonElement, bsonType, elements } from '../wire/bson-elements.ts'
import { WireRefusal } from '../wire/refusal.ts'
import { type Command, readCommand } from './request.ts'

/** The handshake, what keeps a connection alive, reads, and looking at the deployment. Names as the server spells them. */
const commands: ReadonlySet<string> = new Set([
  ...['hello', 'isMaster', 'ismaster', 'ping', 'buildInfo', 'buildinfo', 'whatsmyuri', 'connectionStatus'],
  ...['saslStart', 'saslContinue', 'authenticate', 'logout'],
  ...['startSession', 'refreshSessions', 'endSessions', 'commitTransaction', 'abortTransaction'],
  ...['find', 'getMore', 'killCursors', 'count', 'distinct', 'aggregate', 'explain'],
  ...['listDatabases', 'listCollections', 'listIndexes', 'dbStats', 'dbstats', 'collStats', 'collstats', 'dataSize'],
  ...['hostInfo', 'serverStatus', 'getParameter', 'getCmdLineOpts', 'getLog', 'listCommands', 'currentOp', 'top'],
  ...['replSetGetStatus', 'replSetGetConfig', 'isdbgrid', 'listShards', 'getShardMap', 'balancerStatus'],
  ...[
    'getDefaultRWConcern',
    'getClusterParameter',
    'connPoolStats',
    'usersInfo',
    'rolesInfo',
    'features',
    'atlasVersion',
  ],
])

/** Those whose plan may be asked for; the plan of anything else is nobody's business here. */
const explained: ReadonlySet<string> = new Set(['find', 'count', 'distinct', 'aggregate'])

/** Null: it has no pipeline inside. Else where it has one, or several by name. */
type Inside = null | { readonly pipeline: string } | 'each'
const stages: ReadonlyMap<string, Inside> = new Map<string, Inside>([
  ...[
    ...['$match', '$project', '$addFields', '$set', '$unset', '$group', '$sort', '$limit', '$skip', '$unwind'],
    ...['$bucket', '$bucketAuto', '$count', '$sortByCount', '$sample', '$replaceRoot', '$replaceWith', '$redact'],
    ...['$graphLookup', '$geoNear', '$documents', '$densify', '$fill', '$setWindowFields'],
    ...['$search', '$searchMeta', '$vectorSearch', '$listSearchIndexes'],
    ...['$indexStats', '$collStats', '$planCacheStats', '$currentOp', '$listSessions', '$listLocalSessions'],
    ...['$changeStream', '$changeStreamSplitLargeEvent'],
  ].map((name): [string, Inside] => [name, null]),
  ['$lookup', { pipeline: 'pipeline' }],
  ['$unionWith', { pipeline: 'pipeline' }],
  ['$facet', 'each'],
])

/** The server's own limit of nesting is 100 for documents. */
const deepest = 20

/** What of this command is not allowed, for a sentence (`insert`, `stage $out of aggregate`); null: all of it is. */
export function forbiddenIn(command: Command): string | null {
  const { name, document, elements: found } = command
  if (!commands.has(name)) return name
  if (name === 'aggregate') return forbiddenInAggregate(command)
  if (name !== 'explain') return null
  const element = found.get('explain')
  if (element?.type !== bsonType.DOCUMENT || command.sequences.size > 0)
    return 'explain of something that is no command'
  const inner = readCommand(document.subarray(element.valueAt, element.end), new Map())
  if (!explained.has(inner.name)) return `explain of ${inner.name}`
  return inner.name === 'aggregate' ? forbiddenInAggregate(inner) : null
}

function forbiddenInAggregate({ document, elements: found, sequences }: Command): string | null {
  const sequence = sequences.get('pipeline')
  const forbidden =
    sequence === undefined
      ? inArray(document, found.get('pipeline'), 0)
      : firstOf(sequence, (stage) => inStage(stage, 0))
  return forbidden && `${forbidden} of aggregate`
}

function inArray(document: Buffer, element: BsonElement | undefined, depth: number): string | null {
  if (element?.type !== bsonType.ARRAY) return 'a pipeline that is no list'
  if (depth > deepest) return 'a pipeline so deep'
  for (const item of elements(document.subarray(element.valueAt, element.end), 0, element.end - element.valueAt)) {
    if (item.type !== bsonType.DOCUMENT) return 'a stage that is no document'
    const forbidden = inStage(document.subarray(element.valueAt + item.valueAt, element.valueAt + item.end), depth)
    if (forbidden !== null) return forbidden
  }
  return null
}

function inStage(stage: Buffer, depth: number): string | null {
  const [element, ...others] = elements(stage, 0, stage.length)
  if (element === undefined || others.length > 0) return 'a stage that has not just one name'
  const inside = stages.get(element.name)
  if (inside === undefined) return `stage ${element.name}`
  if (inside === null || element.type !== bsonType.DOCUMENT) {
    // `$unionWith` may be the name of a collection alone
    return inside === null || (element.name === '$unionWith' && element.type === bsonType.STRING)
      ? null
      : `stage ${element.name} without its document`
  }
  const value = stage.subarray(element.valueAt, element.end)
  const { elements: fields } = namedOnce(value)
  if (inside === 'each') return firstOf([...fields.values()], (field) => inArray(value, field, depth + 1))
  const pipeline = fields.get(inside.pipeline)
  return pipeline === undefined ? null : inArray(value, pipeline, depth + 1)
}

/** Throws WireRefusal where a name comes twice. */
function namedOnce(document: Buffer): Pick<Command, 'elements'> {
  const found = new Map<string, BsonElement>()
  for (const element of elements(document, 0, document.length)) {
    if (found.has(element.name)) throw new WireRefusal('MESSAGE', `a stage that says ${element.name} twice`)
    found.set(element.name, element)
  }
  return { elements: found }
}

function firstOf<Item>(items: readonly Item[], of: (item: Item) => string | null): string | null {
  for (const item of items) {
    const found = of(item)
    if (found !== null) return found
  }
  return null
}
