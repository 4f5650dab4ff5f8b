// Samples to the figures that are reported, and the table.

export interface Figure {
  readonly p50: number
  readonly p99: number
  readonly samples: number
}

/** Nearest rank. Throws RangeError without a sample. */
export const figureOf = (ms: readonly number[]): Figure => {
  const sorted = ms.toSorted((one, other) => one - other)
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN
  if (sorted.length === 0) throw new RangeError('no sample was taken')
  return { p50: at(0.5), p99: at(0.99), samples: sorted.length }
}

/** What is slow is measured fewer times: after so long, `leastSamples` are enough. */
const longEnoughMs = 6000
const leastSamples = 5

/** Takes `times` samples after `warmUp` that do not count; fewer where they take long. */
export async function sample(times: number, warmUp: number, take: (turn: number) => Promise<number>): Promise<Figure> {
  const ms: number[] = []
  const began = performance.now()
  for (let turn = 0; turn < warmUp + times; turn += 1) {
    const taken = await take(turn)
    if (turn >= warmUp) ms.push(taken)
    if (ms.length >= leastSamples && performance.now() - began > longEnoughMs) break
  }
  return figureOf(ms)
}

export const inMs = ({ p50, p99, samples }: Figure): readonly string[] => [p50.toFixed(1), p99.toFixed(1), `${samples}`]

/** Columns of text, the first to the left and the rest to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const padded = (row: readonly string[]): string =>
    row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ')
  return rows.map((row) => `${padded(row).trimEnd()}\n`).join('')
}
