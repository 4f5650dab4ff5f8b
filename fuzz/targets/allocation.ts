// How much is asked for at once while something runs: what stands in hostile bytes as a length must not become memory.

import { promise } from './promise.ts'

type Allocator = 'alloc' | 'allocUnsafe' | 'allocUnsafeSlow'
const allocators: readonly Allocator[] = ['alloc', 'allocUnsafe', 'allocUnsafeSlow']

/** Runs it; throws when one buffer of more than `most` bytes was asked for. */
export function withinBytes<Result>(most: number, work: () => Result): Result {
  const own = allocators.map((name) => Buffer[name])
  let largest = 0
  for (const [at, name] of allocators.entries()) {
    Buffer[name] = ((size: number, ...more: []) => {
      largest = Math.max(largest, size)
      return own[at]?.(size, ...more)
    }) as typeof Buffer.alloc
  }
  try {
    return work()
  } finally {
    for (const [at, name] of allocators.entries()) Buffer[name] = own[at] as typeof Buffer.alloc
    promise(largest <= most, 'more memory was asked for than the input is worth')
  }
}
