// Fetches what the control plane asks of this edge, and answers. One question is answered after the other; an answer that
// could not be sent is not kept, since whoever asked waits for a moment only, and asks again if need be.

import { type EdgeAnswer, type EdgeQuestion, edgeDoings } from '@postern/contract/edge-question'
import type { Logger } from 'pino'
import type { Clock } from './clock.ts'
import { type ControlPlaneParts, createControlPlane, reasonOf, refusal, textOf } from './control-plane.ts'
import { backOffMs } from './follow/decide.ts'
import { onChange } from './follow/on-change.ts'
import { integer, list, object, oneOf, orAbsent, orNull, text } from './follow/shape.ts'

export interface AnswererParts extends ControlPlaneParts {
  readonly clock: Clock
  /** From 0 up to 1, for the back-off's jitter. */
  readonly random: () => number
  readonly log: Logger
  readonly answer: (question: EdgeQuestion) => EdgeAnswer | Promise<EdgeAnswer>
}

export interface Answerer {
  /** Ends the poll; resolves when nothing of it is running any more. */
  readonly close: () => Promise<void>
}

/** The server waits up to 25 s; what takes longer than this is a broken connection. */
const pollLimitMs = 40_000
const answerLimitMs = 5_000
/** An endpoint's id takes some thirty bytes. */
const largestBytes = 4 * 1024 * 1024

/** Begins to ask at once. */
export function createAnswerer(parts: AnswererParts): Answerer {
  const { ask, close } = createControlPlane(parts)
  const say = onChange(parts.log)
  let closed = false
  let endPause = (): void => undefined

  const fetchQuestions = (): Promise<readonly EdgeQuestion[]> =>
    ask({ path: 'questions', limitMs: pollLimitMs }, async (response) => {
      if (response.status === 200) return parseQuestions(await textOf(response, largestBytes))
      await response.body?.cancel()
      if (response.status !== 204) throw new Error(refusal(response))
      return []
    })

  const send = (id: string, answer: EdgeAnswer): Promise<void> =>
    ask(
      { path: `questions/${encodeURIComponent(id)}/answer`, body: answer, limitMs: answerLimitMs },
      async (response) => {
        await response.body?.cancel()
        // 404: nobody waits for it any more
        if (!response.ok && response.status !== 404) throw new Error(refusal(response))
      },
    )

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const cancel = parts.clock.after(ms, resolve)
      endPause = () => {
        cancel()
        resolve()
      }
      if (closed) endPause()
    })

  /** A server that answers without having waited would be asked again and again; `nothing` counts those. */
  const run = async (): Promise<void> => {
    let failures = 0
    while (!closed) {
      const askedAt = parts.clock.now()
      try {
        const questions = await fetchQuestions()
        for (const question of questions) await send(question.id, await parts.answer(question))
        say(null)
        const waited = questions.length > 0 || parts.clock.now() - askedAt >= shortestPollMs
        failures = waited ? 0 : 1
      } catch (error) {
        failures += 1
        if (!closed) say(`questions about live connections are not answered: ${reasonOf(error)}`)
      }
      if (failures > 0) await pause(backOffMs(failures, parts.random))
    }
  }

  const running = run()
  return {
    close() {
      closed = true
      close()
      endPause()
      return running
    },
  }
}

/** A server that answers "nothing" sooner than this is not waiting; asking again at once would spin. */
const shortestPollMs = 1000

const id = text('a non-empty text', (value) => value.length > 0)
const position = integer(0, Number.MAX_SAFE_INTEGER)
const questions = object({
  questions: list(
    object<EdgeQuestion>({
      id,
      do: oneOf(edgeDoings),
      where: object({
        endpointIds: list(id),
        serviceIds: orAbsent(list(id)),
        clusterId: orNull(id),
        appName: orNull(id),
        connectionId: orNull(id),
      }),
      from: position,
      limit: integer(0, 500),
    }),
  ),
})

const parseQuestions = (json: string): readonly EdgeQuestion[] => questions(JSON.parse(json), 'body').questions
