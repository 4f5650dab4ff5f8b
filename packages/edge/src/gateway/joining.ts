// What a joined connection's talk and its join ask of the gateway: its names as the newest snapshot has them, whether it may
// work, who speaks for a member that is gone, and whom to tell that it is over.

import { type Arrival, admit } from './admit.ts'
import type { ConnectionParts } from './connection.ts'
import { createGuard, type Guard, type GuardRefusal, guardRules } from './guard/guard.ts'
import type { ConnectionEnd, Joined, JoinParts } from './join/join.ts'
import { createStandIn, type StandIn } from './join/stand-in.ts'
import type { Admitted, Life } from './life.ts'
import { createExchange, type Exchange, type ExchangeParts } from './translate/exchange.ts'
import type { HelloNames } from './translate/hello.ts'
import type { Balancing } from './translate/load-balanced.ts'
import { balancingFor, namesFor } from './translate/names.ts'
import type { Holder } from './wire/held-bytes.ts'

interface JoiningParts {
  readonly life: Life
  readonly parts: ConnectionParts
  readonly arrival: Arrival
  readonly admitted: Admitted
  /** What hello says instead of the endpoint's address; null: its address. */
  readonly shownHost: string | null
  /** The member was shown a certificate of the gateway's. */
  readonly showsCertificate: boolean
  /** Called once it is over. */
  readonly over: () => void
}

export class Joining implements ExchangeParts, JoinParts, Holder {
  readonly exchange: Exchange
  readonly guard: Guard | null
  readonly #of: JoiningParts
  #firstMessage: NodeJS.Timeout | undefined
  #joined: Joined | undefined

  constructor(of: JoiningParts) {
    const { policy, cloudEndpointId } = of.admitted.endpoint
    const rules = guardRules(policy)
    this.#of = of
    const isGuarded = rules !== null || of.showsCertificate
    this.guard = isGuarded ? createGuard(rules, cloudEndpointId, of.showsCertificate) : null
    this.exchange = createExchange(this)
  }

  /** Ends it where nothing whole comes for too long. */
  awaitFirst(joined: Joined): void {
    this.#joined = joined
    const { firstMessageMs } = this.#of.parts.limits
    this.#firstMessage = setTimeout(() => {
      this.#firstMessage = undefined
      if (this.exchange.count() > 0) return
      joined.stop({ side: 'client', code: 'NO_FIRST_MESSAGE', reason: `no message within ${firstMessageMs} ms` })
    }, firstMessageMs)
  }

  // Of the exchange

  get holder(): Holder {
    return this
  }

  heldTooLong(reason: string): void {
    this.#joined?.stop({ side: 'client', code: 'HELD_TOO_LONG', reason })
  }

  now(): number {
    return this.#of.parts.clock.now()
  }

  /** As the newest snapshot has them; those of the admission while there is no newer word. */
  names(): HelloNames {
    const { parts, arrival, admitted, shownHost } = this.#of
    const index = parts.register.index()
    const newest = index === null ? admitted : admit(index, arrival, 0, parts.register.latest())
    const { endpoint, cluster } = newest.admit ? newest : admitted
    return namesFor(endpoint, cluster, arrival.sni === 'unread' ? null : arrival.sni.name, shownHost)
  }

  leftOut(members: readonly string[]): void {
    const { parts, life } = this.#of
    parts.log.debug({ connection: life.id, members }, 'members left out of an answer to hello')
  }

  begin(): string | null | Promise<string | null> {
    const { life, arrival, admitted } = this.#of
    return life.begin(arrival, admitted)
  }

  balancing(): Balancing {
    return balancingFor(this.#of.admitted)
  }

  mismatched(reason: string): void {
    this.#of.life.requestRefused({ code: 'LOAD_BALANCER_MISMATCH', reason })
  }

  refused(refusal: GuardRefusal): void {
    this.#of.life.requestRefused(refusal)
  }

  // Of the join

  get endpointId(): string {
    return this.#of.admitted.endpoint.id
  }

  get idleMs(): number {
    return this.#of.parts.limits.idleMs
  }

  get halfOpenMs(): number {
    return this.#of.parts.limits.halfOpenMs
  }

  get standIn(): StandIn {
    const { parts, admitted } = this.#of
    return createStandIn({
      exchange: this.exchange,
      memberRefuses: () => parts.refuses(admitted.member.hostPort),
      // In load balanced mode a driver has nothing to wait for: the sooner it knows, the sooner it takes another router.
      lingerMs: admitted.balances === null ? parts.limits.lingerMs : 0,
    })
  }

  ended(end: ConnectionEnd): void {
    clearTimeout(this.#firstMessage)
    this.exchange.over()
    this.#of.over()
    this.#of.life.ended(end)
  }
}
