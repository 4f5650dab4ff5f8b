// The one way into config.toml: the file is replaced whole (temporary file, rename), readable by its owner only, and only
// when the new text reads as what was meant.

import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { UsageError } from '../core/usage-error.ts'
import { type Profile, parseProfiles, readProfiles } from './profile.ts'

/** Throws UsageError for a file that is broken, is written in a form that is not known, or cannot be written. */
export async function changeProfiles(
  file: string,
  change: {
    readonly edit: (text: string) => string
    /** Whether the new text says what was meant. */
    readonly holds: (profiles: ReadonlyMap<string, Profile>) => boolean
  },
): Promise<void> {
  // Read as TOML first: what is broken already is not edited.
  await readProfiles(file)
  const after = change.edit(await readFile(file, 'utf8').catch(() => ''))
  const written = await parseProfiles(after, file).catch(() => undefined)
  // A quoted key or an inline table would now stand there twice: nothing is written then.
  if (written === undefined || !change.holds(written)) {
    throw new UsageError(`cannot change ${file}: edit it by hand, it is written in a form that is not known`)
  }
  await replaceFile(file, after)
}

export async function replaceFile(file: string, text: string): Promise<void> {
  const temporary = `${file}.${randomUUID()}`
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await writeFile(temporary, text, { mode: 0o600 })
    await rename(temporary, file)
  } catch (problem) {
    await rm(temporary, { force: true })
    throw new UsageError(`cannot write ${file}: ${problem instanceof Error ? problem.message : String(problem)}`)
  }
}
