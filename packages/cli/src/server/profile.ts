// Profiles: `config.toml` with the Atlas CLI's keys, one table per profile, so that a profile moves between the two.
// Read lazily: a client command that has its server from the environment never loads the TOML parser.

import { readFile } from 'node:fs/promises'
import { UsageError } from '../core/usage-error.ts'

export type Profile = Readonly<Record<string, string>>

/** Every profile by name; none where there is no file. Throws UsageError, naming file and line, for broken TOML. */
export async function readProfiles(file: string): Promise<ReadonlyMap<string, Profile>> {
  const text = await readFile(file, 'utf8').catch((problem: NodeJS.ErrnoException) => {
    if (problem.code === 'ENOENT' || problem.code === 'ENOTDIR') return undefined
    throw new UsageError(`cannot read ${file}: ${problem.message}`)
  })
  return text === undefined ? new Map() : parseProfiles(text, file)
}

/** `file` is only for the message. Throws UsageError for broken TOML. */
export async function parseProfiles(text: string, file: string): Promise<ReadonlyMap<string, Profile>> {
  const { parse, TomlError } = await import('smol-toml')
  try {
    const tables = Object.entries(parse(text)).filter(([, value]) => typeof value === 'object' && value !== null)
    return new Map(tables.map(([name, table]) => [name, settingsOf(table as Readonly<Record<string, unknown>>)]))
  } catch (problem) {
    if (!(problem instanceof TomlError)) throw problem
    throw new UsageError(`${file} is not valid TOML at line ${problem.line}, column ${problem.column}`)
  }
}

const settingsOf = (table: Readonly<Record<string, unknown>>): Profile =>
  Object.fromEntries(
    Object.entries(table)
      .filter(([, value]) => typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      .map(([name, value]) => [name, String(value)]),
  )
