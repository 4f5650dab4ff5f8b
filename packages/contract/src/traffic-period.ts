// How far back traffic is asked for: ISO 8601, in hours and minutes, or one day.

/** No traffic is known for longer. */
export const trafficKeptMinutes = 24 * 60

/** Minutes; null where it is no such period, or none that is kept. */
export const periodMinutes = (period: string): number | null => {
  if (period === 'P1D') return trafficKeptMinutes
  const [, hours = '0', minutes = '0'] = /^PT(?=\d)(?:(\d{1,2})H)?(?:(\d{1,4})M)?$/.exec(period) ?? []
  const sum = Number(hours) * 60 + Number(minutes)
  return sum >= 1 && sum <= trafficKeptMinutes ? sum : null
}
