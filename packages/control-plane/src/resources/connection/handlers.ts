// Live connections: listed, and ended. The gateways know them and nobody else does, so every call asks the edges
// (../edge/ask.ts); one that does not answer is named, not waited for. Ending takes two questions: first which there are,
// so that the audit event, written together with the second, says what it was about.

import type { ConnectionFilter } from '@postern/contract/edge-question'
import { AtlasError } from '@postern/contract/errors'
import type { Call, Handlers } from '../../http/handler.ts'
import { pageOf, rowsOf } from '../../http/paging.ts'
import type { Parts } from '../../parts.ts'
import { type Asked, type AskParts, askEdges, knownGateways } from '../edge/ask.ts'
import { groupOf } from '../endpoint-service/group.ts'
import { recordEvent } from '../event/record.ts'
import { filterOf, type Meant } from './filter.ts'
import { slicesOf } from './slices.ts'
import { summaryOf } from './summary.ts'
import { connectionViews } from './view.ts'

type Asking = Parts & AskParts
type Own = 'listGroupConnections' | 'summarizeGroupConnections' | 'killGroupConnections' | 'killGroupConnection'

export const connectionHandlers = (asking: Asking): Handlers<Own> => {
  const { store } = asking

  return {
    listGroupConnections: async (call) => {
      const { id: groupId } = await groupOf(store.read, call.params)
      const { where, answers, unansweredEdges } = await find(asking, { meant: { groupId, query: call.query }, call })
      const counts = new Map([...answers].map(([edge, { count }]) => [edge, count]))
      const questions = [...slicesOf(counts, rowsOf(call))].map(
        ([edge, slice]) => [edge, { do: 'list' as const, where, ...slice }] as const,
      )
      const shown = await askEdges(asking, new Map(questions), call)
      const results = await connectionViews(store.read, shown.answers)
      const body = pageOf(call, { results, total: countOf(answers) })
      return { body: { ...body, unansweredEdges: [...unansweredEdges, ...shown.unanswered].sort() } }
    },

    summarizeGroupConnections: async (call) => {
      const { id: groupId } = await groupOf(store.read, call.params)
      const { where, answers, unansweredEdges } = await find(asking, {
        meant: { groupId, query: call.query },
        call,
        do: 'summarize',
      })
      return { body: { ...(await summaryOf(store.read, where, answers)), unansweredEdges: [...unansweredEdges] } }
    },

    killGroupConnections: async (call) => {
      const { query, params } = call
      if (Object.values(query).every((value) => value === undefined))
        throw new AtlasError('VALIDATION_ERROR', { problem: 'endpointId, clusterName or appName must say which' })
      const { id: groupId } = await groupOf(store.read, params)
      const found = await find(asking, { meant: { groupId, query }, call })
      const { killed, unanswered } = await kill(asking, { call, found, about: query })
      return { body: { killed, unansweredEdges: [...found.unansweredEdges, ...unanswered].sort() } }
    },

    killGroupConnection: async (call) => {
      const { connectionId = '' } = call.params
      const { id: groupId } = await groupOf(store.read, call.params)
      const found = await find(asking, { meant: { groupId, query: {}, connectionId }, call, limit: 1 })
      const [connection] = await connectionViews(store.read, found.answers)
      if (connection === undefined) {
        const edges = found.unansweredEdges.join(', ')
        throw edges === ''
          ? new AtlasError('POSTERN_CONNECTION_NOT_FOUND', { connectionId, groupId })
          : new AtlasError('POSTERN_EDGES_UNANSWERED', { connectionId, edges })
      }
      const { endpointId, source, driver, appName } = connection
      const about = { connectionId, endpointId, source, driver, appName }
      const { killed, unanswered } = await kill(asking, { call, found, about })
      return { body: { killed, unansweredEdges: [...unanswered] } }
    },
  }
}

interface Found {
  readonly where: ConnectionFilter
  readonly answers: Asked['answers']
  readonly unansweredEdges: readonly string[]
}

interface Find {
  readonly meant: Meant
  readonly call: Pick<Call<Own>, 'signal'>
  readonly do?: 'list' | 'summarize'
  readonly limit?: number
}

/** Asks every edge that is heard of: how many of those that are meant it has, with the first `limit` of them. */
const find = async (asking: Asking, { meant, call, do: what = 'list', limit = 0 }: Find): Promise<Found> => {
  const where = await filterOf(asking.store.read, meant)
  if (where.endpointIds.length === 0 && (what === 'list' || !where.serviceIds?.length))
    return { where, answers: new Map(), unansweredEdges: [] }
  const { live, silent } = await knownGateways(asking, meant.groupId)
  const question = { do: what, where, from: 0, limit }
  const { answers, unanswered } = await askEdges(asking, new Map(live.map((edge) => [edge, question])), call)
  return { where, answers, unansweredEdges: [...unanswered, ...silent].sort() }
}

interface Kill {
  readonly call: Pick<Call<Own>, 'params' | 'actor' | 'sourceAddress' | 'signal'>
  readonly found: Found
  /** What the audit event tells; what is not known is left out. */
  readonly about: Readonly<Record<string, string | null | undefined>>
}

const kill = async (asking: Asking, { call, found: { where, answers }, about }: Kill) => {
  const question = { do: 'kill', where, from: 0, limit: 0 } as const
  const holding = [...answers].filter(([, { count }]) => count > 0)
  const { actor, sourceAddress, signal } = call
  const known = Object.fromEntries(Object.entries(about).filter((entry): entry is [string, string] => entry[1] != null))
  const done = await askEdges(asking, new Map(holding.map(([edge]) => [edge, question])), {
    signal,
    within: async (tx) => {
      const { org_id: orgId, id: groupId } = await groupOf(tx, call.params)
      const target = { ...known, connections: countOf(answers) }
      await recordEvent(tx, asking, { type: 'CONNECTIONS_KILLED', orgId, groupId, actor, sourceAddress, target })
    },
  })
  return { killed: countOf(done.answers), unanswered: done.unanswered }
}

const countOf = (answers: Asked['answers']): number => [...answers.values()].reduce((sum, { count }) => sum + count, 0)
