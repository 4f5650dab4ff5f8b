// A number of bytes as a person reads it.

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const

export function bytes(count: number): string {
  const power = count < 1 ? 0 : Math.min(Math.floor(Math.log(count) / Math.log(1024)), units.length - 1)
  const amount = count / 1024 ** power
  return `${power === 0 || amount >= 100 ? Math.round(amount) : amount.toFixed(1)} ${units[power]}`
}
