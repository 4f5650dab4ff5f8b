// A list whole, page after page: for what is filtered and scrolled through here, not by the server.

import type { CallableId, Requests } from '@postern/contract/client'
import type { ReplyOf } from '@postern/contract/schemas/operations'
import { type QueryKey, useQuery } from '@tanstack/react-query'
import { client } from './client.ts'
import { everyPage, itemsPerPage, type Page } from './every-page.ts'

/** Operations that answer a page of `results`. */
type PagedId = {
  readonly [Op in CallableId]: ReplyOf<Op> extends { readonly results: readonly unknown[] } ? Op : never
}[CallableId]
type ItemOf<Op extends PagedId> = ReplyOf<Op> extends { readonly results: readonly (infer Item)[] } ? Item : never

export const useWholeList = <Op extends PagedId>(
  id: Op,
  request: { readonly params: Requests<Op>[0] extends { readonly params: infer Params } ? Params : never },
) =>
  useQuery({
    queryKey: [id, request, 'whole'] as QueryKey,
    queryFn: () =>
      everyPage(async (pageNum) => {
        const asked = [{ ...request, query: { itemsPerPage, pageNum } }] as unknown as Requests<Op>
        return (await client.call(id, ...asked)).body as unknown as Page<ItemOf<Op>>
      }),
  })
