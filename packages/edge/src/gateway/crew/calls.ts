// What a crew's primary and its workers ask each other.

import type { EdgeAnswer, EdgeQuestion } from '@postern/contract/edge-question'
import type { LogLevel } from '@postern/contract/environment'
import type { GatewayEndpoint } from '@postern/contract/snapshot'
import type { ListenersFile } from '../../listeners-file.ts'
import type { GatewayParts } from '../gateway.ts'
import type { RelayWish } from '../join/open-relay.ts'
import type { EndpointLimit, Standing } from '../places.ts'
import type { Turns } from '../shutdown.ts'
import type { ShownCertificate } from '../upstream.ts'
import type { Ledger } from './ledger.ts'

export interface WorkerStart {
  /** From 1. */
  readonly worker: number
  readonly host: string
  readonly trustedProxies: readonly string[]
  readonly file: ListenersFile
  /** In hex; null: no proof is believed. */
  readonly proofKey: string | null
  /** Whether there are certificates to ask for, of endpoints. */
  readonly speaksTls: boolean
  readonly limits: NonNullable<GatewayParts['limits']>
  readonly relay: RelayWish
  readonly turns: Turns
  readonly logLevel: LogLevel
}

/** A body in JSON, since it is made once for all workers; null: the one that was taken last. */
export interface Taking {
  readonly epoch: string
  readonly n: number
  readonly json: string | null
}

export interface WorkerCalls {
  /** Answered when it may be given connections: how it joins. */
  start(start: WorkerStart): Promise<{ readonly join: string }>
  /** Answered when whom it no longer admits is cut off. */
  take(taking: Taking): Promise<void>
  /** When, in milliseconds since 1970. */
  confirmed(at: number): void
  listenAs(file: ListenersFile): void
  /** With a client's socket, accepted and unread, at the door of this key. */
  arrived(at: { readonly door: string; readonly id: string }): void
  /** Summaries are not cut. What was counted is told before. */
  answer(question: EdgeQuestion): Promise<EdgeAnswer>
  /** Answered when nobody is there any more. */
  close(drainMs: number): Promise<void>
}

export interface PrimaryCalls {
  enter(endpoint: Pick<GatewayEndpoint, 'id'>): EndpointLimit | null
  begin(endpoint: Pick<GatewayEndpoint, 'id' | 'limits'>): EndpointLimit | null
  leave(place: { readonly endpointId: string; readonly as: Standing }): void
  firstUse(proof: { readonly nonce: string; readonly stampedAt: number }): boolean
  /** Of an endpoint, or (null) what is shown to members; `same`: as `have` said. */
  pair(asked: PairAsked): MarkedPair | 'same' | null
  /** How many connections have arrived at this worker, and how many of them are open. */
  load(load: { readonly arrived: number; readonly open: number }): void
  count(ledger: Ledger): void
}

export interface PairAsked {
  readonly of: string | null
  /** The mark of what the worker has; null: nothing. */
  readonly have: number | null
}

export interface MarkedPair extends ShownCertificate {
  readonly mark: number
}
