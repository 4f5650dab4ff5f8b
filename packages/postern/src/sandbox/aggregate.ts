// Aggregation pipelines with mingo. Leading stages that only choose and order documents work on what is stored, so
// their results keep their bytes; from the first stage that computes on, documents are copied first, because mingo's
// stages write into what they are given.
import { Aggregator, ProcessingMode } from 'mingo'
import { CommandError } from './command-error.ts'
import { type Doc, isDoc, viewOfDocument } from './document.ts'
import { computed, type Findable, findDocuments, optionsOf, type Source } from './query.ts'

export type Pipeline = {
  /** The stages, typed. */
  readonly stages: readonly Doc[]
  readonly collation?: Doc | undefined
  readonly variables?: Doc | undefined
  /** Another collection of the same database, for `$lookup` and its kind. */
  resolve(name: string): Source<Findable> | undefined
}

const refused: Readonly<Record<string, string>> = {
  $out: 'writing stages are not supported by the sandbox',
  $merge: 'writing stages are not supported by the sandbox',
  $changeStream: 'change streams are not supported by the sandbox',
}

/** @returns the results as BSON */
export function aggregate(source: Source<Findable> | undefined, pipeline: Pipeline): readonly Uint8Array[] {
  checkStages(pipeline.stages)
  const { found, rest } = choose(source, pipeline)
  if (rest.length === 0) return found.map(({ raw }) => raw)
  const options = {
    ...optionsOf(pipeline),
    processingMode: ProcessingMode.CLONE_INPUT,
    collectionResolver: (name: string) =>
      [...(pipeline.resolve(name)?.documents.values() ?? [])].map((document) => viewOfDocument(document.typed())),
  }
  const views = found.map(({ view }) => view)
  return new Aggregator(
    rest.map((stage) => viewOfDocument(stage)),
    options,
  )
    .run<Doc>(views)
    .map(computed)
}

/** Carries out the leading `$match` and `$sort` stages; gives what they chose and the stages behind them. */
function choose(source: Source<Findable> | undefined, { stages, collation, variables }: Pipeline) {
  let from = source
  let found: readonly Findable[] | undefined
  let at = 0
  for (const stage of stages) {
    const { $match, $sort } = stage
    const base = { filter: {}, collation, variables }
    if (isDoc($match)) found = findDocuments(from, { ...base, filter: $match })
    else if (isDoc($sort)) found = findDocuments(from, { ...base, sort: viewOfDocument($sort) })
    else break
    from = { documents: new Map(found.map((document) => [document.key, document])) }
    at += 1
  }
  return { found: found ?? [...(source?.documents.values() ?? [])], rest: stages.slice(at) }
}

function checkStages(stages: readonly unknown[]): void {
  for (const stage of stages) {
    if (!isDoc(stage) || Object.keys(stage).length !== 1) {
      throw new CommandError(
        'UnrecognizedStage',
        'A pipeline stage specification object must contain exactly one field.',
      )
    }
    const [[name, operand]] = Object.entries(stage) as [[string, unknown]]
    const why = Object.hasOwn(refused, name) ? refused[name] : undefined
    if (why) throw new CommandError('CommandNotSupported', `${name}: ${why}`)
    if (!isDoc(operand)) continue
    if (Array.isArray(operand.pipeline)) checkStages(operand.pipeline)
    if (name === '$facet') for (const inner of Object.values(operand)) if (Array.isArray(inner)) checkStages(inner)
  }
}
