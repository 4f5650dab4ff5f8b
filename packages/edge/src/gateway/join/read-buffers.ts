// Buffers that sockets read into. All connections read into one and the same: what was read is copied out of it before
// anybody else reads, so that thousands of idle ones cost nothing. A connection that says much borrows a buffer of its own
// from the pool meanwhile, because there a copy would cost more than the buffer. What the other socket has not taken yet,
// or what waits for its endpoint's turn, lies there until it is gone: a plain socket is not read for as long. One with TLS
// brings what it has deciphered though it was stopped. It lends its buffer to the other socket and reads into the one of all
// meanwhile, and what waits for a turn is copied. Nobody has two.

/** Of one that is borrowed: as much as a socket brings at once, where a large message comes; fewer reads and writes for it. */
export const bufferBytes = 262_144
/** Of the one of all: a copy that a slow reader leaves waiting is no larger, and any number of connections may have one. */
export const sharedBytes = 65_536
/** From this many bytes at once on a connection says much. */
export const muchBytes = 16_384
const maxSpare = 8
/**
 * In one process. Of these an endpoint has no more than it leaves to the others, so that no number of its slow readers keeps
 * them all. Who finds none left reads on into the one of all, and copies.
 */
export const maxBorrowed = 64

/** The one of all. */
export const shared = Buffer.allocUnsafeSlow(sharedBytes)
const spare: Buffer[] = []
let borrowed = 0
const borrowedBy = new Map<string, number>()

export interface ReadBuffer {
  /** What the next read goes into. */
  current(): Buffer
  /** Whether that is one of its own: then nothing is to be read while anybody holds what was. */
  borrowed(): boolean
  /** What a read of `bytes` has brought; `waits`: it is not passed on before the next one. */
  taken(bytes: number, waits: boolean): Buffer
  /** After a read of `bytes`; `retained` where the other socket still holds some of what it was sent. */
  done(bytes: number, retained: boolean): void
  /** The other socket holds nothing any more. */
  released(): void
  /** Gives back what it has; `retained` where somebody still holds some of what was read, and it is left to them. */
  close(retained: boolean): void
}

interface Reader {
  readonly endpointId: string
  /** Nothing more is read from the moment on when it is stopped. */
  readonly stops: boolean
}

export const createReadBuffer = (reader: Reader): ReadBuffer => new Borrowing(reader)

class Borrowing implements ReadBuffer {
  readonly #endpointId: string
  readonly #stops: boolean
  #own: Buffer | null = null
  #lent: Buffer | null = null

  constructor({ endpointId, stops }: Reader) {
    this.#endpointId = endpointId
    this.#stops = stops
  }

  current(): Buffer {
    return this.#own ?? shared
  }

  borrowed(): boolean {
    return this.#own !== null
  }

  taken(bytes: number, waits: boolean): Buffer {
    const read = this.current().subarray(0, bytes)
    const stays = this.#own !== null && bytes >= muchBytes && (this.#stops || !waits)
    return stays ? read : Buffer.from(read)
  }

  done(bytes: number, retained: boolean): void {
    if (!retained) this.released()
    if (bytes < muchBytes) {
      if (this.#own !== null) this.#giveBack(this.#own, false)
      this.#own = null
    } else if (!retained) {
      this.#own ??= borrow(this.#endpointId)
    } else if (!this.#stops && this.#own !== null) {
      this.#lent = this.#own // there was none: while one is lent, none is borrowed
      this.#own = null
    }
  }

  released(): void {
    if (this.#lent !== null) this.#giveBack(this.#lent, false)
    this.#lent = null
  }

  close(retained: boolean): void {
    for (const buffer of [this.#lent, this.#own]) if (buffer !== null) this.#giveBack(buffer, retained)
    this.#own = null
    this.#lent = null
  }

  #giveBack(buffer: Buffer, retained: boolean): void {
    count(this.#endpointId, -1)
    if (!retained && spare.length < maxSpare) spare.push(buffer)
  }
}

function borrow(endpointId: string): Buffer | null {
  const left = maxBorrowed - borrowed
  if ((borrowedBy.get(endpointId) ?? 0) >= left) return null
  count(endpointId, 1)
  return spare.pop() ?? Buffer.allocUnsafeSlow(bufferBytes)
}

function count(endpointId: string, change: 1 | -1): void {
  borrowed += change
  const now = (borrowedBy.get(endpointId) ?? 0) + change
  if (now === 0) borrowedBy.delete(endpointId)
  else borrowedBy.set(endpointId, now)
}
