// Things that stand need a look now and then, in case the world changed behind our back; ten thousand of them at once
// would keep everybody else waiting. So each rescan takes the next few, round and round; as long as there are fewer, all.

/** How many are looked at per rescan. */
const roundSize = 300

/** `load`: the first `limit` ids after this one, in ascending order. Answers a function that gives the next few. */
export const createRound = (
  load: (after: string, limit: number) => Promise<readonly string[]>,
  size = roundSize,
): (() => Promise<readonly string[]>) => {
  let after = ''
  return async () => {
    const ids = await load(after, size)
    after = ids.length < size ? '' : (ids.at(-1) ?? '')
    return ids
  }
}
