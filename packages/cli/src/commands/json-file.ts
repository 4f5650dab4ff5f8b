// `--file`: a body as JSON, handed to the server as it is; what is wrong with a field is the server's to say.

import { readFile } from 'node:fs/promises'
import type { Flag } from '../core/command.ts'
import { UsageError } from '../core/usage-error.ts'

export const file: Flag = { name: 'file', short: 'f', kind: 'text', usage: 'JSON file with the settings.' }

/** Throws UsageError where it cannot be read. */
export const readTextFile = (path: string): Promise<string> =>
  readFile(path, 'utf8').catch((problem: NodeJS.ErrnoException) => {
    throw new UsageError(`cannot read ${path}: ${problem.code ?? problem.message}`)
  })

/** Throws UsageError where it cannot be read or is no JSON object. */
export async function readJsonFile(path: string): Promise<Readonly<Record<string, unknown>>> {
  const body = parsed(await readTextFile(path), path)
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new UsageError(`failed to parse JSON file ${path}: it must hold one object`)
  }
  return body as Readonly<Record<string, unknown>>
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text)
  } catch (problem) {
    throw new UsageError(`failed to parse JSON file ${path}: ${problem instanceof Error ? problem.message : 'no JSON'}`)
  }
}
