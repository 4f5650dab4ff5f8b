// What a connection knows of its client: who it is, and the SCRAM conversation that says so.
import type { Doc } from './document.ts'
import type { UserRecord } from './record.ts'
import type { Conversation } from './scram.ts'

export type Handshake = {
  readonly id: number
  readonly userId: string
  readonly uuid: string | undefined
  readonly skipEmptyExchange: boolean
  readonly conversation: Conversation
  proved: boolean
}

export class Client {
  readonly connectionId: number
  /** Where it came from, `address:port`. */
  readonly remote: string
  handshake: Handshake | undefined
  handshakes = 0
  /** What it said of itself in its first hello, typed: application, driver, system. */
  metadata: Doc | undefined
  #authenticated: { readonly userId: string; readonly uuid: string } | undefined

  constructor(connectionId: number, remote: string) {
    this.connectionId = connectionId
    this.remote = remote
  }

  get isAuthenticated(): boolean {
    return this.#authenticated !== undefined
  }

  /** `<db>.<name>`; undefined for somebody who did not sign in. */
  get userId(): string | undefined {
    return this.#authenticated?.userId
  }

  /** The authenticated user as they are now; a user that was dropped, and one made anew under the name, is nobody. */
  user(users: ReadonlyMap<string, UserRecord>): UserRecord | undefined {
    const who = this.#authenticated
    const user = who && users.get(who.userId)
    return user && user.uuid === who.uuid ? user : undefined
  }

  authenticated(userId: string, uuid: string): void {
    this.#authenticated = { userId, uuid }
  }

  logout(): void {
    this.#authenticated = undefined
  }
}
