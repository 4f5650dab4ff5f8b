// The answers of all workers to one question, as one.

import {
  type EdgeAnswer,
  type EdgeLimits,
  type EdgeQuestion,
  type EdgeSummary,
  longestSummary,
  type MemberPorts,
} from '@postern/contract/edge-question'
import { refusedAt } from '../live.ts'
import type { RefusalCount } from '../refusals.ts'

interface Known {
  /** Each listed as far as the question goes, from the first on, its summary not cut. */
  readonly answers: readonly EdgeAnswer[]
  readonly refusals: readonly Readonly<RefusalCount>[]
  readonly limits: EdgeLimits
}

export function mergedAnswer(question: EdgeQuestion, { answers, refusals, limits }: Known): EdgeAnswer {
  const { where, from, limit } = question
  const count = answers.reduce((sum, answer) => sum + answer.count, 0)
  switch (question.do) {
    case 'list': {
      // ids are given where connections are accepted: the oldest has the lowest
      const all = answers.flatMap(({ connections }) => connections).sort((one, other) => (one.id < other.id ? -1 : 1))
      return { count, connections: all.slice(from, from + limit) }
    }
    case 'kill':
      return { count, connections: [] }
    case 'summarize': {
      const of = <Name extends keyof EdgeSummary>(name: Name): EdgeSummary[Name][] =>
        answers.flatMap(({ summary }) => (summary === undefined ? [] : [summary[name]]))
      const summary: EdgeSummary = {
        endpoints: most(of('endpoints').flat(), ({ endpointId }) => endpointId),
        appNames: most(of('appNames').flat(), ({ appName }) => appName),
        sources: most(of('sources').flat(), ({ source }) => source),
        ...refusedAt(where, refusals),
        limits,
      }
      return { count, connections: [], summary }
    }
    case 'ports':
      return { count, connections: [], ports: portsOf(answers.flatMap(({ ports = [] }) => ports)) }
    default:
      return question.do satisfies never
  }
}

interface Counted {
  readonly connections: number
  readonly working?: number | undefined
}

/** Rows of one name as one, most first. */
function most<Row extends Counted>(rows: readonly Row[], nameOf: (row: Row) => string | null): readonly Row[] {
  const sums = new Map<string | null, Row>()
  for (const row of rows) {
    const before = sums.get(nameOf(row))
    const connections = row.connections + (before?.connections ?? 0)
    const working = row.working === undefined ? {} : { working: row.working + (before?.working ?? 0) }
    sums.set(nameOf(row), { ...row, connections, ...working })
  }
  return [...sums.values()].sort((one, other) => other.connections - one.connections).slice(0, longestSummary)
}

function portsOf(all: readonly MemberPorts[]): readonly MemberPorts[] {
  const members = new Map<string, number[]>()
  for (const { member, ports } of all) members.set(member, [...(members.get(member) ?? []), ...ports])
  return [...members].map(([member, ports]) => ({ member, ports }))
}
