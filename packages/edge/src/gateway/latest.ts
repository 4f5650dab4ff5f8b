// The latest time that was ever told. What has ended does not begin anew when a clock is set back: entries of an access list.

/** `now`: milliseconds since 1970. */
export const latestOf = (now: () => number): (() => number) => {
  let latest = Number.NEGATIVE_INFINITY
  return () => {
    latest = Math.max(latest, now())
    return latest
  }
}
