// A list whole, page after page: for what is filtered and scrolled through here, not by the server.

import type { CallableId, Requests } from '@postern/contract/client'
import type { ReplyOf } from '@postern/contract/schemas/operations'
import { type QueryKey, useQuery } from '@tanstack/react-query'
import { client } from './client.ts'

/** As many as the API gives at a time. */
const itemsPerPage = 500

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
    queryFn: async (): Promise<readonly ItemOf<Op>[]> => {
      const all: ItemOf<Op>[] = []
      for (let pageNum = 1; ; pageNum += 1) {
        const asked = [{ ...request, query: { itemsPerPage, pageNum } }] as unknown as Requests<Op>
        const { results } = (await client.call(id, ...asked)).body as unknown as {
          readonly results: readonly ItemOf<Op>[]
        }
        all.push(...results)
        if (results.length < itemsPerPage) return all
      }
    },
  })
