// `organizations invitations …` and `projects invitations …`: written once, over the operations of either.

import type { Client } from '@postern/contract/client'
import type { Argument, Flag, Leaf } from '../core/command.ts'
import { type Context, objectIdProblem } from '../core/context.ts'
import { output } from '../core/global-flags.ts'
import { UsageError } from '../core/usage-error.ts'
import { textAt } from '../print/json.ts'
import { column, row, rows, sentence } from '../print/template.ts'
import { deletion } from './deletion.ts'

type Reply = Promise<{ readonly body: unknown }>

/** The operations of an organization or of a project, at the `params` that say which. */
export interface Invitations<Params, Change> {
  /** `organizations invitations`. */
  readonly commandLine: string
  /** `your organization`. */
  readonly whose: string
  readonly owner: string
  readonly place: Flag
  readonly params: (context: Context) => Promise<Params>
  readonly invite: {
    readonly long: string
    /** Beside `--output` and the place. */
    readonly flags: readonly Flag[]
    readonly example: readonly [string, string]
    readonly call: (client: Client, params: Params, context: Context, username: string) => Reply
  }
  readonly list: (client: Client, params: Params, query: { readonly username?: string }) => Reply
  readonly get: (client: Client, params: Params & Named) => Reply
  readonly update: {
    readonly flags: readonly Flag[]
    readonly exampleRole: string
    /** Throws UsageError where the flags do not say what shall change. */
    readonly change: (context: Context) => Promise<Change>
    readonly byId: (client: Client, params: Params & Named, change: Change) => Reply
    readonly byAddress: (client: Client, params: Params, change: Change & { readonly username: string }) => Reply
  }
  readonly delete: {
    readonly long?: string
    readonly call: (client: Client, params: Params & Named) => Promise<unknown>
  }
}

interface Named {
  readonly invitationId: string
}

const columns = [
  column('ID', 'id'),
  column('USERNAME', 'username'),
  column('CREATED AT', 'createdAt'),
  column('EXPIRES AT', 'expiresAt'),
] as const
const invitationId: Argument = {
  name: 'invitationId',
  usage: 'Identifier of the invitation.',
  problem: objectIdProblem,
}
const exampleId = '5f4fe14da2b47835a58c63a2'
const email: Flag = { name: 'email', kind: 'text', usage: 'E-mail address of the person who is invited.' }

export const invitationCommands = <Params extends object, Change extends object>(
  invitations: Invitations<Params, Change>,
): readonly Leaf[] => {
  const { commandLine, whose, owner, place, params, invite, update } = invitations
  const named = async (context: Context, id: string) => ({ ...(await params(context)), invitationId: id })
  return [
    {
      word: 'invite',
      aliases: ['create'],
      short: `Invite one person to ${whose}.`,
      long: invite.long,
      role: owner,
      args: [{ name: 'email', usage: 'E-mail address of the person to invite.' }],
      flags: [...invite.flags, place, output],
      examples: [invite.example],
      async run(context) {
        const { body } = await invite.call(await context.client(), await params(context), context, context.arg('email'))
        await context.print(
          body,
          sentence((invitation) => `User '${textAt(invitation, 'username')}' invited.`),
        )
      },
    },
    {
      word: 'list',
      aliases: ['ls'],
      short: `Return all invitations to ${whose} that are pending.`,
      role: owner,
      flags: [email, place, output],
      examples: [['List them as JSON:', `${commandLine} list --output json`]],
      async run(context) {
        const username = context.optional('email')
        const query = username === undefined ? {} : { username }
        const { body } = await invitations.list(await context.client(), await params(context), query)
        await context.print(body, rows(...columns))
      },
    },
    {
      word: 'describe',
      aliases: ['get'],
      short: `Return one invitation to ${whose}.`,
      role: owner,
      args: [invitationId],
      flags: [place, output],
      examples: [['Show one as JSON:', `${commandLine} describe ${exampleId} --output json`]],
      async run(context) {
        const at = await named(context, context.arg('invitationId'))
        const { body } = await invitations.get(await context.client(), at)
        await context.print(body, row(...columns))
      },
    },
    {
      word: 'update',
      aliases: ['updates'],
      short: `Change one invitation to ${whose}.`,
      long: 'It is named by its identifier or by the address of who is invited.',
      role: owner,
      args: [{ ...invitationId, optional: true }],
      flags: [email, ...update.flags, place, output],
      examples: [
        ['Make it one of an owner:', `${commandLine} update --email ann@example.com --role ${update.exampleRole}`],
      ],
      async run(context) {
        const meant = oneOf(context)
        const change = await update.change(context)
        const client = await context.client()
        const { body } =
          'id' in meant
            ? await update.byId(client, await named(context, meant.id), change)
            : await update.byAddress(client, await params(context), { ...change, username: meant.username })
        await context.print(
          body,
          sentence((invitation) => `Invitation ${textAt(invitation, 'id')} updated.`),
        )
      },
    },
    deletion({
      short: `Take back one invitation to ${whose}.`,
      ...(invitations.delete.long !== undefined && { long: invitations.delete.long }),
      role: owner,
      arg: invitationId,
      flags: [place],
      example: `${commandLine} delete ${exampleId}`,
      declined: 'Invitation not deleted',
      deleted: (name) => `Invitation '${name}' deleted`,
      params: named,
      call: invitations.delete.call,
    }),
  ]
}

/** The invitation that is meant: its id, or the address of who is invited. Throws UsageError where neither is given. */
const oneOf = (context: Context): { readonly id: string } | { readonly username: string } => {
  const id = context.optionalArg('invitationId')
  if (id !== undefined) return { id }
  const username = context.optional('email')
  if (username === undefined) throw new UsageError('you must provide the email address or the invitationId')
  return { username }
}
