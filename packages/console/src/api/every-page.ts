// Every item of a list that comes in pages: the first says how many there are, and the others are read a few at a time.

/** As many as the API gives at a time. */
export const itemsPerPage = 500
/** Read beside each other. */
const atOnce = 4

export interface Page<Item> {
  readonly results: readonly Item[]
  readonly totalCount?: number
}

/** `read` takes a page's number, from 1. Rejects with what it rejects with. */
export const everyPage = async <Item>(read: (pageNum: number) => Promise<Page<Item>>): Promise<readonly Item[]> => {
  const { results, totalCount = results.length } = await read(1)
  const all = [...results]
  const last = Math.ceil(totalCount / itemsPerPage)
  for (let from = 2; from <= last; from += atOnce) {
    const numbers = Array.from({ length: Math.min(atOnce, last - from + 1) }, (_, at) => from + at)
    for (const page of await Promise.all(numbers.map(read))) all.push(...page.results)
  }
  return all
}
