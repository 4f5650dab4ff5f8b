// Workers of a crew in the process of the test, over a line that copies what is said, in its own time. All of a crew but its
// processes is the real one, and starts at once.

import { randomBytes } from 'node:crypto'
import { Socket } from 'node:net'
import { type CrewParts, createCrew } from '../crew/crew.ts'
import type { Hired } from '../crew/hand.ts'
import { together } from '../crew/ledger.ts'
import type { Line } from '../crew/talk.ts'
import { serveCrew, type World } from '../crew/worker.ts'
import type { Gateway, LocalGateway } from '../gateway.ts'
import { onreadJoin } from '../join/onread.ts'
import { statsOf } from '../tally.ts'

export interface Crewman extends Hired {
  /** null before it was started. */
  gateway(): LocalGateway | null
  /** From now on it hears nothing. */
  hang(): void
}

function hireHere(log: ReturnType<World['log']>, world: Partial<World> = {}): Crewman {
  const sockets = new Set<Socket>()
  let isGone = false
  let hangs = false
  let leave: (why: string) => void = () => {}
  const gone = new Promise<string>((resolve) => {
    leave = resolve
  })

  /** One way of the line; what was said before the end is still heard. */
  const way = (isOpen: () => boolean) => {
    const heard: Parameters<Line['listen']>[0][] = []
    return {
      listen: (by: Parameters<Line['listen']>[0]) => void heard.push(by),
      send(message: unknown, socket?: Socket) {
        const copy = structuredClone(message)
        const sent = socket && handedOver(socket)
        if (sent !== undefined) sockets.add(sent)
        setImmediate(() => {
          if (isOpen()) for (const by of heard) by(copy, sent)
        })
      },
    }
  }
  const [there, back] = [way(() => !isGone && !hangs), way(() => !isGone)]

  const gateway = serveCrew(
    { send: back.send, listen: there.listen },
    {
      clock: { now: Date.now },
      randomBytes,
      log: () => log,
      method: async () => onreadJoin,
      descriptors: () => ({ limit: null, each: 2 }),
      usage: () => ({ cpuSeconds: 1, residentBytes: 1_000_000 }),
      ...world,
    },
  )
  const end = (why: string) => (): void => {
    isGone = true
    for (const socket of sockets) socket.destroy()
    leave(why)
  }
  return {
    line: { send: there.send, listen: back.listen },
    kill: end('SIGKILL'),
    dismiss: end('it ended with 0'),
    gone,
    gateway,
    hang() {
      hangs = true
    },
  }
}

/** A crew of workers in this process, each of which can be asked at once. */
export async function startCrewHere(
  parts: Omit<CrewParts, 'hire' | 'workers' | 'relay' | 'logLevel'>,
  workers: number,
  world: Partial<World> = {},
): Promise<{ readonly crew: Gateway; readonly gateway: LocalGateway; readonly men: readonly Crewman[] }> {
  const men: Crewman[] = []
  const hire = (): Crewman => {
    const man = hireHere(parts.log, { clock: parts.clock, ...world })
    men.push(man)
    return man
  }
  const crew = await createCrew({ ...parts, workers, hire, relay: 'no', logLevel: 'info' })
  const gateways = (): readonly LocalGateway[] => men.flatMap((man) => man.gateway() ?? [])
  const sum = (of: (gateway: LocalGateway) => number): number => gateways().reduce((all, one) => all + of(one), 0)
  const counted = () => together(gateways().map((one) => ({ counts: one.counts(), refusals: one.refusals() })))
  const gateway: LocalGateway = {
    ...crew,
    connections: () => gateways().flatMap((one) => one.connections()),
    answer: () => {
      throw new Error('a crew answers later')
    },
    size: () => sum((one) => one.size()),
    counts: () => counted().counts,
    refusals: () => counted().refusals,
    stats: () =>
      statsOf({ ...counted(), accepted: crew.stats().accepted, open: sum((one) => one.size()), join: 'onread' }),
  }
  return { crew, gateway, men }
}

/** As Node.js hands a socket to another process. */
function handedOver(socket: Socket): Socket {
  const accepted = socket as unknown as { _handle: unknown }
  const handle = accepted._handle
  accepted._handle = null
  return new Socket({ handle, readable: true, writable: true } as never)
}
