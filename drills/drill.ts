// A drill is a fault that is made on purpose, on real sockets, with what is promised of it and what became of it. The suite
// runs every one of them too, once and briefly (drills.test.ts), so that what is told here is what is tested.

export interface Drill {
  /** What happens, in a sentence. */
  readonly fault: string
  readonly promise: string
  /** Makes the fault `times` times, and says to `tell` what is done. Rejects where the drill itself could not be made. */
  run(times: number, tell: (line: string) => void, gateways?: Gateways): Promise<Outcome>
}

/** How those of a drill are started. */
export interface Gateways {
  /** Processes that move bytes; one by default, which is the gateway's own. */
  readonly workers?: number
  /** The relay carries what it can; it must be there. Without it by default. */
  readonly relay?: boolean
}

export interface Outcome {
  readonly counted: Readonly<Record<string, number>>
  /** Each a sentence; none: the promise held. */
  readonly broken: readonly string[]
}

/** Looks often. Rejects with what is said where it does not become true within twenty seconds. */
export async function until(says: string, isSo: () => boolean): Promise<void> {
  const last = Date.now() + 20_000
  while (!isSo()) {
    if (Date.now() > last) throw new Error(`still not so: ${says}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** What stands open for a drill, closed again in the order from last to first, whatever became of it. */
export async function withOpen<Result>(work: (keep: <Thing extends Closes>(thing: Thing) => Thing) => Promise<Result>) {
  const open: Closes[] = []
  try {
    return await work((thing) => {
      open.push(thing)
      return thing
    })
  } finally {
    for (const thing of open.reverse()) await thing.close()
  }
}

interface Closes {
  close(): unknown
}
