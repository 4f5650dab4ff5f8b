// What was typed wrong is answered by a sentence and the help, never by a stack.

/** The caller's mistake, said in one sentence. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** True for that, and for what parseArgs throws of a flag that it does not know. */
export const isUsageError = (thrown: unknown): thrown is Error =>
  thrown instanceof UsageError ||
  (thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS'))

/** `1,2,3` as numbers. Throws UsageError for what are not whole numbers from 1 on. */
export const wholeNumbers = (flag: string, text: string): readonly number[] =>
  text.split(',').map((each) => {
    const number = Number(each)
    if (Number.isInteger(number) && number > 0) return number
    throw new UsageError(`--${flag}: "${each}" is no whole number from 1 on`)
  })

const stores = ['embedded', 'postgres'] as const

/** Throws UsageError for what is no store. */
export const storesCalled = (text: string): readonly (typeof stores)[number][] => {
  const called = stores.filter((store) => text === 'both' || text === store)
  if (called.length === 0) throw new UsageError(`--store: embedded, postgres or both, not "${text}"`)
  return called
}
