// From a command to its reply: is it known, may this user, is this member the right one; then its handler, then the
// disk, and only then the answer. Refusals are worded, labelled and versioned so that drivers retry what they may.
import type { Logger } from 'pino'
import { type Action, type Holder, mayDo, type Resource } from './authorize.ts'
import type { Client } from './client.ts'
import type { Command } from './command.ts'
import { asCommandError, CommandError } from './command-error.ts'
import type { Cursors } from './cursors.ts'
import type { Doc } from './document.ts'
import { type MemberIdentity, topologyVersionOf } from './hello.ts'
import type { ReplicaSet } from './replica-set.ts'
import type { CursorReply } from './wire/batch.ts'

/** A connection as `currentOp` shows it. */
export type Session = { readonly client: Client; readonly isBusy: boolean }
export type Member = MemberIdentity & {
  readonly cursors: Cursors
  readonly connections: () => number
  readonly sessions: () => readonly Session[]
}
export type Context = {
  readonly set: ReplicaSet
  readonly member: Member
  readonly client: Client
  readonly command: Command
  readonly log: Logger
}
export type CommandReply = Doc | CursorReply

export type Handler = {
  /** `nothing`: before authentication too; `user`: any authenticated user; else an action, on the command's collection
   * unless it is about the whole database or cluster. */
  readonly needs: 'nothing' | 'user' | { readonly action: Action; readonly on?: 'database' | 'cluster' }
  /** `primary`: writes; `readable`: reads, on a secondary only when the client said so; `any`: every member. */
  readonly at: 'primary' | 'readable' | 'any'
  /** A router has no such command. */
  readonly ofSets?: true
  readonly run: (context: Context) => CommandReply | Promise<CommandReply>
}
export type CommandTable = ReadonlyMap<string, Handler>

/** Carries a command out; refusals come back as replies and never as exceptions. */
export async function execute(table: CommandTable, context: Context): Promise<CommandReply> {
  const { command, set, log } = context
  try {
    const handler = table.get(command.name)
    if (!handler || (handler.ofSets && set.routers))
      throw new CommandError('CommandNotFound', `no such command: '${command.name}'`)
    refuseTransactions(command)
    authorize(handler, context)
    checkMember(handler, context)
    if (handler.at !== 'primary') return await handler.run(context)
    const { term } = set.state
    const reply = await handler.run(context)
    await set.flushed()
    // Whoever waited for the disk while the primary changed cannot know whether its write counts; the retry finds out.
    if (set.state.term !== term || !set.isWritable(context.member.index)) {
      throw new CommandError('InterruptedDueToReplStateChange', 'operation was interrupted')
    }
    return reply
  } catch (thrown) {
    const error = asCommandError(thrown)
    log.debug({ command: command.name, code: error.code }, 'a command was refused')
    return refusal(error, context)
  }
}

function refusal(error: CommandError, { set, member, command }: Pick<Context, 'set' | 'member' | 'command'>): Doc {
  if (!error.isStateChange) return error.reply()
  const labels = command.typed.txnNumber === undefined ? {} : { errorLabels: ['RetryableWriteError'] }
  return { ...error.reply(), topologyVersion: topologyVersionOf(set, member), ...labels }
}

function refuseTransactions({ args }: Command): void {
  if (args.startTransaction === undefined && args.autocommit === undefined) return
  throw new CommandError(
    'OperationNotSupportedInTransaction',
    'the sandbox does not support multi-document transactions',
  )
}

function authorize({ needs }: Handler, { client, set, command }: Context): void {
  if (needs === 'nothing') return
  const user = client.user(set.data.users)
  if (!user) throw new CommandError('Unauthorized', `Command ${command.name} requires authentication`)
  if (needs === 'user') return
  requireAction({ client, set, command }, needs.action, resourceOf(command, needs.on))
}

function resourceOf({ name, args, db }: Command, on?: 'database' | 'cluster'): Resource {
  if (on === 'cluster') return { cluster: true }
  const named = args[name]
  return { db, collection: on === undefined && typeof named === 'string' ? named : '' }
}

/** The client's user as somebody who holds roles. */
export const holderOf = ({ client, set }: Pick<Context, 'client' | 'set'>): Holder => ({
  roles: client.user(set.data.users)?.roles ?? [],
  known: set.data.roles,
})

/** @throws CommandError Unauthorized unless the client's user may do `action` on that resource */
export function requireAction(
  context: Pick<Context, 'client' | 'set' | 'command'>,
  action: Action,
  on: Resource,
): void {
  if (mayDo(holderOf(context), action, on)) return
  const db = 'cluster' in on ? 'admin' : on.db
  throw new CommandError('Unauthorized', `not authorized on ${db} to execute command ${context.command.name}`)
}

function checkMember({ at }: Handler, { set, member, command }: Context): void {
  if (at === 'any' || set.isWritable(member.index)) return
  if (at === 'primary') throw new CommandError('NotWritablePrimary', 'not primary')
  const preference = command.args.$readPreference
  const mode =
    typeof preference === 'object' && preference !== null && 'mode' in preference ? preference.mode : 'primary'
  if (mode === 'primary') throw new CommandError('NotPrimaryNoSecondaryOk', 'not primary and secondaryOk=false')
}
