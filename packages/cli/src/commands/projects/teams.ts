// `projects teams add | list | update | delete`: which teams have roles on a project.

import type { Argument, Leaf } from '../../core/command.ts'
import { objectIdProblem } from '../../core/context.ts'
import { output, pages, projectId } from '../../core/global-flags.ts'
import { column, rows, sentence } from '../../print/template.ts'
import { deletion } from '../deletion.ts'
import { pageQuery } from '../pages.ts'
import { groupRole, groupRolesOf } from '../roles.ts'

const teamId: Argument = { name: 'teamId', usage: 'Identifier of the team.', problem: objectIdProblem }

export const projectTeamCommands: readonly Leaf[] = [
  {
    word: 'add',
    short: 'Add one team to your project.',
    long: 'Everybody in the team gets the roles.',
    role: 'Project Owner',
    args: [teamId],
    flags: [groupRole, projectId, output],
    examples: [['Let a team read:', 'projects teams add 5f4fe14da2b47835a58c63a2 --role GROUP_READ_ONLY']],
    async run(context) {
      const { body } = await (await context.client()).call('addGroupTeams', {
        params: { groupId: await context.groupId() },
        body: [{ teamId: context.arg('teamId'), roleNames: groupRolesOf(context) }],
      })
      await context.print(
        body,
        sentence(() => 'Team added to the project.'),
      )
    },
  },
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all teams of your project.',
    role: 'Project Read Only',
    flags: [...pages, projectId, output],
    examples: [['List them as JSON:', 'projects teams list --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('listGroupTeams', {
        params: { groupId: await context.groupId() },
        query: pageQuery(context),
      })
      await context.print(body, rows(column('ID', 'teamId')))
    },
  },
  {
    word: 'update',
    aliases: ['updates'],
    short: 'Change the roles of one team on your project.',
    role: 'Project Owner',
    args: [teamId],
    flags: [groupRole, projectId, output],
    examples: [['Let a team own it:', 'projects teams update 5f4fe14da2b47835a58c63a2 --role GROUP_OWNER']],
    async run(context) {
      const { body } = await (await context.client()).call('updateGroupTeam', {
        params: { groupId: await context.groupId(), teamId: context.arg('teamId') },
        body: { roleNames: groupRolesOf(context) },
      })
      await context.print(
        body,
        sentence(() => "Team's roles updated."),
      )
    },
  },
  deletion({
    short: 'Remove one team from your project.',
    long: 'The team stays in the organization.',
    role: 'Project Owner',
    arg: teamId,
    flags: [projectId],
    example: 'projects teams delete 5f4fe14da2b47835a58c63a2',
    declined: 'Team not deleted',
    deleted: (name) => `Team '${name}' deleted`,
    params: async (context, id) => ({ groupId: await context.groupId(), teamId: id }),
    call: (client, params) => client.call('removeGroupTeam', { params }),
  }),
]
