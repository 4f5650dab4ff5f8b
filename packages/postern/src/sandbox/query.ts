// Finding, ordering and projecting documents with mingo, on views; what is found are the stored documents, so that
// what is sent is the bytes that were stored. Scripts (`$where`, `$function`) never run.
import { find, Query } from 'mingo'
import { CommandError } from './command-error.ts'
import { type Doc, encodeDocument, isDoc, keyOf, retype, viewOf, viewOfDocument } from './document.ts'

/** What a query needs of a stored document. */
export type Findable = { readonly key: string; readonly raw: Uint8Array; readonly view: Doc; typed(): Doc }
export type Source<D extends Findable> = { readonly documents: ReadonlyMap<string, D> }

export const queryOptions = { scriptEnabled: false, useStrictMode: true } as const

export type Finding = {
  /** The filter in its typed form. */
  readonly filter: Doc
  readonly sort?: Doc | undefined
  readonly skip?: number
  readonly limit?: number
  readonly collation?: Doc | undefined
  readonly variables?: Doc | undefined
}

export function optionsOf({ collation, variables }: Pick<Finding, 'collation' | 'variables'>) {
  const locale = collation?.locale
  return {
    ...queryOptions,
    ...(typeof locale === 'string' && locale !== 'simple' ? { collation: { ...collation, locale } } : {}),
    ...(variables ? { variables } : {}),
  }
}

/** The documents that match, in order; nothing is copied. */
export function findDocuments<D extends Findable>(source: Source<D> | undefined, finding: Finding): readonly D[] {
  if (!source) return []
  const options = optionsOf(finding)
  const { skip = 0, limit = 0, sort } = finding
  const sorted = sort !== undefined && Object.keys(sort).length > 0 && !('$natural' in sort)
  const enough = sorted || limit === 0 ? Number.POSITIVE_INFINITY : skip + limit
  const matched: D[] = []
  const query = new Query(viewOfDocument(finding.filter), options)
  for (const document of candidates(source, finding.filter)) {
    if (!query.test(document.view)) continue
    matched.push(document)
    if (matched.length >= enough) break
  }
  const natural = sort && '$natural' in sort && sort.$natural === -1 ? matched.reverse() : matched
  const ordered = sorted ? inOrder(natural, sort, options) : natural
  return ordered.slice(skip, limit === 0 ? undefined : skip + limit)
}

function inOrder<D extends Findable>(
  documents: readonly D[],
  sort: Doc,
  options: ReturnType<typeof optionsOf>,
): readonly D[] {
  const byView = new Map(documents.map((document) => [document.view, document]))
  const views: Doc[] = find<Doc>([...byView.keys()], {}, {}, options)
    .sort(sort)
    .all()
  return views.flatMap((view) => byView.get(view) ?? [])
}

/** A filter on `_id` alone needs no walk through the whole collection. */
function candidates<D extends Findable>({ documents }: Source<D>, filter: Doc): Iterable<D> {
  const ids = idsOf(filter._id)
  if (!ids) return documents.values()
  return [...new Set(ids.map(keyOf))].flatMap((key) => documents.get(key) ?? [])
}

function idsOf(wanted: unknown): readonly unknown[] | undefined {
  if (wanted === undefined || wanted === null || Array.isArray(wanted)) return undefined
  if (!isDoc(wanted))
    return typeof wanted === 'object' && Object.getPrototypeOf(wanted)?.constructor?.name.includes('RegExp')
      ? undefined
      : [wanted]
  const operators = Object.keys(wanted)
  if (!operators.some((name) => name.startsWith('$'))) return undefined
  if ('$eq' in wanted && !Array.isArray(wanted.$eq)) return wanted.$eq === null ? undefined : [wanted.$eq]
  const among = wanted.$in
  const plain =
    Array.isArray(among) &&
    among.every((id) => id !== null && typeof id === 'object' && '_bsontype' in id && id._bsontype === 'ObjectId')
  return plain ? among : undefined
}

/** The bytes of each document as the projection shows it. */
export function project(
  documents: readonly Findable[],
  projection: Doc | undefined,
  options: ReturnType<typeof optionsOf>,
): readonly Uint8Array[] {
  if (!projection || Object.keys(projection).length === 0) return documents.map(({ raw }) => raw)
  if (Object.keys(projection).some((field) => field.endsWith('.$'))) {
    throw new CommandError('CommandNotSupported', 'positional projection is not supported by the sandbox')
  }
  const views = documents.map(({ view }) => view)
  const shown = find<Doc>(views, {}, projection, options).all()
  return documents.map((document, index) => {
    return encodeDocument(idFirst(retype(shown[index] ?? {}, document.view, document.typed())))
  })
}

function idFirst(value: unknown): Doc {
  const doc = isDoc(value) ? value : {}
  return '_id' in doc ? { _id: doc._id, ...doc } : doc
}

/** The view of a value that a query computed, as BSON: whole numbers as int or long, others as double. */
export const computed = (value: Doc): Uint8Array => {
  const typed = retype(value, undefined, undefined)
  return encodeDocument(isDoc(typed) ? typed : {})
}

/** The distinct values at a dotted path, arrays opened. */
export function distinctValues(documents: readonly Findable[], path: string): readonly unknown[] {
  const found = new Map<string, unknown>()
  for (const document of documents) {
    for (const value of pluck(document.typed(), path.split('.')))
      if (value !== undefined) found.set(keyOf(value), value)
  }
  return [...found.values()]
}

function pluck(value: unknown, path: readonly string[]): unknown[] {
  const [head, ...rest] = path
  if (Array.isArray(value) && !(head !== undefined && /^\d+$/.test(head)))
    return value.flatMap((item) => pluck(item, path))
  if (head === undefined) return [value]
  if (Array.isArray(value)) return pluck(value[Number(head)], rest)
  return isDoc(value) ? pluck(value[head], rest) : []
}

/** A typed sub-document of a command as a view. */
export const viewed = (typed: unknown): Doc | undefined => {
  const view = viewOf(typed)
  return isDoc(view) ? view : undefined
}
