// The seed as it is read before anything is started, so that a fault in it is told at once.

import { parseWishes, readWishes } from '@postern/cli/apply/read-file'
import type { StartOptions } from '../testing.ts'
import type { Credentials } from './uri.ts'

export interface Seed {
  /** Of the first user of its first project whose password stands in clear. */
  readonly credentials: Credentials | null
}

/** Null: the sample. Throws an error that lists every fault, each with its line and path. */
export const readSeed = async (apply: StartOptions['apply']): Promise<Seed | null> => {
  if (apply === undefined) return null
  const { wishes } =
    typeof apply === 'string'
      ? await readWishes(apply, process.stdin)
      : parseWishes(JSON.stringify(apply, null, 2), { name: 'seed', folder: '.' })
  const found = wishes.projects?.[0]?.users?.find(({ password }) => password !== undefined)
  return { credentials: found?.password === undefined ? null : { user: found.username, password: found.password } }
}
