// What several drills do with gateways under load: clients work, something happens to a gateway, and they are to go on.

import { type Clients, type Failed, startClients } from '../packages/edge/src/gateway/testing/clients.ts'
import { type Doorway, openDoorway, startGateway } from './doorway.ts'
import { type Outcome, withOpen } from './drill.ts'

/** Answers that a round waits for, before and after what happens in it. */
const goOn = 100

interface Round {
  readonly doorway: Doorway
  readonly clients: Clients
  readonly gateways: Awaited<ReturnType<typeof startGateway>>[]
  readonly turn: number
}

/**
 * At each address a gateway; before them eight writers and four readers of one driver, in each round another one, so that
 * it is found connected to all of them.
 */
export function underLoad(
  addresses: readonly string[],
  times: number,
  happens: (round: Round) => Promise<void>,
): Promise<Outcome> {
  return withOpen(async (keep) => {
    const doorway = keep(await openDoorway(addresses))
    const gateways = await Promise.all(doorway.starts.map(startGateway))
    keep({ close: () => Promise.all(gateways.map((gateway) => gateway.close(0))) })
    const broken: string[] = []
    let answered = 0
    for (let turn = 0; turn < times; turn++) {
      const clients = await startClients(doorway.uri, { writers: 8, readers: 4 }, { lookup: doorway.lookup })
      try {
        await clients.goOn(goOn)
        await happens({ doorway, clients, gateways, turn })
        await clients.goOn(goOn)
      } finally {
        await clients.close()
      }
      answered += clients.done()
      broken.push(...failures(clients.failed))
    }
    return { counted: { rounds: times, answered, errors: broken.length }, broken }
  })
}

export const failures = (failed: readonly Failed[]): readonly string[] =>
  failed.map(({ what, error }) => `a ${what} ended in ${error}`)
