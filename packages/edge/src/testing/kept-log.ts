// A logger whose lines a test can read, parsed, and as the text that would reach a disk.

import { type Logger, pino } from 'pino'

export interface KeptLog {
  readonly log: Logger
  readonly text: () => string
  /** The sentence of each line, in order. */
  readonly sentences: () => readonly string[]
}

export function createKeptLog(): KeptLog {
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  return {
    log,
    text: () => lines.join(''),
    sentences: () => lines.map((line) => String((JSON.parse(line) as { readonly msg?: unknown }).msg)),
  }
}
