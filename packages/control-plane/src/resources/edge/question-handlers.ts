// The edge's side of a question: it fetches what is asked of it by long poll, and posts its answer.

import { AtlasError } from '@postern/contract/errors'
import { edgeSchemas } from '@postern/contract/schemas/edge'
import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'
import { questionLivesMs } from './ask.ts'
import { parseEdge } from './edge-name.ts'
import type { EdgeNews } from './news.ts'
import { standingOf } from './standing.ts'

/** How long a poll waits for a question. */
const pollMs = 25_000
/** How often it looks into the store meanwhile: another control plane may be asking. */
const lookMs = 500

export const edgeQuestionHandlers = (
  { store, clock }: Pick<Parts, 'store' | 'clock'>,
  news: EdgeNews,
): Handlers<'getEdgeQuestions' | 'createEdgeAnswer'> => {
  const openFor = async (edge: string) => {
    const rows = await store.read
      .selectFrom('edge_question')
      .select('body')
      .where('edge', '=', edge)
      .where('answer', 'is', null)
      .where('created', '>', new Date(clock.now() - questionLivesMs))
      .orderBy('created')
      .execute()
    return edgeSchemas.getEdgeQuestions.reply.parse({ questions: rows.map(({ body }) => body) }).questions
  }
  return {
    getEdgeQuestions: async ({ params, signal }) => {
      const edge = parseEdge(params)
      const standing = standingOf(store.read, edge, null)
      const until = clock.now() + pollMs
      for (;;) {
        await standing()
        const questions = await openFor(edge)
        if (questions.length > 0) return { body: { questions } }
        const left = until - clock.now()
        if (left <= 0 || signal.aborted) return { status: 204 }
        await news.next('questions', Math.min(left, lookMs), signal)
      }
    },

    createEdgeAnswer: async ({ params, body }) => {
      const edge = parseEdge(params)
      const { questionId = '' } = params
      const { numUpdatedRows } = await store.transact((tx) =>
        tx
          .updateTable('edge_question')
          .set({ answer: JSON.stringify(body) })
          .where('id', '=', questionId)
          .where('edge', '=', edge)
          .where('answer', 'is', null)
          .executeTakeFirst(),
      )
      if (numUpdatedRows === 0n) throw new AtlasError('POSTERN_EDGE_QUESTION_NOT_FOUND', { questionId })
      news.announce('answers')
      return {}
    },
  }
}
