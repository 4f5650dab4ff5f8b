// What every delete has in common: the question unless --force, the sentence when it is declined (exit 0), and the one
// when it is done, with the name as it was typed.

import type { Client } from '@postern/contract/client'
import type { Argument, Flag, Leaf } from '../core/command.ts'
import type { Context } from '../core/context.ts'
import { force } from '../core/global-flags.ts'

export function deletion<Params>(parts: {
  readonly short: string
  /** Put before the sentence about --force. */
  readonly long?: string
  readonly role: string
  readonly arg: Argument
  /** Beside --force. */
  readonly flags: readonly Flag[]
  /** Command line up to the flags. */
  readonly example: string
  /** Other than "Are you sure you want to delete: …". */
  readonly question?: (name: string) => string
  readonly declined: string
  readonly deleted: (name: string) => string
  /** Before the question: nobody is asked about what cannot be named. */
  readonly params: (context: Context, name: string) => Promise<Params>
  readonly call: (client: Client, params: Params) => Promise<unknown>
}): Leaf {
  const asks = 'The command asks before it deletes, unless --force is given.'
  return {
    word: 'delete',
    aliases: ['rm'],
    short: parts.short,
    long: parts.long === undefined ? asks : `${parts.long}\n${asks}`,
    role: parts.role,
    args: [parts.arg],
    flags: [force, ...parts.flags],
    examples: [['Without a question:', `${parts.example} --force`]],
    async run(context) {
      const name = context.arg(parts.arg.name)
      const params = await parts.params(context, name)
      const question = parts.question?.(name) ?? `Are you sure you want to delete: ${name}`
      if (!(await context.confirmed(question, parts.declined))) return
      await parts.call(await context.client(), params)
      context.say(parts.deleted(name))
    },
  }
}
