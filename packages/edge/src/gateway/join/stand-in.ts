// What becomes of a client whose member ended its connection. Where the member itself is gone (it refuses connections),
// a retryable write that waits for an answer, or is just arriving, is answered in its place, so that its driver sends it
// again to the next primary; everything else can only end with its connection, and does at once. A member that is still
// there ended this one connection: its client must see that, and nothing else.

import type { Socket } from 'node:net'
import type { Exchange } from '../translate/exchange.ts'
import { WireRefusal } from '../wire/refusal.ts'

export interface StandIn {
  /** Whether this client is at work; one that only watches must learn at once that its member is gone. */
  wanted(): boolean
  /**
   * Speaks to the client in the member's place. Resolves, soon, when there is nothing more to be said and the client
   * may be closed: true when a write was answered.
   */
  serve(client: Socket): Promise<boolean>
}

interface StandInParts {
  readonly exchange: Pick<Exchange, 'requests' | 'works' | 'parting'>
  /** Whether the member refuses connections by now. Never rejects. */
  readonly memberRefuses: () => Promise<boolean>
  /** How long a request may take that was on its way when the member ended, in milliseconds. */
  readonly lingerMs: number
}

export function createStandIn({ exchange, memberRefuses, lingerMs }: StandInParts): StandIn {
  return {
    wanted: () => exchange.works(),

    async serve(client) {
      if (!(await memberRefuses()) || client.destroyed) return false
      return new Promise((resolve) => {
        const done = (answered: boolean): void => {
          clearTimeout(timer)
          client.removeListener('data', onData)
          client.removeListener('end', onGone)
          client.removeListener('close', onGone)
          resolve(answered)
        }
        const onGone = (): void => done(false)
        const speak = (): void => {
          const parting = exchange.parting()
          if (parting === 'quiet') return
          if (parting !== null) client.write(parting)
          done(parting !== null)
        }
        const onData = (chunk: Buffer): void => {
          try {
            exchange.requests.push(chunk)
          } catch (error) {
            if (!(error instanceof WireRefusal)) throw error
            done(false)
            return
          }
          speak()
        }
        const timer = setTimeout(onGone, lingerMs)
        client.on('data', onData)
        client.once('end', onGone)
        client.once('close', onGone)
        client.resume()
        speak()
      })
    },
  }
}
