// What a member that is gone would have said of a retryable write that it left unanswered, had it shut down in good
// order: InterruptedAtShutdown, labelled so that a driver sends the same write again, once, to the next primary
// (Retryable Writes specification, "Determining Retryable Errors"); as a mongos answers for a shard. Without an answer
// a driver may not retry: Node's, up to 7.9, labels only the first write of a pool that loses its connection. A gateway
// that has to cut a write off at the end of its own shutdown says the same.

import { requestId } from '../wire/frames.ts'
import { errorReply } from './error-reply.ts'
import { requestKind } from './request-kind.ts'

const memberGone = 'the member is gone; the gateway answers for it'

/**
 * The whole reply to `request` (its first bytes, or all of it); null for what is no retryable write, or cannot be told
 * to be one: its client must see its connection end. `sentence`: why, for people.
 */
export function lastWords(request: Buffer, sentence = memberGone): Buffer | null {
  if (requestKind(request) !== 'retryable write') return null
  const [responseTo, labels] = [requestId(request), ['RetryableWriteError']]
  return errorReply({ form: 'msg', responseTo, error: 'InterruptedAtShutdown', sentence, labels })
}
