// What people write on their own things: labels to find them by and a line of description. Postern's own API only;
// nothing here reads a meaning into them.

import { z } from 'zod'

const key = z
  .string()
  .regex(/^[A-Za-z0-9]([-A-Za-z0-9._/]{0,61}[A-Za-z0-9])?$/, 'must be 1-63 letters, digits, - . _ /')

/** At most 50, each `key: value`; a PATCH replaces all of them. */
export const labels = z
  .record(key, z.string().max(255))
  .refine((all) => Object.keys(all).length <= 50, 'must be at most 50 labels')

export type Labels = z.output<typeof labels>

export const description = z.string().max(500)

/** `label=env` (has it) or `label=env:prod` (has it with that value). What no label can be called is refused, not searched for. */
export const labelFilter = z
  .string()
  .max(320)
  .transform((text) => {
    const at = text.indexOf(':')
    return at === -1 ? { key: text, value: null } : { key: text.slice(0, at), value: text.slice(at + 1) }
  })
  .pipe(z.object({ key, value: z.string().nullable() }))
