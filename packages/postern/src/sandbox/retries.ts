// What was answered to retryable writes, so that the same (session, transaction number, statement) sent again is
// answered again and not applied twice (Retryable Writes specification). Bounded: the session used longest ago goes.
import { CommandError } from './command-error.ts'
import type { Doc } from './document.ts'
import type { RetryRecord } from './record.ts'

export type RetryKey = Omit<RetryRecord, 'outcome'>
type SessionMemory = { readonly txn: bigint; readonly outcomes: Map<number, Doc> }

export class Retries {
  #sessions = new Map<string, SessionMemory>()
  #limit: number

  constructor(limit = 20_000) {
    this.#limit = limit
  }

  /**
   * The outcome of this statement, if it was carried out before.
   * @throws CommandError TransactionTooOld when the session has moved on
   */
  recall({ session, txn, statement }: RetryKey): Doc | undefined {
    const memory = this.#sessions.get(session)
    if (!memory || memory.txn < txn) return undefined
    if (memory.txn > txn) {
      throw new CommandError('TransactionTooOld', `Retryable write with txnNumber ${txn} is older than ${memory.txn}`)
    }
    return memory.outcomes.get(statement)
  }

  remember({ session, txn, statement, outcome }: RetryRecord): void {
    const known = this.#sessions.get(session)
    const memory = known && known.txn === txn ? known : { txn, outcomes: new Map<number, Doc>() }
    memory.outcomes.set(statement, outcome)
    this.#sessions.delete(session)
    this.#sessions.set(session, memory)
    if (this.#sessions.size > this.#limit) {
      const oldest = this.#sessions.keys().next().value
      if (oldest !== undefined) this.#sessions.delete(oldest)
    }
  }

  /** The session has ended; nothing of it will be sent again. */
  forget(session: string): void {
    this.#sessions.delete(session)
  }

  *records(): Iterable<RetryRecord> {
    for (const [session, { txn, outcomes }] of this.#sessions) {
      for (const [statement, outcome] of outcomes) yield { session, txn, statement, outcome }
    }
  }
}
