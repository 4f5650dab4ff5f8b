// Members that are not for every client: hidden ones, and those that lag behind on purpose.

import { z } from 'zod'

/** What a member is that no list of a hello tells; null: neither. */
export type Apart = 'hidden' | 'delayed' | null

/** As the configuration spells it, and a member's own hello too. `slaveDelay` before MongoDB 5. */
export const apartFields = z.object({
  hidden: z.boolean().optional(),
  // A Long, as the driver reads it, is a number here.
  secondaryDelaySecs: z.coerce.number().optional(),
  slaveDelay: z.coerce.number().optional(),
})

export const apart = ({ hidden, secondaryDelaySecs, slaveDelay }: z.output<typeof apartFields>): Apart =>
  hidden === true ? 'hidden' : (secondaryDelaySecs ?? slaveDelay ?? 0) > 0 ? 'delayed' : null

/** Of a member by its own hello, for which nobody needs a right. */
export const apartOf = (hello: unknown): Apart => {
  const read = apartFields.safeParse(hello)
  return read.success ? apart(read.data) : null
}
