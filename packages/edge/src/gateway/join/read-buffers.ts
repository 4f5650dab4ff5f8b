// Buffers that sockets read into. All connections read into one and the same: what was read is copied out of it before
// anybody else reads, so that thousands of idle ones cost nothing. A connection that says much borrows a buffer of its own
// from the pool meanwhile, because there a copy would cost more than the buffer. Where the other socket has not taken over
// all of it yet, the buffer is lent to that one until it has, and meanwhile the connection reads into the one of all again:
// nobody has two, and who waits for a slow reader has none that it does not use.

/** Of one that is borrowed: as much as a socket brings at once, where a large message comes; fewer reads and writes for it. */
export const bufferBytes = 262_144
/** Of the one of all: a copy that a slow reader leaves waiting is no larger, and any number of connections may have one. */
export const sharedBytes = 65_536
/** From this many bytes at once on a connection says much. */
const muchBytes = 16_384
const maxSpare = 8
/** In one process. Who finds so many borrowed reads on into the one of all, and copies. */
export const maxBorrowed = 64

const shared = Buffer.allocUnsafeSlow(sharedBytes)
const spare: Buffer[] = []
let borrowed = 0

export interface ReadBuffer {
  /** What the next read goes into. */
  current(): Buffer
  /** What a read of `bytes` has brought, to be kept as long as anybody likes. */
  taken(bytes: number): Buffer
  /** After a read of `bytes`; `retained` where somebody still holds some of what was read. */
  done(bytes: number, retained: boolean): void
  /** Nobody holds anything any more of what was read. */
  released(): void
  /** Gives everything back; what somebody holds is left to them. */
  close(retained: boolean): void
}

export const createReadBuffer = (): ReadBuffer => new Borrowing()

class Borrowing implements ReadBuffer {
  #own: Buffer | null = null
  #lent: Buffer | null = null

  current(): Buffer {
    return this.#own ?? shared
  }

  taken(bytes: number): Buffer {
    return this.#own === null ? Buffer.from(shared.subarray(0, bytes)) : this.#own.subarray(0, bytes)
  }

  done(bytes: number, retained: boolean): void {
    if (retained) {
      this.#lent ??= this.#own // one at most: while it is lent, none is borrowed
      this.#own = null
      return
    }
    this.released()
    if (bytes >= muchBytes) {
      this.#own ??= borrow()
    } else if (this.#own !== null) {
      giveBack(this.#own)
      this.#own = null
    }
  }

  released(): void {
    if (this.#lent !== null) giveBack(this.#lent)
    this.#lent = null
  }

  close(retained: boolean): void {
    for (const buffer of [this.#lent, this.#own]) {
      if (buffer === null) continue
      if (retained) borrowed--
      else giveBack(buffer)
    }
    this.#own = null
    this.#lent = null
  }
}

function borrow(): Buffer | null {
  if (borrowed >= maxBorrowed) return null
  borrowed++
  return spare.pop() ?? Buffer.allocUnsafeSlow(bufferBytes)
}

function giveBack(buffer: Buffer): void {
  borrowed--
  if (spare.length < maxSpare) spare.push(buffer)
}
