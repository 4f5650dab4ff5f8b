// What a target promises of every input. A promise that does not hold is thrown, as any defect would be.

import { isDeepStrictEqual } from 'node:util'

export function promise(holds: boolean, sentence: string): asserts holds {
  if (!holds) throw new Error(sentence)
}

export function same(one: unknown, other: unknown, sentence: string): void {
  if (!isDeepStrictEqual(one, other)) throw new Error(`${sentence}: ${shown(one)}, ${shown(other)}`)
}

const shown = (value: unknown): string =>
  JSON.stringify(Buffer.isBuffer(value) ? value.toString('hex') : value, (_, each) =>
    typeof each === 'bigint' ? String(each) : each,
  )?.slice(0, 300) ?? 'nothing'

/** What `work` answers; null where it throws one of these. Whatever else it throws goes on up. */
export function orRefused<Result>(
  refusal: abstract new (...given: never[]) => Error,
  work: () => Result,
): Result | null {
  try {
    return work()
  } catch (error) {
    if (error instanceof refusal) return null
    throw error
  }
}
