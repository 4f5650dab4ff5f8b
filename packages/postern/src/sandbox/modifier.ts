// Update operators as mingo takes them: checked by name, operands as views or in their own types, arithmetic worked out.
import { type Arithmetic, calculate } from './arithmetic.ts'
import { CommandError } from './command-error.ts'
import { type Doc, isDoc, keyOf, viewOfDocument } from './document.ts'

const operators = new Set([
  '$addToSet',
  '$bit',
  '$currentDate',
  '$inc',
  '$max',
  '$min',
  '$mul',
  '$pop',
  '$pull',
  '$pullAll',
  '$push',
  '$rename',
  '$set',
  '$setOnInsert',
  '$unset',
])
/** Their operands go into the document as they are, so they keep the types that they came with. */
const typedOperands = new Set(['$set', '$setOnInsert'])

export const immutableId = () =>
  new CommandError('ImmutableField', "Performing an update on the path '_id' would modify the immutable field '_id'")

/** The operators as mingo takes them: `$inc` and `$mul` worked out already, where their paths lead through documents. */
export function modifierOf(old: Doc, change: Doc): Doc {
  const modifier: Doc = {}
  const set: Doc = {}
  for (const [name, operand] of Object.entries(change)) {
    if (!operators.has(name)) throw new CommandError('FailedToParse', `Unknown modifier: ${name}`)
    if (!isDoc(operand)) {
      throw new CommandError('FailedToParse', `Modifiers operate on fields: ${name} needs a document`)
    }
    if (name === '$setOnInsert') continue
    const rest = withoutSameId(operand, old)
    modifier[name] = operandOf(name, name === '$inc' || name === '$mul' ? calculated(name, rest, { old, set }) : rest)
  }
  if (Object.keys(set).length === 0) return modifier
  const given = isDoc(modifier.$set) ? modifier.$set : {}
  const twice = Object.keys(set).find((path) => path in given)
  if (twice !== undefined) throw new CommandError('BadValue', `Updating the path '${twice}' would create a conflict`)
  return { ...modifier, $set: { ...given, ...set } }
}

/** Puts what can be worked out into `set`; gives what is left for mingo. */
function calculated(name: Arithmetic, operand: Doc, { old, set }: { old: Doc; set: Doc }): Doc {
  const left: Doc = {}
  for (const [path, by] of Object.entries(operand)) {
    const there = valueAt(old, path)
    const result = there && calculate(name, there.value, by)
    if (result === undefined || path in set) left[path] = by
    else set[path] = result
  }
  return left
}

/** What a path leads to through documents alone; undefined when it meets an array or a `$`. */
function valueAt(document: Doc, path: string): { readonly value: unknown } | undefined {
  let value: unknown = document
  for (const field of path.split('.')) {
    if (value === undefined) continue
    if (!isDoc(value) || field.startsWith('$')) return undefined
    value = Object.hasOwn(value, field) ? value[field] : undefined
  }
  return path.includes('$') ? undefined : { value }
}

const operandOf = (name: string, operand: Doc): Doc => (typedOperands.has(name) ? operand : viewOfDocument(operand))

/** `$set: { _id: <the same> }` changes nothing and is allowed; mingo refuses any `_id`. */
function withoutSameId(operand: Doc, old: Doc): Doc {
  if (!('_id' in operand)) return operand
  const { _id, ...rest } = operand
  if (keyOf(_id) !== keyOf(old._id)) throw immutableId()
  return rest
}
