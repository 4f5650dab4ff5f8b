// What invitations to organizations and to projects have in common: how they are shown, and which one is meant.

import type { Argument, Flag } from '../core/command.ts'
import { type Context, objectIdProblem } from '../core/context.ts'
import { UsageError } from '../core/usage-error.ts'
import { textAt } from '../print/json.ts'
import { column, sentence } from '../print/template.ts'

export const invitationColumns = [
  column('ID', 'id'),
  column('USERNAME', 'username'),
  column('CREATED AT', 'createdAt'),
  column('EXPIRES AT', 'expiresAt'),
] as const

export const emailArgument: Argument = { name: 'email', usage: 'E-mail address of the person to invite.' }
export const invitationId: Argument = {
  name: 'invitationId',
  usage: 'Identifier of the invitation.',
  problem: objectIdProblem,
}
export const email: Flag = { name: 'email', kind: 'text', usage: 'E-mail address of the person who is invited.' }

export const invited = sentence((invitation) => `User '${textAt(invitation, 'username')}' invited.`)
export const updated = sentence((invitation) => `Invitation ${textAt(invitation, 'id')} updated.`)

/** Only those of `--email`, where it is given. */
export const ofEmail = (context: Context): { readonly username?: string } => {
  const username = context.optional('email')
  return username === undefined ? {} : { username }
}

/** The invitation that is meant: its id, or the address of who is invited. Throws UsageError where neither is given. */
export const oneOf = (context: Context): { readonly id: string } | { readonly username: string } => {
  const id = context.optionalArg('invitationId')
  if (id !== undefined) return { id }
  const username = context.optional('email')
  if (username === undefined) throw new UsageError('you must provide the email address or the invitationId')
  return { username }
}
