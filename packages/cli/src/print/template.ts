// What a command prints as plain text: a sentence, or rows under headers in Go's tabwriter columns (least width 6,
// padding 3, the last cell bare), so that scripts written for the Atlas CLI's output read ours.

import { itemsOf, type Json, textAt } from './json.ts'

export interface Template {
  readonly plain: (reply: Json) => string
}

/** What `-o` asks for. Throws UsageError for an answer that its path or template cannot work on. */
export type Printer = (reply: Json, template: Template) => string

export interface Column {
  readonly header: string
  readonly cell: (row: Json) => string
}

/** A column that shows one field, `column('ENDPOINT SERVICE', 'endpointServiceName')`. */
export const column = (header: string, path: string): Column => ({ header, cell: (row) => textAt(row, path) })

/** `sentence((reply) => …)`: one line. */
export const sentence = (say: (reply: Json) => string): Template => ({ plain: (reply) => `${say(reply)}\n` })

/** One row. */
export const row = (...columns: readonly Column[]): Template => ({ plain: (reply) => table(columns, [reply]) })

/** A row for each item of a page or a bare array. */
export const rows = (...columns: readonly Column[]): Template => ({
  plain: (reply) => table(columns, itemsOf(reply)),
})

export function table(columns: readonly Column[], items: readonly Json[]): string {
  const lines = [columns.map(({ header }) => header), ...items.map((item) => columns.map(({ cell }) => cell(item)))]
  const widths = columns.map((_, at) => Math.max(6, ...lines.map((line) => (line[at] ?? '').length + 3)))
  return lines
    .map((line) => line.map((cell, at) => (at === columns.length - 1 ? cell : cell.padEnd(widths[at] ?? 0))).join(''))
    .map((line) => `${line}\n`)
    .join('')
}
