// `teams users add | list | delete`.

import type { Argument, Leaf } from '../../core/command.ts'
import { objectIdProblem } from '../../core/context.ts'
import { orgId, output } from '../../core/global-flags.ts'
import { type Json, textAt } from '../../print/json.ts'
import { rows, sentence } from '../../print/template.ts'
import { deletion } from '../deletion.ts'
import { compact, pageOrItems } from '../pages.ts'
import { userColumns } from '../people.ts'
import { teamId } from '../teams.ts'

const userId: Argument = { name: 'userId', usage: 'Identifier of the user.', problem: objectIdProblem }
/** An account's name is its address; the newest form of a member leaves the field out. */
const email = {
  header: 'EMAIL',
  cell: (user: Json) => textAt(user, 'emailAddress') || textAt(user, 'username'),
}

export const teamUserCommands: readonly Leaf[] = [
  {
    word: 'add',
    short: 'Add users to one team of your organization.',
    role: 'Organization Owner',
    args: [{ ...userId, usage: 'Identifiers of the users.', many: true }],
    flags: [teamId, orgId, output],
    examples: [['Add one:', 'teams users add 5f4fe14da2b47835a58c63a3 --teamId 5f4fe14da2b47835a58c63a2']],
    async run(context) {
      const { body } = await (await context.client()).call('addOrgTeamUsers', {
        params: { orgId: await context.orgId(), teamId: context.text('teamId') },
        body: context.args.map((id) => ({ id })),
      })
      await context.print(
        body,
        sentence(() => 'User(s) added to the team.'),
      )
    },
  },
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all users of one team.',
    role: 'Organization Member',
    flags: [teamId, compact, orgId, output],
    examples: [['List them as JSON:', 'teams users list --teamId 5f4fe14da2b47835a58c63a2 --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('listOrgTeamUsers', {
        params: { orgId: await context.orgId(), teamId: context.text('teamId') },
      })
      await context.print(pageOrItems(context, body), rows(...userColumns, email))
    },
  },
  deletion({
    short: 'Remove one user from one team of your organization.',
    role: 'Organization Owner',
    arg: userId,
    flags: [teamId, orgId],
    example: 'teams users delete 5f4fe14da2b47835a58c63a3 --teamId 5f4fe14da2b47835a58c63a2',
    declined: 'User not deleted',
    deleted: (name) => `User '${name}' deleted from the team`,
    params: async (context, id) => ({
      orgId: await context.orgId(),
      teamId: context.text('teamId'),
      userId: id,
    }),
    call: (client, params) => client.call('removeOrgTeamUserFromTeam', { params }),
  }),
]
