// What an execution showed that no other did: a place, or a place as often as never before, in steps that grow.

/** How often, as one of eight steps; 0 for never. */
const stepOf = Uint8Array.from({ length: 256 }, (_, times) => {
  if (times < 4) return times
  return [8, 16, 32, 128, 256].findIndex((above) => times < above) + 4
})

export interface Coverage {
  /** Reads the counters of one execution and clears them; the features it showed, as numbers. */
  readonly read: () => readonly number[]
  /** True when one of these was never seen; they are from now on. */
  readonly adds: (features: readonly number[]) => boolean
  /** How many places were ever reached. */
  readonly places: () => number
}

export function createCoverage(counters: Uint8Array): Coverage {
  const seen = new Set<number>()
  const places = new Set<number>()
  return {
    read() {
      const features: number[] = []
      for (let at = 0; at < counters.length; at++) {
        const step = stepOf[counters[at] ?? 0] ?? 0
        if (step > 0) features.push(at * 16 + step)
      }
      counters.fill(0)
      return features
    },
    adds(features) {
      const before = seen.size
      for (const feature of features) {
        seen.add(feature)
        places.add(feature >> 4)
      }
      return seen.size > before
    },
    places: () => places.size,
  }
}
