// `-o`: from what was typed to what prints an answer. A path or template is read whole before the command does
// anything: a wish carried out and then not shown would be lost on the caller. Each library loads with its own format.

import { readFile } from 'node:fs/promises'
import { UsageError } from '../core/usage-error.ts'
import { jsonPath } from './json-path.ts'
import type { Printer } from './template.ts'

export const outputFormats = ['plaintext', 'json', 'yaml', 'json-path=', 'go-template=', 'go-template-file='] as const
type OutputFormat = (typeof outputFormats)[number]

const printers: Readonly<Record<OutputFormat, (given: string) => Promise<Printer>>> = {
  plaintext: async () => (reply, template) => template.plain(reply),
  json: async () => (reply) => `${JSON.stringify(reply ?? {}, null, 2)}\n`,
  yaml: async () => {
    const { stringify } = await import('yaml')
    return (reply) => stringify(reply ?? {}, { lineWidth: 0, aliasDuplicateObjects: false })
  },
  'json-path=': jsonPath,
  'go-template=': goTemplate,
  'go-template-file=': async (file) =>
    goTemplate(
      await readFile(file, 'utf8').catch((problem: NodeJS.ErrnoException) => {
        throw new UsageError(`cannot read the template ${file}: ${problem.code ?? problem.message}`)
      }),
    ),
}

/** Empty means plain text, as in an Atlas profile. Throws UsageError for any other text. */
export async function printerOf(text: string | undefined): Promise<Printer> {
  if (text === undefined || text === '') return printers.plaintext('')
  const name = /^[^=]*=?/.exec(text)?.[0]
  const format = outputFormats.find((one) => one === name)
  if (format !== undefined) {
    const given = text.slice(format.length)
    if (format.endsWith('=') && given === '') throw new UsageError(`output format "${text}" wants a value after "="`)
    return printers[format](given)
  }
  const known = outputFormats.find((one) => one === `${text}=`)
  if (known !== undefined) throw new UsageError(`output format "${text}" wants a value: -o ${known}…`)
  throw new UsageError(
    `invalid output format "${text}"; accepted values: ${outputFormats.map((one) => one.replace(/=$/, '=…')).join(', ')}`,
  )
}

async function goTemplate(source: string): Promise<Printer> {
  const [{ compileTemplate }, { TemplateError }, { tabColumns }] = await Promise.all([
    import('./go-template/render.ts'),
    import('./go-template/syntax.ts'),
    import('./tab-columns.ts'),
  ])
  const told = <Value>(work: () => Value): Value => {
    try {
      return work()
    } catch (problem) {
      throw problem instanceof TemplateError ? new UsageError(`go-template: ${problem.message}`) : problem
    }
  }
  const render = told(() => compileTemplate(source))
  return (reply) => told(() => tabColumns(render(reply ?? {})))
}
