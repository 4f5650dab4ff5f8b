// A group's own choice between Postern's behaviour and Atlas's (../fidelity.ts).

import { z } from 'zod'
import { fidelities } from '../fidelity.ts'

const fidelity = z.enum(fidelities)

const groupFidelity = z.object({
  /** What the group is answered by. */
  fidelity,
  /** What was chosen for the group; null: as the server is set. */
  own: fidelity.nullable(),
})

export const groupFidelitySchemas = {
  getGroupFidelity: { reply: groupFidelity },
  /** Null goes back to what the server is set to. */
  updateGroupFidelity: { body: z.strictObject({ own: fidelity.nullable() }), reply: groupFidelity },
} as const
