// What differs from run to run: ids, addresses, the name of a replica set. A name in the document stands for one of this
// run, the same wherever it comes again; all other text must be the same to the letter, but for the width of columns.

const shapes = [
  'vpce-svc-[0-9a-f]{17}',
  'vpce-[0-9a-f]{17}',
  '(?<![0-9a-f])[0-9a-f]{24}(?![0-9a-f])',
  '\\b127(?:\\.\\d{1,3}){3}\\b',
  'atlas-[0-9a-z]{6}-shard',
]
const name = new RegExp(shapes.join('|'), 'g')

export class Names {
  #real: ReadonlyMap<string, string> = new Map()

  /** This run's text for the document's. Throws Error for a name that nothing above has shown. */
  realOf(text: string): string {
    return text.replaceAll(name, (shown) => {
      const real = this.#real.get(shown)
      if (real === undefined) throw new Error(`${shown} was not shown above`)
      return real
    })
  }

  /**
   * Whether `printed` is what the document shows, and notes which names it has for the document's. `…` alone on a line
   * stands for any lines, within a line for any text.
   */
  matches(shown: readonly string[], printed: string): boolean {
    const found = patternOf(shown).exec(printed)
    if (found === null) return false
    return this.#bind(shown.join('\n').match(name) ?? [], found.slice(1))
  }

  /** For an output that has changed: names are taken in order where there are as many as before. */
  follow(shown: readonly string[], printed: string): void {
    const [before, after] = [shown.join('\n').match(name) ?? [], printed.match(name) ?? []]
    if (before.length === after.length) this.#bind(before, after)
  }

  #bind(shown: readonly string[], real: readonly string[]): boolean {
    const bound = new Map(this.#real)
    const taken = new Map([...bound].map(([one, other]) => [other, one]))
    for (const [at, one] of shown.entries()) {
      const other = real[at] ?? ''
      if ((bound.get(one) ?? other) !== other || (taken.get(other) ?? one) !== one) return false
      bound.set(one, other)
      taken.set(other, one)
    }
    this.#real = bound
    return true
  }
}

function patternOf(shown: readonly string[]): RegExp {
  const lines = shown.map((line) => (line === '…' ? '(?:.*\\n)*' : `${linePattern(line.trimEnd())} *\\n`))
  return new RegExp(`^${lines.join('')}$`)
}

function linePattern(line: string): string {
  let pattern = ''
  let at = 0
  for (const found of line.matchAll(name)) {
    const shape = shapes.find((one) => new RegExp(`^(?:${one})$`).test(found[0])) ?? ''
    pattern += `${literal(line.slice(at, found.index))}(${shape})`
    at = found.index + found[0].length
  }
  return pattern + literal(line.slice(at))
}

const literal = (text: string): string =>
  text
    .replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll(/ {2,}/g, ' {2,}')
    .replaceAll('…', '.*')
