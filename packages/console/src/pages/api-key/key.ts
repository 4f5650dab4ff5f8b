// An API key as the API lists it, and what it may do at one place. Pure.

import type { ReplyOf } from '@postern/contract/schemas/operations'
import type { AccessPlace } from '../access-manager/access-place.ts'

export type ApiKey = ReplyOf<'listOrgApiKeys'>['results'][number]

/** A key of an organization carries roles of its projects, too. */
export const rolesHere = ({ roles }: Pick<ApiKey, 'roles'>, { id }: Pick<AccessPlace, 'id'>): readonly string[] =>
  roles.filter((role) => ('groupId' in role ? role.groupId : role.orgId) === id).map(({ roleName }) => roleName)
