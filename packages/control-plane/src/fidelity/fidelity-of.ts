// Which of the two settings a group is answered by: its own choice, else the server's. Asked where a wish is written or
// something is shown; what follows from the answer is in the rows, so that turns do not ask again.

import { type Behaviour, behaviours, type Fidelity, fidelities } from '@postern/contract/fidelity'
import type { Kysely } from 'kysely'
import type { Parts, Settings } from '../parts.ts'
import type { Tables } from '../store/tables.ts'

/** `own` is the group's column. */
export const effectiveFidelity = (own: string | null, { fidelity }: Pick<Settings, 'fidelity'>): Fidelity =>
  fidelities.find((known) => known === own) ?? fidelity

/** The server's, for what belongs to no group. */
export const serverBehaviour = ({ fidelity }: Pick<Settings, 'fidelity'>): Behaviour => behaviours[fidelity]

/** A group that is gone, and what belongs to none (null), is answered by the server's. */
export const behaviourOf = async (
  db: Kysely<Tables>,
  { settings }: Pick<Parts, 'settings'>,
  groupId: string | null,
): Promise<Behaviour> => {
  if (groupId === null) return serverBehaviour(settings)
  const group = await db.selectFrom('group').select('fidelity').where('id', '=', groupId).executeTakeFirst()
  return behaviours[effectiveFidelity(group?.fidelity ?? null, settings)]
}

/** Until when a state that begins now is shown at least; null: no longer than it takes. */
export const settlesAt = (
  { passingStates }: Pick<Behaviour, 'passingStates'>,
  { settings, clock }: Pick<Parts, 'settings' | 'clock'>,
): Date | null => (passingStates === 'held' ? new Date(clock.now() + settings.fidelityDelayMs) : null)
