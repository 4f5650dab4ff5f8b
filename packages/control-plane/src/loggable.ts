// Errors on their way to the log: their words, never the values that they carry.

/**
 * What the log may show of a failure: the database's errors carry the values that were sent, in `params` and `detail`,
 * and those may be secrets.
 */
export const loggable = (thrown: unknown): Readonly<Record<string, unknown>> => {
  if (!(thrown instanceof Error)) return { message: typeof thrown }
  const { name, message, stack } = thrown
  return {
    name,
    message,
    stack,
    ...('code' in thrown && { code: thrown.code }),
    ...(thrown.cause !== undefined && { cause: loggable(thrown.cause) }),
  }
}
