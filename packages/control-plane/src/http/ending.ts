// One signal for what may take long: it aborts when the caller is gone or when the server stops. Made and let go by hand,
// because AbortSignal.any keeps every joined signal on the long-lived one.

export interface Ending {
  readonly signal: AbortSignal
  /** To be called when the request is over. */
  readonly release: () => void
}

/** `stopping` outlives many requests; nothing of this one stays on it after `release`. */
export const endingOf = (caller: AbortSignal, stopping: AbortSignal): Ending => {
  const ending = new AbortController()
  const end = (): void => ending.abort()
  const sources = [caller, stopping]
  if (sources.some(({ aborted }) => aborted)) end()
  for (const source of sources) source.addEventListener('abort', end, { once: true })
  return {
    signal: ending.signal,
    release: () => {
      for (const source of sources) source.removeEventListener('abort', end)
    },
  }
}
