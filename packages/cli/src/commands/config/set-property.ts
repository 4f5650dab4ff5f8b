// Writes one property into config.toml. The text is edited, not rewritten, so that comments and order stay; the file
// is replaced whole (temporary file, rename), readable by its owner only.

import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isObjectId } from '@postern/contract/ids'
import type { Context } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'
import { printerOf } from '../../print/output-format.ts'
import { configFile } from '../../server/folders.ts'
import { parseProfiles, readProfiles } from '../../server/profile.ts'

const id = (value: string): string | undefined =>
  isObjectId(value) ? undefined : `the provided value '${value}' is not a valid ID`
const url = (value: string): string | undefined =>
  URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
    ? undefined
    : `"${value}" is not an http or https URL`
const anything = (): undefined => undefined

/** By property: what is wrong with a value. */
const properties: Readonly<Record<string, (value: string) => string | undefined | Promise<undefined>>> = {
  project_id: id,
  org_id: id,
  ops_manager_url: url,
  public_api_key: anything,
  private_api_key: anything,
  client_id: anything,
  client_secret: anything,
  access_token: anything,
  output: async (value) => void (await printerOf(value)),
}

/** Throws UsageError for a property that there is not, a value that cannot be one, or a file that cannot be written. */
export async function setProperty(
  context: Context,
  { property, value }: { readonly property: string; readonly value: string | undefined },
): Promise<void> {
  const check = Object.hasOwn(properties, property) ? properties[property] : undefined
  if (check === undefined) throw new UsageError(`invalid property: "${property}"`)
  const chosen = value ?? (await context.secret(`${property}:`))
  const problem = await check(chosen)
  if (problem !== undefined) throw new UsageError(problem)
  const file = configFile(context.io.env)
  // Read as TOML first: what is broken already is not edited.
  await readProfiles(file)
  const before = await readFile(file, 'utf8').catch(() => '')
  const profile = context.optional('profile') ?? 'default'
  const after = withProperty(before, { profile, property, value: chosen })
  const written = await parseProfiles(after, file).catch(() => undefined)
  // A quoted key or an inline table would now stand there twice: nothing is written then.
  if (written?.get(profile)?.[property] !== chosen) {
    throw new UsageError(
      `cannot set ${property} in ${file}: edit it by hand, it is written in a form that is not known`,
    )
  }
  await replaceFile(file, after)
}

/** The text of a TOML file with one key of one table set. */
export function withProperty(
  text: string,
  change: { readonly profile: string; readonly property: string; readonly value: string },
): string {
  const line = `${change.property} = ${tomlString(change.value)}`
  const header = `[${/^[\w-]+$/.test(change.profile) ? change.profile : tomlString(change.profile)}]`
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  const start = lines.findIndex((one) => one.trim().replace(/\s*#.*$/, '') === header)
  if (start === -1) return `${[...lines, ...(lines.length > 0 ? [''] : []), header, line].join('\n')}\n`
  const next = lines.findIndex((one, index) => index > start && /^\s*\[/.test(one))
  const last = (next === -1 ? lines : lines.slice(0, next)).findLastIndex((one) => one.trim() !== '')
  const at = lines.findIndex(
    (one, index) => index > start && index <= last && one.split('=')[0]?.trim() === change.property,
  )
  return `${(at === -1 ? lines.toSpliced(last + 1, 0, line) : lines.toSpliced(at, 1, line)).join('\n')}\n`
}

/** A basic TOML string; JSON's escapes are a subset of TOML's. */
const tomlString = (value: string): string => JSON.stringify(value).replaceAll('\u007f', '\\u007f')

async function replaceFile(file: string, text: string): Promise<void> {
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
