// Answers a question about the live connections (contract/edge-question.ts). Only those that are joined are meant: one
// that is not let in yet is nobody's to list or to kill.

import type { ConnectionFilter, EdgeAnswer, EdgeQuestion, LiveConnection } from '@postern/contract/edge-question'
import type { ConnectionEnd } from './join/join.ts'
import type { JoinedConnection, OpenConnection } from './register.ts'

const killed: ConnectionEnd = { side: 'gateway', code: 'KILLED', reason: 'ended by a call of the API' }

/** `open`: every open connection, oldest first. A kill has ended them when this returns. */
export function answerQuestion(question: EdgeQuestion, open: readonly OpenConnection[]): EdgeAnswer {
  const meant = matching(question.where, open)
  const { from, limit } = question
  switch (question.do) {
    case 'list':
      return { count: meant.length, connections: meant.slice(from, from + limit).map(({ live }) => told(live)) }
    case 'kill':
      for (const { connection } of meant) connection.end(killed)
      return { count: meant.length, connections: [] }
    default:
      return question.do satisfies never
  }
}

const matching = (
  { endpointIds, clusterId, appName, connectionId }: ConnectionFilter,
  open: readonly OpenConnection[],
) => {
  const endpoints = new Set(endpointIds)
  return open.flatMap((connection) => {
    const live = connection.live()
    const isMeant =
      live !== null &&
      endpoints.has(live.endpointId) &&
      (clusterId === null || clusterId === live.clusterId) &&
      (appName === null || appName === live.appName) &&
      (connectionId === null || connectionId === live.id)
    return isMeant ? [{ connection, live }] : []
  })
}

const told = ({ cloudEndpointId, memberId, gatewayPort, hellos, ...live }: JoinedConnection): LiveConnection => live
