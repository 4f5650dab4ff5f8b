// A team: people of one organization who are given roles on groups together.

import { AtlasError } from '@postern/contract/errors'
import type { Kysely, Selectable } from 'kysely'
import type { Call } from '../../http/handler.ts'
import type { Tables } from '../../store/tables.ts'

export type TeamRow = Selectable<Tables['team']>

/** Throws TEAM_NOT_FOUND for a team of another organization too. */
export const teamOf = async (db: Kysely<Tables>, { params }: Pick<Call<'getOrgTeam'>, 'params'>): Promise<TeamRow> => {
  const { orgId = '', teamId = '' } = params
  const row = await db
    .selectFrom('team')
    .selectAll()
    .where('id', '=', teamId)
    .where('org_id', '=', orgId)
    .executeTakeFirst()
  if (!row) throw new AtlasError('TEAM_NOT_FOUND', { team: teamId, orgId })
  return row
}

export const teamView = ({ id, org_id, name }: TeamRow, link: Call<'getOrgTeam'>['link']) => ({
  id,
  links: [{ href: link(`/api/atlas/v2/orgs/${org_id}/teams/${id}`), rel: 'self' }],
  name,
})
