// `-o`: which formats there are. JSON path and Go templates, which the Atlas CLI has, are refused by name.

import { UsageError } from '../core/usage-error.ts'

const outputFormats = ['plaintext', 'json'] as const
export type OutputFormat = (typeof outputFormats)[number]

/** Empty means plain text, as in an Atlas profile. Throws UsageError for any other text. */
export function outputFormat(text: string | undefined): OutputFormat {
  if (text === undefined || text === '') return 'plaintext'
  const format = outputFormats.find((one) => one === text)
  if (format !== undefined) return format
  const known = /^(json-path|go-template|go-template-file)(=|$)/.test(text)
  throw new UsageError(
    `${known ? 'unsupported' : 'invalid'} output format "${text}"; accepted values: ${outputFormats.join(', ')}`,
  )
}
