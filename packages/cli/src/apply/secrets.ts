// Passwords and private keys of what is to be made: from the file in clear, from a variable or from another file. They are
// read before anything is done, so that nothing is left half-way for want of one.

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Io } from '../core/io.ts'
import type { SecretWish } from './kind.ts'
import type { ProjectPlan } from './plan.ts'
import type { FileRead } from './read-file.ts'
import type { Fault } from './shape.ts'

export interface Secrets {
  /** By the wish that needs it. */
  readonly values: ReadonlyMap<object, string>
  /** Where one lies in the file in clear. */
  readonly inClear: readonly string[]
}

const leastOf: Readonly<Record<string, RegExp>> = {
  password: /^.{8,1024}$/,
  privateKey: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
}

/** Throws UsageError that names every secret that is not there. Messages never hold one. */
export async function readSecrets(
  plan: readonly ProjectPlan[],
  { file, env }: { readonly file: FileRead; readonly env: Io['env'] },
): Promise<Secrets> {
  const values = new Map<object, string>()
  const faults: Fault[] = []
  const inClear: string[] = []
  for (const { kind, wish, action, changes } of plan.flatMap(({ items }) => items)) {
    const secret = wish === undefined ? undefined : kind?.secretOf?.(wish)
    if (secret === undefined || wish === undefined) continue
    const { field } = secret
    if (secret.clear !== undefined) inClear.push(file.placeOf(wish, field))
    if (action !== 'create' && !changes.some((change) => change.field === field)) continue
    const read = await secretValue(secret, { folder: file.folder, env })
    if ('value' in read) values.set(wish, read.value)
    else if ('says' in read) faults.push({ within: wish, field: secret.from ? `${field}From` : field, says: read.says })
  }
  if (faults.length > 0) throw file.faulty(faults)
  return { values, inClear }
}

type Read = { readonly value: string } | { readonly says: string } | Record<never, never>

async function secretValue(
  { field, clear, from, needed }: SecretWish,
  { folder, env }: { readonly folder: string; readonly env: Io['env'] },
): Promise<Read> {
  if (clear !== undefined) return { value: clear }
  if (from === undefined)
    return needed ? { says: `is missing: it is to be made, and needs ${field} or ${field}From` } : {}
  const source = from.env === undefined ? (from.file ?? '') : `$${from.env}`
  const text = from.env === undefined ? await firstLineOf(resolve(folder, from.file ?? '')) : env[from.env]
  if (text === undefined || text === '') return { says: `there is nothing in ${source}` }
  if (leastOf[field]?.test(text) === false) {
    return {
      says: `what is in ${source} is no ${field === 'password' ? 'password: 8 to 1024 characters' : 'UUID in lower case'}`,
    }
  }
  return { value: text }
}

const firstLineOf = (path: string): Promise<string | undefined> =>
  readFile(path, 'utf8').then(
    (text) => text.split(/\r?\n/)[0],
    () => undefined,
  )
