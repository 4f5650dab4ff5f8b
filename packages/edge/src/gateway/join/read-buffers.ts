// Buffers that sockets read into. All connections read into one and the same: what was read is copied out of it before
// anybody else reads, so that thousands of idle ones cost nothing. A connection that says much borrows a buffer of its own
// from the pool meanwhile, because there a copy would cost more than the buffer; one whose bytes the other socket has not
// taken over yet is lent to it, and comes back when it has.

const bufferBytes = 65_536
/** From this many bytes at once on a connection says much. */
const muchBytes = 16_384
const maxSpare = 32

const shared = Buffer.allocUnsafeSlow(bufferBytes)
const spare: Buffer[] = []

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

export function createReadBuffer(): ReadBuffer {
  let own: Buffer | null = null
  let lent: Buffer[] | null = null

  const giveBack = (buffer: Buffer): void => {
    if (spare.length < maxSpare) spare.push(buffer)
  }
  const released = (): void => {
    if (lent !== null) for (const buffer of lent) giveBack(buffer)
    lent = null
  }

  return {
    current: () => own ?? shared,
    taken: (bytes) => (own === null ? Buffer.from(shared.subarray(0, bytes)) : own.subarray(0, bytes)),
    done(bytes, retained) {
      const much = bytes >= muchBytes
      if (!retained) released()
      if (own !== null && (retained || !much)) {
        if (retained) lent = [...(lent ?? []), own]
        else giveBack(own)
        own = null
      }
      if (much) own ??= spare.pop() ?? Buffer.allocUnsafeSlow(bufferBytes)
    },
    released,
    close(retained) {
      if (!retained) {
        released()
        if (own !== null) giveBack(own)
      }
      own = null
      lent = null
    },
  }
}
