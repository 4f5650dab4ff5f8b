// A few at a time: many small requests, without a burst that a small server would feel.

const mostAtOnce = 4

/** The answers in the order of the items. The first failure is thrown when those under way have ended; no new one begins. */
export async function atOnce<Item, Answer>(
  items: readonly Item[],
  work: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = []
  const failures: unknown[] = []
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < items.length && failures.length === 0) {
      const at = next
      next += 1
      try {
        answers[at] = await work(items[at] as Item)
      } catch (problem) {
        failures.push(problem)
      }
    }
  }
  await Promise.all(Array.from({ length: mostAtOnce }, worker))
  if (failures.length > 0) throw failures[0]
  return answers
}
