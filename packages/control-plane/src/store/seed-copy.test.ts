// Back to the seed: whatever was added, changed or taken away since, with the order of rows that name each other.

import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createSeedCopy, type SeedCopy } from './seed-copy.ts'
import { clearStore, createTestStore, runStatements, type TestStore } from './testing.ts'

let open: TestStore
let seed: SeedCopy
beforeAll(async () => {
  open = await createTestStore()
  seed = createSeedCopy(open.store)
})
afterAll(() => open.close())

const service = (id: string, group: string, region: string): string =>
  `insert into endpoint_service (id, group_id, provider, region, port_mapping, status, names, supported_remote_regions, created)
   values ('${id}', '${group}', 'AWS', '${region}', false, 'AVAILABLE', '{"a": [1]}', 'null', now())`
const group = (id: string, name: string): string =>
  `insert into "group" (id, org_id, name, hash, created, tags, settings) values ('${id}', 'o', '${name}', '${id}', now(), '[]', '{}')`
const role = (holder: string): string =>
  `insert into role_assignment (holder_kind, holder_id, group_id, role) values ('USER', '${holder}', 'g1', 'GROUP_OWNER')`

beforeEach(async () => {
  await clearStore(open.store)
  await runStatements(open.store, [
    `insert into organization (id, name, created) values ('o', 'Org', now())`,
    group('g1', 'One'),
    group('g2', 'Two'),
    service('s1', 'g1', 'US_EAST_1'),
    service('s2', 'g2', 'US_EAST_1'),
    role('ada'),
    `insert into event (id, org_id, type, actor_kind, actor_id, actor_name, target, created)
     values ('e1', 'o', 'GROUP_CREATED', 'USER', 'u', 'ada', '{}', now())`,
  ])
  await seed.keep()
})

/** Everything that is put back, as text. */
const everything = async (): Promise<unknown> => {
  const tables = ['organization', '"group"', 'endpoint_service', 'role_assignment', 'event']
  const all = []
  for (const table of tables)
    all.push((await sql.raw(`select t::text as row from ${table} t order by 1`).execute(open.store.read)).rows)
  return all
}

describe('what comes back', () => {
  const cases = [
    { says: 'nothing, where nothing was changed', statements: [], tables: [] },
    {
      says: 'a row that was changed, and whatever names it stays',
      statements: [`update "group" set next_pl = 7, name = 'Other' where id = 'g1'`],
      tables: ['group'],
    },
    {
      says: 'rows that were taken away, with those that they name',
      statements: [`delete from endpoint_service where group_id = 'g1'`, `delete from "group" where id = 'g1'`],
      tables: ['endpoint_service', 'group', 'role_assignment'],
    },
    {
      says: 'without those that were added',
      statements: [group('g3', 'Three'), service('s3', 'g3', 'US_EAST_1'), role('eve')],
      tables: ['endpoint_service', 'group', 'role_assignment'],
    },
    {
      says: 'a place that another row has meanwhile',
      statements: [`delete from endpoint_service where id = 's1'`, service('s9', 'g1', 'US_EAST_1')],
      tables: ['endpoint_service'],
    },
    {
      says: 'two rows that have each other’s names',
      statements: ['Between', 'One', 'Two'].map(
        (name, at) => `update "group" set name = '${name}' where id = '${['g1', 'g2', 'g1'][at]}'`,
      ),
      tables: expect.arrayContaining(['group']),
    },
    {
      says: 'the events of then',
      statements: [`delete from event`, `update organization set name = 'Renamed'`],
      tables: ['event', 'organization'],
    },
  ]
  test.each(cases)('$says', async ({ statements, tables }) => {
    const before = await everything()
    await runStatements(open.store, statements)
    const changed = await seed.restore()
    expect(await everything()).toEqual(before)
    expect([...changed].sort()).toEqual(tables)
    expect([...(await seed.restore())]).toEqual([])
  })
})

test('what is kept later is what it goes back to from then on', async () => {
  await runStatements(open.store, [group('g3', 'Three')])
  await seed.keep()
  const before = await everything()
  await runStatements(open.store, [`delete from "group" where id = 'g3'`])
  await seed.restore()
  expect(await everything()).toEqual(before)
})

test('the mark of the store, snapshots and reports of edges are left as they are', async () => {
  await runStatements(open.store, [
    `insert into snapshot (feed, epoch, n, hash, body, created, schema) values ('gateway', 'e', 9, 'h', '{}', now(), 1)`,
    `insert into edge_report (edge, feed, epoch, n, bound, failed, seen) values ('local', 'gateway', 'e', 9, '[]', '[]', now())`,
  ])
  expect([...(await seed.restore())]).toEqual([])
  const { rows } = await sql<{ n: number }>`select n from snapshot union all select n from edge_report`.execute(
    open.store.read,
  )
  expect(rows).toEqual([{ n: 9 }, { n: 9 }])
})

test('without a seed there is no way back', async () => {
  const fresh = createSeedCopy(open.store)
  expect(fresh.isKept()).toBe(false)
  await expect(fresh.restore()).rejects.toThrow('nothing was kept')
})
