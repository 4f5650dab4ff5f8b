// How much of requests that are held until they are whole and judged, and until their member has taken them, all connections of
// this process hold together. Who finds no room waits, and of the room an endpoint has no more than it leaves to the others, so
// that nobody fills it for all. Room is given for the whole of a request at once: who has it never waits for more. While somebody
// waits, who holds for too long is ended: of the endpoint that holds most the one that began first. Short requests are not
// counted: with them nobody gets far, since connections are counted, and of those that were judged one connection has no more
// waiting for its member than as much again.

/** Up to so long a request may be held without being counted. */
export const uncountedBytes = 65_536

export interface Holder {
  readonly endpointId: string
  /** Its connection is to end. */
  heldTooLong(reason: string): void
}

export interface HeldBytes {
  /** null: there is room, until it is released. Else it is there once this resolves; it never rejects. One at a time for each. */
  claim(holder: Holder, bytes: number): Promise<void> | null
  /** It holds nothing any more, and waits for nothing. */
  release(holder: Holder): void
}

/** `slowMs`: for how long a request may hold others up. */
export const createHeldBytes = (most: number, slowMs: number): HeldBytes => new Room(most, slowMs)

interface Claim {
  readonly holder: Holder
  readonly bytes: number
  /** Of `performance.now`. */
  readonly since: number
}

class Room implements HeldBytes {
  readonly #slowMs: number
  #left: number
  /** In the order in which they began. */
  readonly #claims = new Map<Holder, Claim>()
  readonly #byEndpoint = new Map<string, number>()
  readonly #waiting = new Map<Holder, { readonly bytes: number; readonly go: () => void }>()
  #slow: NodeJS.Timeout | undefined

  constructor(most: number, slowMs: number) {
    this.#left = most
    this.#slowMs = slowMs
  }

  claim(holder: Holder, bytes: number): Promise<void> | null {
    if (this.#take(holder, bytes)) return null
    const room = new Promise<void>((go) => this.#waiting.set(holder, { bytes, go }))
    this.#watch()
    return room
  }

  release(holder: Holder): void {
    const claim = this.#claims.get(holder)
    if (claim === undefined) {
      if (this.#waiting.delete(holder)) this.#watch()
      return
    }
    this.#claims.delete(holder)
    this.#count(holder, -claim.bytes)
    for (const [next, { bytes, go }] of this.#waiting) {
      if (!this.#take(next, bytes)) continue
      this.#waiting.delete(next)
      go()
    }
    this.#watch()
  }

  #take(holder: Holder, bytes: number): boolean {
    if (this.#of(holder.endpointId) + bytes > this.#left - bytes) return false
    this.#claims.set(holder, { holder, bytes, since: performance.now() })
    this.#count(holder, bytes)
    return true
  }

  #count({ endpointId }: Holder, bytes: number): void {
    this.#left -= bytes
    const now = this.#of(endpointId) + bytes
    if (now === 0) this.#byEndpoint.delete(endpointId)
    else this.#byEndpoint.set(endpointId, now)
  }

  #of(endpointId: string): number {
    return this.#byEndpoint.get(endpointId) ?? 0
  }

  /** Nobody is too slow while nobody waits. */
  #watch(): void {
    clearTimeout(this.#slow)
    const [greatest] = [...this.#byEndpoint].sort(([, one], [, other]) => other - one)
    if (this.#waiting.size === 0 || greatest === undefined) return
    const first = [...this.#claims.values()].find(({ holder }) => holder.endpointId === greatest[0])
    if (first === undefined) return
    this.#slow = setTimeout(
      () => {
        first.holder.heldTooLong(
          `others wait, and a request of ${first.bytes} bytes was not whole, or not taken by its member, for too long`,
        )
        this.release(first.holder)
      },
      Math.max(0, first.since + this.#slowMs - performance.now()),
    ).unref()
  }
}

/** Eleven requests as long as the server allows, and half a minute: what is slower than 13 Mbit/s may have to give way. */
export const heldByAll = createHeldBytes(536_870_912, 30_000)
