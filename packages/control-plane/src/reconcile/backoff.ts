// How long to wait before a turn is tried again: doubling, capped, and with "equal jitter" (half fixed, half random), so
// that what failed together does not come back together and nothing comes back at once.

const firstMs = 250
const longestMs = 30_000

/**
 * Milliseconds to wait after the `failures`-th failure in a row (1, 2, …). `random` answers a number from 0 up to, not
 * including, 1.
 */
export const backoffMs = (failures: number, random: () => number): number => {
  const whole = Math.min(longestMs, firstMs * 2 ** Math.min(failures - 1, 20))
  return Math.round(whole / 2 + (whole / 2) * random())
}
