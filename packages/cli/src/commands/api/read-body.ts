// The body of a request from a file or standard input.

import { readFile } from 'node:fs/promises'
import type { Input } from '../../core/io.ts'
import { UsageError } from '../../core/usage-error.ts'

const mostBytes = 16 * 1024 * 1024

/** Throws UsageError for a file that cannot be read or holds neither JSON nor, by its name, YAML. */
export async function readBody(file: string, stdin: Input): Promise<unknown> {
  const what = file === '-' ? 'standard input' : file
  const text =
    file === '-'
      ? await readAll(stdin)
      : await readFile(file, 'utf8').catch((problem: NodeJS.ErrnoException) => {
          throw new UsageError(`cannot read ${file}: ${problem.code ?? problem.message}`)
        })
  if (/\.ya?ml$/i.test(file)) return yamlOf(text, what)
  try {
    return JSON.parse(text)
  } catch {
    throw new UsageError(`${what} does not hold JSON`)
  }
}

async function readAll(stdin: Input): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of stdin) {
    text += typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true })
    if (text.length > mostBytes) throw new UsageError('standard input holds more than 16 MiB')
  }
  return text
}

async function yamlOf(text: string, what: string): Promise<unknown> {
  const { parse, YAMLParseError } = await import('yaml')
  try {
    return parse(text)
  } catch (problem) {
    if (!(problem instanceof YAMLParseError)) throw problem
    throw new UsageError(`${what} does not hold YAML: ${problem.message.split('\n')[0]}`)
  }
}
