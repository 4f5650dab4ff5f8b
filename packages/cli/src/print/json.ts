// Answers as the CLI sees them: JSON that came from outside. Templates read it by field name and show what is missing
// as nothing. Control characters never reach a terminal: an error sentence may come from a cloud or from a stranger.

export type Json = unknown

/** `at(reply, 'connectionStrings.standard')`; undefined wherever the way ends. */
export const at = (value: Json, path: string): Json =>
  path
    .split('.')
    .reduce<Json>(
      (inner, name) =>
        typeof inner === 'object' && inner !== null ? (inner as Readonly<Record<string, unknown>>)[name] : undefined,
      value,
    )

/** A scalar as a template shows it: null and missing as nothing, lists joined by ", ". */
export function shown(value: Json): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value)) return value.map(shown).join(', ')
  if (typeof value === 'object') return printable(JSON.stringify(value))
  return printable(String(value))
}

export const textAt = (value: Json, path: string): string => shown(at(value, path))

/** The items of a page (`results`) or of a bare array. */
export function itemsOf(reply: Json): readonly Json[] {
  const items = Array.isArray(reply) ? reply : at(reply, 'results')
  return Array.isArray(items) ? items : []
}

/** One line without control characters. */
export const printable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  text.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
