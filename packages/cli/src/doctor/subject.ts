// What the doctor is asked about. A connection string is a secret: it comes by standard input, a prompt or POSTERN_URI,
// and from argv with a warning; nothing of it that could be a password is ever part of a sentence.

import type { Context } from '../core/context.ts'

export type Subject =
  | { readonly kind: 'installation' }
  /** A cluster's name or an endpoint's id. */
  | { readonly kind: 'target'; readonly target: string }
  | { readonly kind: 'string'; readonly text: string }

export async function subjectOf(context: Context): Promise<Subject> {
  const typed = context.optionalArg('subject')
  if (typed === undefined) {
    const uri = context.io.env.POSTERN_URI
    return uri === undefined || uri === '' ? { kind: 'installation' } : { kind: 'string', text: uri }
  }
  if (typed === '-') return { kind: 'string', text: await context.secret('Connection string:') }
  if (!/^mongodb(\+srv)?:/i.test(typed)) return { kind: 'target', target: typed }
  if (/:\/\/[^/?]*:[^/?]*@/.test(typed)) {
    context.warn(
      'a password on the command line can be read by other processes; standard input or POSTERN_URI is safer',
    )
  }
  return { kind: 'string', text: typed }
}
