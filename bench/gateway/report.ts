// From rounds to what is printed: medians of figures, and medians of ratios taken round by round, so that whatever else the
// machine did weighs on both. No ratio is said of fewer than five rounds. Pure.

import { table } from '../figures.ts'
import type { Figures } from './cases.ts'

export const leastRounds = 5

export interface CaseReport {
  readonly name: string
  readonly says: string
  readonly rows: readonly Row[]
}

interface Row {
  readonly target: string
  readonly rounds: number
  /** Medians. */
  readonly figures: Figures
  /** How often better the first target is than this one; absent for itself, and with fewer than five rounds. */
  readonly first: { readonly byRate?: number; readonly byCpu?: number; readonly byMemory?: number } | null
}

export const median = (numbers: readonly number[]): number => {
  const sorted = numbers.toSorted((one, other) => one - other)
  const middle = Math.floor(sorted.length / 2)
  const upper = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2
}

/** `taken`: each target's rounds, in the order of the table; the first is the one that the others are compared with. */
export function reportOf(
  { name, says }: { readonly name: string; readonly says: string },
  taken: ReadonlyMap<string, readonly Figures[]>,
): CaseReport {
  const [ours] = taken.values()
  const rows = [...taken].map(([target, rounds]): Row => {
    const comparable = ours !== undefined && rounds !== ours && Math.min(rounds.length, ours.length) >= leastRounds
    return {
      target,
      rounds: rounds.length,
      figures: medians(rounds),
      first: comparable
        ? {
            ...ratio('byRate', rounds, (at) => [ours[at]?.perSecond, rounds[at]?.perSecond]),
            ...ratio('byCpu', rounds, (at) => [rounds[at]?.cpuMicros, ours[at]?.cpuMicros]),
            ...ratio('byMemory', rounds, (at) => [rounds[at]?.kib, ours[at]?.kib]),
          }
        : null,
    }
  })
  return { name, says, rows }
}

function ratio<Name extends string>(
  name: Name,
  rounds: readonly Figures[],
  pairOf: (at: number) => readonly [number | undefined, number | undefined],
): Partial<Record<Name, number>> {
  const ratios = rounds.flatMap((_, at) => {
    const [over, under] = pairOf(at)
    return over === undefined || under === undefined ? [] : [over / under]
  })
  return ratios.length < leastRounds ? {} : ({ [name]: median(ratios) } as Record<Name, number>)
}

function medians(rounds: readonly Figures[]): Figures {
  const names = [...new Set(rounds.flatMap((figures) => Object.keys(figures)))] as (keyof Figures)[]
  return Object.fromEntries(
    names.map((name) => [name, median(rounds.map((figures) => figures[name]).filter((one) => one !== undefined))]),
  )
}

interface Column {
  readonly title: string
  readonly cell: (row: Row) => string | undefined
}

const digits = (value: number | undefined, count: number): string | undefined => value?.toFixed(count)

const columns: readonly Column[] = [
  { title: 'a second', cell: ({ figures }) => digits(figures.perSecond, 0) },
  { title: 'CPU µs', cell: ({ figures }) => digits(figures.cpuMicros, 1) },
  { title: 'p50 µs', cell: ({ figures }) => digits(figures.p50Micros, 0) },
  { title: 'p99 µs', cell: ({ figures }) => digits(figures.p99Micros, 0) },
  { title: 'KiB', cell: ({ figures }) => digits(figures.kib, 1) },
  { title: 'alone', cell: ({ figures }) => digits(figures.aloneMicros, 0) },
  { title: 'by alone', cell: ({ figures }) => digits(figures.times, 2) },
  { title: '× rate', cell: ({ first }) => digits(first?.byRate, 2) },
  { title: '× CPU', cell: ({ first }) => digits(first?.byCpu, 2) },
  { title: '× memory', cell: ({ first }) => digits(first?.byMemory, 2) },
  {
    title: 'its core',
    cell: ({ figures }) => (figures.ownShare === undefined ? undefined : `${Math.round(figures.ownShare * 100)} %`),
  },
  { title: 'load, member', cell: ({ figures }) => shares(figures) },
]

const shares = ({ loadShare, memberShare }: Figures): string | undefined =>
  loadShare === undefined || memberShare === undefined
    ? undefined
    : `${Math.round(loadShare * 100)} %, ${Math.round(memberShare * 100)} %`

/** Columns that no row has anything for are not there. */
export function printed({ says, rows }: CaseReport): string {
  const shown = columns.filter(({ cell }) => rows.some((row) => cell(row) !== undefined))
  return table([
    [says, ...shown.map(({ title }) => title)],
    ...rows.map((row) => [`  ${row.target}`, ...shown.map(({ cell }) => cell(row) ?? '')]),
  ])
}
