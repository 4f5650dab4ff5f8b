// One signal for what may take long: it aborts when the caller is gone, when the server stops, or when the time is over. Made and
// let go by hand, because AbortSignal.any keeps every joined signal on the long-lived one, and on Node.js 20 loses a time-out
// that nobody else holds to the garbage collector: then it never aborts.

export interface Ending {
  readonly signal: AbortSignal
  /** To be called when the request is over. */
  readonly release: () => void
}

/** Of these one may outlive many requests: nothing of this one stays on it after `release`. */
export const endingOf = (...sources: readonly AbortSignal[]): Ending => {
  const ending = new AbortController()
  const end = (): void => ending.abort()
  if (sources.some(({ aborted }) => aborted)) end()
  for (const source of sources) source.addEventListener('abort', end, { once: true })
  return {
    signal: ending.signal,
    release: () => {
      for (const source of sources) source.removeEventListener('abort', end)
    },
  }
}
