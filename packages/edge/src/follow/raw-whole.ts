// A whole as it came, before anybody has judged its body: what changes are laid upon, and what is kept on disk, so that a
// newer edge finds the fields that an older one does not know. Pure.

import { createHash } from 'node:crypto'
import { hashedText, withChange } from '@postern/contract/snapshot-change'
import type { Mark } from './decide.ts'
import { parseJson } from './parse-snapshot.ts'

export interface RawWhole {
  /** All of it, parsed; its shape is not known yet. */
  readonly value: unknown
  readonly json: string
}

/** Thrown where changes do not lead from what is held to what they say: the whole must be asked for. */
export class ChangeError extends Error {
  override readonly name = 'ChangeError'
}

/** What came: a whole, or changes of the one that is held. Throws SnapshotError for text that is no JSON, and ChangeError. */
export function rawWhole(json: string, held: { readonly mark: Mark; readonly raw: RawWhole } | null): RawWhole {
  const value = parseJson(json)
  if (!isObject(value) || !Object.hasOwn(value, 'changes')) return { value, json }
  if (held === null) throw new ChangeError('changes came, and nothing is held that they could change')
  const { schema, epoch, n, after, hash, changes } = value
  if (epoch !== held.mark.epoch || after !== held.mark.n)
    throw new ChangeError(`changes of number ${text(after)} came, and ${held.mark.n} is held`)
  if (!Array.isArray(changes)) throw new ChangeError('the changes are no list')
  const body = laidUpon((held.raw.value as { readonly body?: unknown }).body, changes)
  const bodyJson = JSON.stringify(body)
  const own = createHash('sha256')
    .update(hashedText(Number(schema), bodyJson))
    .digest('hex')
  if (own !== hash)
    throw new ChangeError(`the changes to number ${text(n)} lead to something else than what was published`)
  const head = JSON.stringify({ schema, epoch, n })
  return { value: { schema, epoch, n, body }, json: `${head.slice(0, -1)},"body":${bodyJson}}` }
}

function laidUpon(body: unknown, changes: readonly unknown[]): unknown {
  try {
    return changes.reduce(withChange, body)
  } catch (error) {
    if (error instanceof RangeError) throw new ChangeError(`the changes do not fit: ${error.message}`)
    throw error
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** Of what may be anything. */
const text = (value: unknown): string => String(JSON.stringify(value)).slice(0, 20)
