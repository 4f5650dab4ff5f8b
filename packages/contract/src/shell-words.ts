// Words as a POSIX shell reads them back, whatever stands in them.

/** As it is where no shell would touch it, else in single quotes. */
export const shellWord = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : shellQuoted(word))

export const shellQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

type Option = readonly [name: string, ...values: readonly string[]]

/** One command, an option a line. */
export const shellCommand = (words: readonly string[], options: readonly Option[]): string =>
  [words.map(shellWord).join(' '), ...options.map((option) => `  ${option.map(shellWord).join(' ')}`)].join(' \\\n')
