// Edits of the text of config.toml, pure: what is not meant stays as it was, comments and order included. Whoever writes
// the result reads it again first (write-profiles.ts), since TOML can say the same in more ways than are known here.

interface Place {
  readonly profile: string
  readonly property: string
}

/** With one key of one table set; key and table are added where they are not there. */
export function withProperty(text: string, change: Place & { readonly value: string }): string {
  const line = `${change.property} = ${tomlString(change.value)}`
  const lines = linesOf(text)
  const table = tableAt(lines, change.profile)
  if (table === undefined) {
    return textOf([...lines, ...(lines.length > 0 ? [''] : []), headerOf(change.profile), line])
  }
  const at = keyAt(lines, table, change.property)
  return textOf(at === -1 ? lines.toSpliced(table.last + 1, 0, line) : lines.toSpliced(at, 1, line))
}

export function withoutProperty(text: string, { profile, property }: Place): string {
  const lines = linesOf(text)
  const table = tableAt(lines, profile)
  const at = table === undefined ? -1 : keyAt(lines, table, property)
  return at === -1 ? text : textOf(lines.toSpliced(at, 1))
}

export function withoutProfile(text: string, profile: string): string {
  const lines = linesOf(text)
  const table = tableAt(lines, profile)
  return table === undefined ? text : textOf(lines.toSpliced(table.start, table.last - table.start + 1))
}

export function withRenamedProfile(text: string, from: string, to: string): string {
  const lines = linesOf(text)
  const table = tableAt(lines, from)
  return table === undefined ? text : textOf(lines.toSpliced(table.start, 1, headerOf(to)))
}

interface Table {
  readonly start: number
  /** Its last line that says something. */
  readonly last: number
}

function tableAt(lines: readonly string[], profile: string): Table | undefined {
  const header = headerOf(profile)
  const start = lines.findIndex((one) => one.trim().replace(/\s*#.*$/, '') === header)
  if (start === -1) return undefined
  const next = lines.findIndex((one, index) => index > start && /^\s*\[/.test(one))
  const last = (next === -1 ? lines : lines.slice(0, next)).findLastIndex((one) => !/^\s*(#|$)/.test(one))
  return { start, last }
}

const keyAt = (lines: readonly string[], { start, last }: Table, property: string): number =>
  lines.findIndex((one, index) => index > start && index <= last && one.split('=')[0]?.trim() === property)

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))
const textOf = (lines: readonly string[]): string => (lines.length === 0 ? '' : `${lines.join('\n')}\n`)
const headerOf = (profile: string): string => `[${/^[\w-]+$/.test(profile) ? profile : tomlString(profile)}]`

/** A basic TOML string; JSON's escapes are a subset of TOML's. */
const tomlString = (value: string): string => JSON.stringify(value).replaceAll('\u007f', '\\u007f')
