// Waiting for a state of the API: ask, look, ask again. Every wait has an end and says what it waited for.

/** Calls `ask` until it answers something but undefined. Throws after `forMs` with `what` in the sentence. */
export async function until<Value>(
  what: string,
  forMs: number,
  ask: () => Promise<Value | undefined>,
  everyMs = 50,
): Promise<Value> {
  const end = Date.now() + forMs
  for (;;) {
    const found = await ask()
    if (found !== undefined) return found
    if (Date.now() >= end) throw new Error(`${what} did not happen within ${Math.round(forMs / 1000)} s`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
