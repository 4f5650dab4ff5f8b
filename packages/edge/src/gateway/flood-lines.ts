// The log lines of what may come by the thousand a second from anybody. Of a kind the first of a second are said one by one, so that
// whoever tries something finds the line of it (`postern doctor` does, by its own address); the others as one, with the newest's
// facts and how many they were. So a flood fills no disk, and is seen all the same.

import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'

/** Those of one `kind` are told together; `facts` are of one of them. */
export type FloodLines = (kind: string, facts: object, sentence: string) => void

const secondMs = 1_000
/** Of one kind in a second: a few clients that try again and again, and a doctor at three members. */
const oneByOne = 20

interface Second {
  said: number
  /** Those that had no line of their own. */
  more: number
  facts: object
  sentence: string
}

export function createFloodLines(log: Pick<Logger, 'warn'>, after: Clock['after'] = afterUnref): FloodLines {
  const seconds = new Map<string, Second>()

  const over = (kind: string, { more, facts, sentence }: Second): void => {
    seconds.delete(kind)
    if (more > 0) log.warn({ ...facts, times: more }, sentence)
  }

  const begin = (kind: string, facts: object, sentence: string): Second => {
    const second = { said: 0, more: 0, facts, sentence }
    seconds.set(kind, second)
    after(secondMs, () => over(kind, second))
    return second
  }

  return (kind, facts, sentence) => {
    const second = seconds.get(kind) ?? begin(kind, facts, sentence)
    if (second.said < oneByOne) {
      second.said += 1
      log.warn(facts, sentence)
      return
    }
    second.more += 1
    second.facts = facts
    second.sentence = sentence
  }
}

/** A gateway that is closed is not kept alive by it. */
const afterUnref: Clock['after'] = (ms, work) => {
  const timer = setTimeout(work, ms).unref()
  return () => clearTimeout(timer)
}
