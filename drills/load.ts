// What several drills do with gateways under load: clients work, something happens to a gateway, and they are to go on.

import { openRelay } from '../packages/edge/src/gateway/join/open-relay.ts'
import { type Clients, type Failed, startClients } from '../packages/edge/src/gateway/testing/clients.ts'
import { type Doorway, openDoorway, startGateway } from './doorway.ts'
import { type Gateways, type Outcome, until, withOpen } from './drill.ts'

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
  {
    addresses,
    times,
    how = {},
  }: { readonly addresses: readonly string[]; readonly times: number; readonly how?: Gateways | undefined },
  happens: (round: Round) => Promise<void>,
): Promise<Outcome> {
  return withOpen(async (keep) => {
    const doorway = keep(await openDoorway(addresses, how))
    const gateways = await Promise.all(doorway.starts.map((start) => startGateway(start)))
    keep({ close: () => Promise.all(gateways.map((gateway) => gateway.close(0))) })
    const broken: string[] = []
    let answered = 0
    for (let turn = 0; turn < times; turn++) {
      const clients = await startClients(doorway.uri, { writers: 8, readers: 4 }, { lookup: doorway.lookup })
      try {
        await clients.goOn(goOn)
        if (how.relay && how.workers === undefined) await carriedByRelay()
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

/** Throws where the relay of this process carries nobody: the drill would show nothing of it. */
async function carriedByRelay(): Promise<void> {
  const opened = await openRelay()
  await until('the relay carries somebody', () => 'relay' in opened && opened.relay.carried() > 0)
}

export const failures = (failed: readonly Failed[]): readonly string[] =>
  failed.map(({ what, error }) => `a ${what} ended in ${error}`)

interface Killing {
  /** While nobody works. */
  before?(): Promise<void>
  kill(turn: number): Promise<void>
  afterwards(turn: number): Promise<void>
}

/**
 * Clients of a driver work, each time another one, while something is killed that they are connected through; beside it the same
 * work directly, whose member cuts them off. Reads must not fail, nor what is asked after it; writes that were on their way may.
 */
export async function underKill(
  { doorway, times, tell }: { readonly doorway: Doorway; readonly times: number; tell(line: string): void },
  { before, kill, afterwards }: Killing,
): Promise<Outcome> {
  const work = { writers: 8, readers: 4 }
  const broken: string[] = []
  let [writes, direct] = [0, 0]
  for (let turn = 0; turn < times; turn++) {
    await before?.()
    const through = await startClients(doorway.uri, work, { lookup: doorway.lookup })
    await through.goOn(goOn)
    await kill(turn)
    await through.goOn(goOn)
    const early = through.failed.length
    await through.goOn(goOn)
    await through.close()
    writes += through.failed.filter(({ what }) => what === 'write').length
    const wrong = through.failed.filter(({ what }, index) => what === 'read' || index >= early)
    broken.push(...failures(wrong))
    await afterwards(turn)

    const beside = await startClients(doorway.directUri, work)
    await beside.goOn(goOn)
    for (const socket of doorway.set.members[0]?.sockets ?? []) socket.destroy()
    await beside.goOn(goOn)
    await beside.close()
    direct += beside.failed.length
  }
  tell(`writes that ended in an error: ${writes}; of as many clients whose member cut them off itself: ${direct}`)
  return { counted: { rounds: times, writesFailed: writes, writesFailedWithoutGateway: direct }, broken }
}
