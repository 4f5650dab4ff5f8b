// Variables as lines that a POSIX shell evaluates, whatever stands in a value.

import { shellQuoted } from '@postern/contract/shell-words'

/** In order; null takes a variable away that would win over the others. */
export type Variables = Readonly<Record<string, string | null>>

export const shellLines = (variables: Variables): string =>
  Object.entries(variables)
    .map(([name, value]) => (value === null ? `unset ${name}\n` : `export ${name}=${shellQuoted(value)}\n`))
    .join('')
