// The actor of a call on a route that has one.

import type { OperationId } from '@postern/contract/routes'
import type { Actor, Call } from './handler.ts'

/** Throws on a public or edge route: that a handler asks there is a bug, not the caller's fault. */
export const actorOf = ({ actor }: Pick<Call<OperationId>, 'actor'>): Actor => {
  if (actor === null) throw new Error('this route has no actor')
  return actor
}
