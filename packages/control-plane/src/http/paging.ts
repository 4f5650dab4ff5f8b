// A page of a list, as Atlas wraps one. The query is echoed in `links` with the page's own numbers at its end
// (recorded); `totalCount` is 0, not absent, where the caller did not want it counted (recorded).

import type { OperationId } from '@postern/contract/routes'
import type { Call } from './handler.ts'

interface Link {
  readonly href: string
  readonly rel: string
}

export interface Page<Item> {
  readonly links: Link[]
  readonly results: Item[]
  readonly totalCount: number
}

/** SQL's limit and offset for the page that was asked for. */
export const rowsOf = ({
  paging,
}: Pick<Call<OperationId>, 'paging'>): { readonly limit: number; readonly offset: number } => ({
  limit: paging.itemsPerPage,
  offset: (paging.pageNum - 1) * paging.itemsPerPage,
})

/** Wraps one page of results. `total` counts all of them, on every page. */
export const pageOf = <Item>(
  call: Pick<Call<OperationId>, 'paging' | 'self' | 'link'>,
  { results, total }: { readonly results: readonly Item[]; readonly total: number },
): Page<Item> => {
  const { pageNum, itemsPerPage, includeCount } = call.paging
  const at = (rel: string, page: number): Link => ({ href: call.link(withPage(call.self, page, itemsPerPage)), rel })
  const links = [at('self', pageNum)]
  if (pageNum > 1) links.push(at('previous', pageNum - 1))
  if (pageNum * itemsPerPage < total) links.push(at('next', pageNum + 1))
  return { links, results: [...results], totalCount: includeCount ? total : 0 }
}

/** Cuts one page from a list that is whole in memory. */
export const cutPage = <Item>(
  call: Pick<Call<OperationId>, 'paging' | 'self' | 'link'>,
  all: readonly Item[],
): Page<Item> => {
  const { limit, offset } = rowsOf(call)
  return pageOf(call, { results: all.slice(offset, offset + limit), total: all.length })
}

const withPage = (self: string, pageNum: number, itemsPerPage: number): string => {
  const [path = '', query = ''] = self.split('?', 2)
  const others = query.split('&').filter((pair) => pair !== '' && !/^(?:pageNum|itemsPerPage)(?:=|$)/.test(pair))
  return `${path}?${[...others, `pageNum=${pageNum}`, `itemsPerPage=${itemsPerPage}`].join('&')}`
}
