// Which part of each edge's connections makes one page, where all are in order of edge and then age. Pure.

export interface Slice {
  readonly from: number
  readonly limit: number
}

/** `counts`: how many each edge has. Edges without a part of the page are left out. */
export const slicesOf = (
  counts: ReadonlyMap<string, number>,
  page: { readonly offset: number; readonly limit: number },
): ReadonlyMap<string, Slice> => {
  const slices = new Map<string, Slice>()
  let before = 0
  for (const [edge, count] of counts) {
    const from = Math.max(0, page.offset - before)
    const to = Math.min(count, page.offset + page.limit - before)
    if (from < to) slices.set(edge, { from, limit: to - from })
    before += count
  }
  return slices
}
