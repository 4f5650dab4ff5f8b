// Variables as lines that a POSIX shell evaluates, whatever stands in a value.

/** In order; null takes a variable away that would win over the others. */
export type Variables = Readonly<Record<string, string | null>>

export const shellLines = (variables: Variables): string =>
  Object.entries(variables)
    .map(([name, value]) => (value === null ? `unset ${name}\n` : `export ${name}=${quoted(value)}\n`))
    .join('')

const quoted = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`
