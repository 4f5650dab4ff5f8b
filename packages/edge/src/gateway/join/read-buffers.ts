// Buffers that sockets read into. A connection that says little has one small buffer of its own, so that thousands of
// idle ones cost little; while it says much it borrows a large one from the pool. A buffer that the other socket has
// not taken over yet is left to it, and another one is used for the next read.

const smallBytes = 4096
const largeBytes = 65_536
const maxSpare = 32

const spare: Buffer[] = []

export interface ReadBuffer {
  /** What the next read goes into. */
  current(): Buffer
  /** After a read of `bytes`; `retained` where somebody still holds what was read. */
  done(bytes: number, retained: boolean): void
  /** Gives a borrowed buffer back. */
  close(retained: boolean): void
}

export function createReadBuffer(): ReadBuffer {
  let small = Buffer.allocUnsafeSlow(smallBytes)
  let large: Buffer | null = null

  const giveBack = (retained: boolean): void => {
    if (large !== null && !retained && spare.length < maxSpare) spare.push(large)
    large = null
  }

  return {
    current: () => large ?? small,
    done(bytes, retained) {
      const filled = bytes === (large ?? small).length
      if (large !== null) {
        if (!filled || retained) giveBack(retained)
      } else if (retained) {
        small = Buffer.allocUnsafeSlow(smallBytes)
      }
      if (filled) large ??= spare.pop() ?? Buffer.allocUnsafeSlow(largeBytes)
    },
    close: giveBack,
  }
}
