// The idle time-out that an endpoint's policy asks for, beside the join's own: whoever waits for an answer is not idle,
// however long it takes, and a newer snapshot's word holds for connections that are there.

/** Called as its methods. */
export interface IdleParts {
  /** Milliseconds since 1970. */
  now(): number
  lastActivityAt(): number
  /** Nothing but a hello is on its way. */
  quiet(): boolean
  /** Called once it was idle for this long, in milliseconds. */
  idle(ms: number): void
}

export interface IdleWatch {
  /** From now on this long, in milliseconds; null: for ever. */
  set(ms: number | null): void
}

export const createIdleWatch = (parts: IdleParts): IdleWatch => new Watch(parts)

class Watch implements IdleWatch {
  readonly #parts: IdleParts
  #timer: NodeJS.Timeout | undefined
  #longest: number | null = null

  constructor(parts: IdleParts) {
    this.#parts = parts
  }

  set(ms: number | null): void {
    if (ms === this.#longest) return
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#longest = ms
    if (ms !== null) this.#arm(Math.min(ms, Math.max(0, this.#parts.lastActivityAt() + ms - this.#parts.now())))
  }

  #arm(ms: number): void {
    this.#timer = setTimeout(() => this.#look(), ms).unref()
  }

  #look(): void {
    const longest = this.#longest
    if (longest === null) return
    const left = this.#parts.lastActivityAt() + longest - this.#parts.now()
    if (left > 0)
      this.#arm(Math.min(left, longest)) // a clock that was set back does not make it wait for longer
    else if (this.#parts.quiet()) this.#parts.idle(longest)
    else this.#arm(longest)
  }
}
