// Wire framing: a byte stream in, whole messages out. Knows lengths, never meanings (MongoDB Wire Protocol,
// "Standard Message Header"). Chunks are kept apart until a message is whole, so that a 48 MB message that comes
// in a thousand pieces is copied once and not a thousand times.

export const headerBytes = 16
export const maxFrameBytes = 48_000_000

/** The stream cannot be followed any further; the connection has to be closed. */
export class FrameError extends Error {}

export class FrameReader {
  #chunks: Buffer[] = []
  #held = 0
  #limit: number

  /** @param limit the largest length, in bytes, that a message may announce */
  constructor(limit: number = maxFrameBytes) {
    this.#limit = limit
  }

  /** Bytes that are waiting for the rest of their message. */
  get held(): number {
    return this.#held
  }

  /** From now on messages may be as long as `limit` bytes. */
  allow(limit: number): void {
    this.#limit = limit
  }

  /**
   * Takes the next bytes and gives every message that is now whole, header included.
   * @throws FrameError for a length below the header's or above the limit
   */
  push(chunk: Buffer): Buffer[] {
    this.#chunks.push(chunk)
    this.#held += chunk.length
    const frames: Buffer[] = []
    for (;;) {
      const length = this.#announced()
      if (length === undefined || this.#held < length) return frames
      const whole = this.#chunks.length === 1 && this.#chunks[0] ? this.#chunks[0] : Buffer.concat(this.#chunks)
      frames.push(whole.subarray(0, length))
      const rest = whole.subarray(length)
      this.#chunks = rest.length > 0 ? [rest] : []
      this.#held = rest.length
    }
  }

  #announced(): number | undefined {
    if (this.#held < 4) return undefined
    let first = this.#chunks[0]
    if (first === undefined) return undefined
    if (first.length < 4) {
      first = Buffer.concat(this.#chunks)
      this.#chunks = [first]
    }
    const length = first.readInt32LE(0)
    if (length < headerBytes || length > this.#limit) throw new FrameError(`a message announces ${length} bytes`)
    return length
  }
}
