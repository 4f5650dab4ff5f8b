// The idle time-out that an endpoint's policy asks for, beside the join's own: whoever waits for an answer is not idle,
// however long it takes, and a newer snapshot's word holds for connections that are there.

interface IdleParts {
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly lastActivityAt: () => number
  /** Nothing but a hello is on its way. */
  readonly quiet: () => boolean
  /** Called once it was idle for this long, in milliseconds. */
  readonly idle: (ms: number) => void
}

export interface IdleWatch {
  /** From now on this long, in milliseconds; null: for ever. */
  set(ms: number | null): void
}

export function createIdleWatch({ now, lastActivityAt, quiet, idle }: IdleParts): IdleWatch {
  let timer: NodeJS.Timeout | undefined
  let longest: number | null = null

  const arm = (ms: number): void => {
    timer = setTimeout(look, ms).unref()
  }
  const look = (): void => {
    if (longest === null) return
    const left = lastActivityAt() + longest - now()
    if (left > 0)
      arm(Math.min(left, longest)) // a clock that was set back does not make it wait for longer
    else if (quiet()) idle(longest)
    else arm(longest)
  }

  return {
    set(ms) {
      if (ms === longest) return
      clearTimeout(timer)
      longest = ms
      if (ms !== null) arm(Math.min(ms, Math.max(0, lastActivityAt() + ms - now())))
    },
  }
}
