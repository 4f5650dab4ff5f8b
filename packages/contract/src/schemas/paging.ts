// What every paged list looks like.

import { z } from 'zod'

export const link = z.object({ href: z.string(), rel: z.string() })

/** `{ links, results, totalCount }` around one kind of item. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ links: z.array(link), results: z.array(item), totalCount: z.number().int().min(0) })
