import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { countedStore } from '../../store/counted.testing.ts'
import { clearStore, createTestStore, type TestStore } from '../../store/testing.ts'
import { loadReports } from './reports.ts'
import { lateReports, queryAbout, reportsAbout } from './reports-about.ts'

let open: TestStore
beforeAll(async () => {
  open = await createTestStore()
})
afterAll(() => open.close())
beforeEach(() => clearStore(open.store))

const group = { id: 'g1', orgId: 'o1' }
const ports = Array.from({ length: 500 }, (_, at) => String(40_000 + at))

interface Reported {
  readonly edge: string
  readonly feed?: string
  readonly epoch?: string
  readonly n?: number
  readonly bound?: readonly string[]
  readonly failed?: readonly { readonly id: string; readonly reason: string }[]
  /** Enrolled for these only. */
  readonly scope?: { readonly orgIds: readonly string[] | null; readonly groupIds: readonly string[] | null }
  readonly revoked?: Date
}

const write = (reports: readonly Reported[]): Promise<void> =>
  open.store.transact(async (tx) => {
    for (const { edge, feed = 'gateway', epoch = 'e', n = 5, bound = ports, failed = [], scope, revoked } of reports) {
      const lists = { bound: JSON.stringify(bound), failed: JSON.stringify(failed) }
      await tx
        .insertInto('edge_report')
        .values({ edge, feed, epoch, n, seen: new Date(0), ...lists })
        .execute()
      if (scope === undefined && revoked === undefined) continue
      const { orgIds, groupIds } = scope ?? { orgIds: null, groupIds: null }
      await tx
        .insertInto('edge_identity')
        .values({
          edge,
          proof: 'CREDENTIAL',
          key_hash: edge,
          credential_hash: edge,
          token_hash: edge,
          programs: '["gateway"]',
          org_ids: orgIds && JSON.stringify(orgIds),
          group_ids: groupIds && JSON.stringify(groupIds),
          owner_org_ids: '[]',
          enrolled: new Date(0),
          revoked: revoked ?? null,
        })
        .execute()
    }
  })

const failed = [
  { id: '40003', reason: 'in use' },
  { id: '40004', reason: 'denied' },
]

describe('reports about some listeners', () => {
  test('hold of their lists what is among those, whichever edges share a list', async () => {
    await write([
      { edge: 'one' },
      { edge: 'two' },
      { edge: 'three', bound: ['40001', '50000'], failed },
      { edge: 'three', feed: 'forwarder', bound: [] },
      { edge: 'three', feed: 'dns' },
    ])
    const store = countedStore(open.store)
    const found = await reportsAbout(store.read, group, ['40001', '40002', '40003', 'own:x'])
    const listed = found.map(({ edge, feed, bound, failed }) => [edge, feed, [...bound], [...failed]])
    expect(listed).toEqual([
      ['one', 'gateway', ['40001', '40002', '40003'], []],
      ['three', 'forwarder', [], []],
      ['three', 'gateway', ['40001'], [['40003', 'in use']]],
      ['two', 'gateway', ['40001', '40002', '40003'], []],
    ])
    expect(JSON.stringify(store.asked.rows).length).toBeLessThan(JSON.stringify(ports).length)
  })

  test('look into a list once, however many report it', async () => {
    const alike = Array.from({ length: 20 }, (_, at) => ({ edge: `edge-${at}` }))
    await write([...alike, { edge: 'other', bound: [...ports, '50000'] }])
    const explained = sql<{
      'QUERY PLAN': string
    }>`explain (analyze, costs off, timing off) ${queryAbout(group, ['40001'])}`
    const { rows } = await explained.execute(open.store.read)
    const looks = rows.map((row) => row['QUERY PLAN']).filter((line) => line.includes('Function Scan on'))
    expect(looks.map((line) => /Scan on (\w+).*loops=(\d+)/.exec(line)?.slice(1))).toEqual([
      ['jsonb_array_elements_text', '2'],
      ['jsonb_array_elements', '2'],
    ])
  })

  test('are those of edges that serve the group, as all are told where all are read', async () => {
    await write([
      { edge: 'everything' },
      { edge: 'its-group', scope: { orgIds: ['o1'], groupIds: ['g1', 'g2'] } },
      { edge: 'its-organization', scope: { orgIds: ['o1'], groupIds: null } },
      { edge: 'other-group', scope: { orgIds: ['o1'], groupIds: ['g2'] } },
      { edge: 'other-organization', scope: { orgIds: ['o2'], groupIds: null } },
      { edge: 'revoked', revoked: new Date(7) },
    ])
    const served = ['everything', 'its-group', 'its-organization', 'revoked']
    const about = await reportsAbout(open.store.read, group, ['40001'])
    expect(about.map(({ edge, revoked }) => [edge, revoked])).toEqual(
      served.map((edge) => [edge, edge === 'revoked' ? 7 : undefined]),
    )
    expect((await loadReports(open.store.read, ['gateway'], group)).map(({ edge }) => edge)).toEqual(served)
  })
})

test('late are those that stand, serve the group and hold another epoch or an older number; no other row is read', async () => {
  await write([
    { edge: 'has-it' },
    { edge: 'is-ahead', n: 9 },
    { edge: 'late', n: 4 },
    { edge: 'late', feed: 'forwarder', n: 1 },
    { edge: 'of-another-store', epoch: 'f', n: 9 },
    { edge: 'of-others', n: 4, scope: { orgIds: ['o2'], groupIds: null } },
    { edge: 'revoked', n: 4, revoked: new Date(7) },
  ])
  const store = countedStore(open.store)
  const found = await lateReports(store.read, group, { epoch: 'e', numbers: { gateway: 5, forwarder: 2 } })
  expect(found.map(({ edge, feed }) => [edge, feed])).toEqual([
    ['late', 'forwarder'],
    ['late', 'gateway'],
    ['of-another-store', 'gateway'],
  ])
  expect(store.asked.rows).toHaveLength(3)
})
