import { describe, expect, test } from 'vitest'
import { type Acknowledged, type Due, type ReportedFeed, released, served, silentAfterMs } from './acknowledged.ts'

const now = Date.UTC(2026, 0, 1)
const epoch = 'e1'
const report = (over: Partial<ReportedFeed> = {}): ReportedFeed => ({
  edge: 'one',
  feed: 'gateway',
  epoch,
  n: 5,
  bound: new Set(['40000']),
  failed: new Map(),
  seen: now,
  ...over,
})
const due = (over: Partial<Due> = {}): readonly Due[] => [{ feed: 'gateway', n: 5, listeners: ['40000'], ...over }]
const silent = { seen: now - silentAfterMs - 1 }

interface Row {
  readonly says: string
  readonly due?: readonly Due[]
  readonly reports: readonly ReportedFeed[]
  /** Words of the reason; none: done. */
  readonly words?: string
  readonly problem?: boolean
  readonly withoutSilent?: boolean
}

const check = (answer: Acknowledged, { words, problem = false }: Row): void => {
  if (words === undefined) expect(answer).toEqual({ done: true })
  else expect(answer).toEqual({ done: false, reason: expect.stringContaining(words), problem })
}

describe('served: every live edge has it, listeners bound', () => {
  const rows: readonly Row[] = [
    { says: 'the one edge holds the number and listens', reports: [report()] },
    { says: 'a later number holds it too', reports: [report({ n: 9 })] },
    { says: 'not published yet', due: due({ n: null }), reports: [report()], words: 'not published' },
    { says: 'no edge has ever reported', reports: [], words: 'no gateway has ever reported' },
    { says: 'an edge holds an older number', reports: [report({ n: 4 })], words: 'one has not taken it over' },
    {
      says: 'an edge holds a number of another store',
      reports: [report({ epoch: 'e0' })],
      words: 'has not taken it over',
    },
    { says: 'one of two edges is behind', reports: [report(), report({ edge: 'two', n: 4 })], words: 'edge two' },
    { says: 'a silent edge is not waited for', reports: [report(), report({ edge: 'two', n: 1, ...silent })] },
    {
      says: 'all edges are silent',
      reports: [report(silent)],
      words: 'no gateway is heard of any more; the last was one',
    },
    {
      says: 'a revoked edge counts for nothing',
      reports: [report({ edge: 'two', n: 1, revoked: now }), report()],
    },
    {
      says: 'every edge was revoked: somebody must act',
      reports: [report({ revoked: now })],
      words: 'No gateway serves it: edge one was revoked at 2026-01-01T00:00:00.000Z',
      problem: true,
    },
    {
      says: 'one was revoked and the other is silent: somebody must act',
      reports: [report({ revoked: now }), report({ edge: 'two', ...silent })],
      words: 'the last was two',
      problem: true,
    },
    { says: 'the listener is not bound', reports: [report({ bound: new Set() })], words: 'does not serve 40000' },
    {
      says: 'the listener could not be bound: somebody must act',
      reports: [report({ bound: new Set(), failed: new Map([['40000', 'address in use']]) })],
      words: 'cannot serve it: address in use',
      problem: true,
    },
    {
      says: 'no listener is due while there is no cluster',
      due: due({ listeners: [] }),
      reports: [report({ bound: new Set() })],
    },
    {
      says: 'each feed is asked for',
      due: [...due(), { feed: 'forwarder', n: 2, listeners: [] }],
      reports: [report()],
      words: 'no forwarder has ever reported',
    },
  ]
  test.each(rows)('$says', (row) => {
    check(served(row.due ?? due(), { epoch, reports: row.reports, now }), row)
  })
})

describe('released: no edge that we know of has it any more', () => {
  const rows: readonly Row[] = [
    { says: 'the one edge holds the number without it', reports: [report()] },
    { says: 'no edge was ever there', reports: [] },
    { says: 'not published yet', due: due({ n: null }), reports: [report()], words: 'not published' },
    { says: 'an edge is behind: a moment', reports: [report({ n: 4 })], words: 'edge one has not let go' },
    {
      says: 'a silent edge may still serve it: it is named, and how to be rid of it',
      reports: [report(), report({ edge: 'two', n: 4, ...silent })],
      words: 'postern edges forget two',
      problem: true,
    },
    { says: 'a silent edge that let go before is no hindrance', reports: [report(silent)] },
    { says: 'a revoked edge is not waited for', reports: [report(), report({ edge: 'two', n: 4, revoked: now })] },
    {
      says: 'a silent edge that somebody gave up is not waited for',
      reports: [report(), report({ edge: 'two', n: 4, ...silent })],
      withoutSilent: true,
    },
    {
      says: 'a live one is, whoever was given up',
      reports: [report({ n: 4 }), report({ edge: 'two', n: 4, ...silent })],
      withoutSilent: true,
      words: 'edge one has not let go',
    },
  ]
  test.each(rows)('$says', (row) => {
    const { withoutSilent = false } = row
    check(released(row.due ?? due(), { epoch, reports: row.reports, now }, { withoutSilent }), row)
  })
})
