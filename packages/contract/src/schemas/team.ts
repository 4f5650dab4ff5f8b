// Teams of an organization, their people, and the roles that they hold on groups.

import { z } from 'zod'
import { link, pageOf } from './paging.ts'
import { groupRoleList, objectId } from './role.ts'
import { cloudUser, memberFilter, orgUser, username } from './user.ts'

const name = z
  .string()
  .max(64)
  .refine((text) => text.trim() !== '', 'must not be blank')

const team = z.object({ id: z.string(), links: z.array(link), name: z.string() })
const teamRole = z.object({ links: z.array(link), roleNames: z.array(z.string()), teamId: z.string() })
const userId = z.object({ id: objectId })

export const teamSchemas = {
  listOrgTeams: { reply: pageOf(team) },
  createOrgTeam: {
    body: z.object({ name, usernames: z.array(username).max(250) }),
    reply: team.extend({ usernames: z.array(z.string()) }),
  },
  getOrgTeam: { reply: team },
  getOrgTeamByName: { reply: team },
  renameOrgTeam: { body: z.object({ name }), reply: team },

  listOrgTeamUsers: {
    query: memberFilter.extend({ userId: objectId.optional() }),
    reply: z.union([pageOf(orgUser), pageOf(cloudUser)]),
  },
  addOrgTeamUsers: { body: z.array(userId).min(1).max(250), reply: pageOf(cloudUser) },
  addOrgTeamUser: { body: userId, reply: orgUser },
  removeOrgTeamUser: { body: userId, reply: orgUser },

  listGroupTeams: { reply: pageOf(teamRole) },
  addGroupTeams: {
    body: z
      .array(z.object({ roleNames: groupRoleList, teamId: objectId }))
      .min(1)
      .max(250),
    reply: pageOf(teamRole),
  },
  getGroupTeam: { reply: teamRole },
  updateGroupTeam: { body: z.object({ roleNames: groupRoleList }), reply: pageOf(teamRole) },
} as const
