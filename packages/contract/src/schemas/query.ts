// Query parameters that may come more than once.

import { z } from 'zod'

/** `name=a&name=b`, or once; answers a list, empty where it did not come. */
export const repeated = <Item extends z.ZodType<string, string>>(item: Item) =>
  z
    .union([z.array(item), item.transform((one) => [one])])
    .optional()
    .transform((list): readonly z.output<Item>[] => (list as readonly z.output<Item>[] | undefined) ?? [])
