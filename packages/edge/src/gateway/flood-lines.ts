// The log lines of what may come by the thousand a second from anybody: the first of a kind at once, those of the next second as
// one, with the newest's facts and how many they were. So a flood fills no disk, and is seen all the same.

import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'

/** Those of one `kind` are told together; `facts` are of one of them. */
export type FloodLines = (kind: string, facts: object, sentence: string) => void

const secondMs = 1_000

interface Kind {
  /** Since the last line. */
  more: number
  facts: object
  sentence: string
}

export function createFloodLines(log: Pick<Logger, 'warn'>, after: Clock['after'] = afterUnref): FloodLines {
  const kinds = new Map<string, Kind>()

  const look = (name: string): void => {
    const kind = kinds.get(name)
    if (kind === undefined || kind.more === 0) {
      kinds.delete(name)
      return
    }
    log.warn({ ...kind.facts, times: kind.more }, kind.sentence)
    kind.more = 0
    after(secondMs, () => look(name))
  }

  return (name, facts, sentence) => {
    const kind = kinds.get(name)
    if (kind !== undefined) {
      kind.more += 1
      kind.facts = facts
      kind.sentence = sentence
      return
    }
    kinds.set(name, { more: 0, facts, sentence })
    log.warn(facts, sentence)
    after(secondMs, () => look(name))
  }
}

/** A gateway that is closed is not kept alive by it. */
const afterUnref: Clock['after'] = (ms, work) => {
  const timer = setTimeout(work, ms).unref()
  return () => clearTimeout(timer)
}
