// A distance in time in words: the largest unit that fits, in the browser's language.

const units = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
] as const

/** `ms` below zero lies in the past. */
export function ago(ms: number, language?: string): string {
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const fits = units.find((one) => Math.abs(ms) >= one.ms)
  return fits ? format.format(Math.trunc(ms / fits.ms), fits.unit) : format.format(Math.trunc(ms / 1000), 'second')
}
