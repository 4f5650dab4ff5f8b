// A recorded run in a document: code blocks between two markers, in which lines that begin with `$ ` were typed and the
// rest is what was printed.

export const begins = '<!-- recorded: npm run record -->'
export const ends = '<!-- recorded, end -->'

export interface Step {
  /** Of the document, counted from 1. */
  readonly line: number
  readonly command: string
  readonly shown: readonly string[]
}

/** Every step in order. Throws Error where the markers are missing. */
export function stepsOf(document: string): readonly Step[] {
  const lines = document.split('\n')
  const [first, last] = [lines.indexOf(begins), lines.indexOf(ends)]
  if (first === -1 || last < first) throw new Error(`no run between "${begins}" and "${ends}"`)
  const steps: { line: number; command: string; shown: string[] }[] = []
  let inBlock = false
  for (let at = first + 1; at < last; at += 1) {
    const text = lines[at] ?? ''
    if (text.startsWith('```')) inBlock = !inBlock
    else if (inBlock && text.startsWith('$ ')) steps.push({ line: at + 1, command: text.slice(2), shown: [] })
    else if (inBlock) steps.at(-1)?.shown.push(text)
  }
  return steps
}

/** The document with other steps in the same places. */
export function withSteps(document: string, changed: ReadonlyMap<number, Pick<Step, 'command' | 'shown'>>): string {
  const lines = document.split('\n')
  // From behind, so that the numbers of those before stay true.
  for (const { line, shown } of stepsOf(document).toReversed()) {
    const step = changed.get(line)
    if (step !== undefined) lines.splice(line - 1, 1 + shown.length, `$ ${step.command}`, ...step.shown)
  }
  return lines.join('\n')
}
