// A length of time as people type it.

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const
const pattern = /^(\d{1,9})(ms|s|m|h|d)$/
/** What the server takes: a year. */
const longest = 365 * units.d

/** In milliseconds; NaN for what is none. */
export const msOf = (text: string): number => {
  const [, count, unit] = pattern.exec(text) ?? []
  return count === undefined ? Number.NaN : Number(count) * units[unit as keyof typeof units]
}

export const durationProblem = (text: string): string | undefined => {
  const ms = msOf(text)
  return ms >= 1 && ms <= longest
    ? undefined
    : `"${text}" is no time such as 500ms, 30s, 5m, 2h or 1d, of a year at most`
}
