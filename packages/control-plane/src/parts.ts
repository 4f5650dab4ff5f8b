// What every resource is given: the world as parameters. Composed once, in control-plane.ts.

import type { Fidelity } from '@postern/contract/fidelity'
import type { Kysely, Transaction } from 'kysely'
import type { Logger } from 'pino'
import type { Turns } from './reconcile/turns.ts'
import type { Tables } from './store/tables.ts'

export interface Clock {
  /** Milliseconds since 1970. */
  readonly now: () => number
}

export interface Ids {
  /** A fresh 24-hex id. */
  readonly objectId: () => string
  /** `bytes` random bytes as lower-case hex. */
  readonly hex: (bytes: number) => string
}

export interface Seal {
  /** AES-256-GCM with the row's id bound in; answers text that names its key. */
  readonly close: (rowId: string, clear: string) => string
  /** Throws when the text was made for another row or under another key. */
  readonly open: (rowId: string, sealed: string) => string
}

/**
 * Serializable: as if it were alone. Repeatable read: what it reads is of one moment, and what it changes nobody else
 * changed meanwhile. Read committed: for one statement that decides all by itself.
 */
export type Isolation = 'serializable' | 'repeatable read' | 'read committed'

export interface Store {
  /** Reads outside a transaction. Throws inside one: pass `tx` down (PGlite has one connection and would hang). */
  readonly read: Kysely<Tables>
  /**
   * Runs `work` in one transaction and answers what it answers; a thrown error rolls it back. It is run again when it
   * lost a race. Serializable, unless told that less is enough, which spares it and others most races.
   */
  readonly transact: <Result>(
    work: (tx: Transaction<Tables>) => Promise<Result>,
    options?: { readonly isolation: Isolation },
  ) => Promise<Result>
}

export interface Parts {
  readonly store: Store
  readonly turns: Turns
  readonly clock: Clock
  readonly ids: Ids
  readonly seal: Seal
  readonly log: Logger
  readonly settings: Settings
}

export interface Settings {
  /** Base of host names; see contract/host-name.ts. */
  readonly domain: string
  /** How long the local cloud takes for one step, in milliseconds (POSTERN_LOCAL_PROVISION_MS). */
  readonly localProvisionMs: number
  /** Inclusive range that gateway ports are taken from. */
  readonly gatewayPorts: { readonly from: number; readonly to: number }
  /** Whose behaviour groups are answered by that chose none themselves (contract/fidelity.ts). */
  readonly fidelity: Fidelity
  /** How long a passing state is shown at least under Atlas's behaviour, in milliseconds. */
  readonly fidelityDelayMs: number
  /** reject: an unknown consumer endpoint is refused; accept: a well-formed one is registered at once. */
  readonly unknownEndpoints: 'reject' | 'accept'
  /** True: local endpoints get an own 127.x.y.z; false: a block of ports on 127.0.0.1 and ::1. */
  readonly ownAddresses: boolean
  /** Inclusive range that blocks of ports are taken from when local endpoints have no own address; default 20000-32767. */
  readonly localPorts?: { readonly from: number; readonly to: number }
  /** At which address or name clients reach the gateways' own ports, for standard listeners; default 127.0.0.1. */
  readonly standardHost?: string
  /** Where local endpoints listen and what is advertised instead, for applications in containers; null: loopback. */
  readonly bind: string | null
  readonly advertise: string | null
  /** Sandbox admin door; null: no sandbox, POST /clusters is refused with the reason. */
  readonly sandbox: { readonly url: string; readonly token: string } | null
  /** True: the service of the last endpoint goes with it when that endpoint had been AVAILABLE. */
  readonly lastEndpointTakesService: boolean
  /** How long a termination can be undone, in milliseconds; 0: never. */
  readonly undoWindowMs: number
}
