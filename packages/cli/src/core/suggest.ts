// "Did you mean this?": words within two edits of what was typed, or that begin with it (Cobra's rule). Short
// aliases (`ls`, `cs`) are left out, being near to everything.

import type { Command } from './command.ts'

export function suggestions(typed: string, commands: readonly Command[]): readonly string[] {
  const word = typed.toLowerCase()
  return commands
    .filter((command) => command.hidden !== true)
    .filter((command) => [command.word, ...(command.aliases ?? []).filter(isLong)].some((name) => isNear(word, name)))
    .map((command) => command.word)
}

const isLong = (alias: string): boolean => alias.length > 4
const isNear = (typed: string, name: string): boolean =>
  name.toLowerCase().startsWith(typed) || edits(typed, name.toLowerCase()) <= 2

function edits(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let at = 1; at <= from.length; at += 1) {
    const next = [at]
    for (let column = 1; column <= to.length; column += 1) {
      const same = from[at - 1] === to[column - 1] ? 0 : 1
      next.push(Math.min((row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1, (row[column - 1] ?? 0) + same))
    }
    row = next
  }
  return row[to.length] ?? 0
}
