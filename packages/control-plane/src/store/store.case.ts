// What a store promises, whatever is behind it: run on embedded PGlite and on a PostgreSQL server.

import { readFile } from 'node:fs/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Store } from '../parts.ts'
import { afterCommit } from './after-commit.ts'
import type { OpenStore } from './create-store.ts'
import { rowsAsOne } from './rows-as-one.ts'
import { brokenUniqueRule } from './store-error.ts'
import {
  created,
  endpointRow,
  groupRow,
  onceOnly,
  ownId,
  ownPort,
  put,
  putWorld,
  sideBySide,
} from './store-rows.case.ts'
import type { Tables } from './tables.ts'
import { clearStore } from './testing.ts'

/** `open` answers a store of its own, new and empty. */
export const storeCases = (open: () => Promise<Pick<OpenStore, 'store' | 'close'>>): void => {
  let opened: Pick<OpenStore, 'store' | 'close'>
  let store: Store
  beforeAll(async () => {
    opened = await open()
    store = opened.store
  })
  beforeEach(() => clearStore(store))
  afterAll(() => opened.close())

  const count = async (table: keyof Tables): Promise<number> => {
    const { rows } = await sql<{ n: number }>`select count(*) as n from ${sql.table(table)}`.execute(store.read)
    return rows[0]?.n ?? -1
  }

  test('has the columns that tables.ts says, and no others', async () => {
    const { rows } = await sql<{ path: string }>`
      select table_name || '.' || column_name as path from information_schema.columns
      where table_schema = 'public' and table_name not like 'kysely_%'
    `.execute(store.read)
    expect(rows.map(({ path }) => path).sort()).toEqual([...(await columnsOfTables())].sort())
  })

  test('reads numbers, times and JSON as what was written', async () => {
    await store.transact((tx) => put(tx, 'organization', { id: 'o', name: 'O', created }))
    await store.transact((tx) => put(tx, 'group', groupRow('g', { tags: JSON.stringify([{ key: 'a', value: null }]) })))
    const row = await store.read.selectFrom('group').selectAll().executeTakeFirstOrThrow()
    expect(row).toMatchObject({ created, tags: [{ key: 'a', value: null }], next_pl: 0, revision: 0 })
    expect(await count('group')).toBe(1)
  })

  test('reads many rows at once in their order, with nulls, JSON and names of their own', async () => {
    const named = store.read.selectFrom('group').select(['group.id', 'tags', 'next_pl as next', 'created'])
    expect(await rowsAsOne(store.read, named)).toEqual([])
    await store.transact(async (tx) => {
      await put(tx, 'organization', { id: 'o', name: 'O', created })
      for (const id of ['b', 'c', 'a'])
        await put(tx, 'group', groupRow(id, { tags: JSON.stringify([{ of: id }, null]) }))
    })
    const rows = await rowsAsOne(store.read, named.orderBy('id', 'desc'))
    expect(rows.map(({ id, tags, next }) => [id, tags, next])).toEqual(
      ['c', 'b', 'a'].map((id) => [id, [{ of: id }, null], 0]),
    )
    expect(new Date(rows[0]?.created ?? '')).toEqual(created)
    const all = store.read.selectFrom('group').selectAll()
    await expect(rowsAsOne(store.read, all)).rejects.toThrow('needs the name of each column')
  })

  test('a thrown error takes everything back', async () => {
    const work = store.transact(async (tx) => {
      await put(tx, 'organization', { id: 'o', name: 'O', created })
      throw new Error('changed my mind')
    })
    await expect(work).rejects.toThrow('changed my mind')
    expect(await count('organization')).toBe(0)
  })

  test('40 units of work at once are each there whole or not at all', async () => {
    const units = Array.from({ length: 40 }, (_, index) => index)
    const outcomes = await Promise.allSettled(
      units.map((unit) =>
        store.transact(async (tx) => {
          await put(tx, 'organization', { id: `o${unit}`, name: 'O', created })
          await put(tx, 'group', groupRow(`g${unit}`, { org_id: `o${unit}` }))
          if (unit % 3 === 0) throw new Error('changed my mind')
          await tx.updateTable('group').set({ next_pl: unit }).where('id', '=', `g${unit}`).execute()
        }),
      ),
    )
    const kept = units.filter((unit) => unit % 3 !== 0)
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(kept.length)
    const organizations = await store.read.selectFrom('organization').select('id').execute()
    expect(organizations.map(({ id }) => id).sort()).toEqual(kept.map((unit) => `o${unit}`).sort())
    const groups = await store.read.selectFrom('group').select(['id', 'next_pl']).execute()
    expect(groups.map(({ id, next_pl }) => `${id} ${next_pl}`).sort()).toEqual(
      kept.map((unit) => `g${unit} ${unit}`).sort(),
    )
  })

  test('what was read and then written in a transaction is not lost to another one', async () => {
    await store.transact((tx) => put(tx, 'organization', { id: 'o', name: 'O', created }))
    await store.transact((tx) => put(tx, 'group', groupRow('g')))
    const takeNumber = () =>
      store.transact(async (tx) => {
        const { next_pl } = await tx
          .selectFrom('group')
          .select('next_pl')
          .where('id', '=', 'g')
          .executeTakeFirstOrThrow()
        await tx
          .updateTable('group')
          .set({ next_pl: next_pl + 1 })
          .where('id', '=', 'g')
          .execute()
        return next_pl
      })
    const numbers = await Promise.all(Array.from({ length: 12 }, takeNumber))
    expect(numbers.sort((a, b) => a - b)).toEqual(Array.from({ length: 12 }, (_, index) => index))
  })

  test('sixty that all read what all others write go through, each as if it were alone', async () => {
    const seen = await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        store.transact(async (tx) => {
          const before = await tx.selectFrom('organization').select('id').execute()
          await put(tx, 'organization', { id: `o${index}`, name: 'O', created })
          return before.length
        }),
      ),
    )
    expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, index) => index))
  })

  describe('inside a transaction', () => {
    test('reading past it throws instead of waiting for itself', async () => {
      const work = store.transact(async () => store.read.selectFrom('organization').selectAll().execute())
      await expect(work).rejects.toThrow('pass tx down')
      expect(await count('organization')).toBe(0)
    })

    test('beginning another one throws too', async () => {
      const work = store.transact(() => store.transact(async () => {}))
      await expect(work).rejects.toThrow('pass tx down')
    })

    test('what outlives it may use the store again', async () => {
      let later: Promise<unknown> = Promise.resolve()
      let go = (): void => {}
      const gate = new Promise<void>((resolve) => {
        go = resolve
      })
      await store.transact(async () => {
        later = gate.then(() => count('organization'))
      })
      go()
      expect(await later).toBe(0)
    })
  })

  describe('after a commit', () => {
    test('effects run once, and only then', async () => {
      const effects: string[] = []
      await store.transact(async (tx) => {
        afterCommit(tx, () => effects.push('committed'))
        await put(tx, 'organization', { id: 'o', name: 'O', created })
        expect(effects).toEqual([])
      })
      expect(effects).toEqual(['committed'])
    })

    test('those of a transaction that was taken back are forgotten', async () => {
      const effects: string[] = []
      const work = store.transact(async (tx) => {
        afterCommit(tx, () => effects.push('committed'))
        throw new Error('changed my mind')
      })
      await expect(work).rejects.toThrow('changed my mind')
      expect(effects).toEqual([])
    })
  })

  describe('holds under a race', () => {
    beforeEach(() => store.transact(putWorld))

    test.each(onceOnly)('$says', async ({ table, row, rule }) => {
      const racers = Array.from({ length: 8 }, (_, index) =>
        store.transact((tx) =>
          put(tx, table, { ...row, ...(table === 'member_port' ? ownPort(rule, index) : ownId(rule, index)) }),
        ),
      )
      const outcomes = await Promise.allSettled(racers)
      const lost = outcomes.flatMap((outcome) =>
        outcome.status === 'rejected' ? [brokenUniqueRule(outcome.reason)] : [],
      )
      expect(lost).toEqual(Array(7).fill(rule))
    })
  })

  describe('allows side by side', () => {
    beforeEach(() => store.transact(putWorld))

    test.each(sideBySide)('$says', async ({ table, rows }) => {
      const before = await count(table)
      await store.transact(async (tx) => {
        for (const [index, row] of rows.entries()) await put(tx, table, { ...row, id: `row${index}` })
      })
      expect(await count(table)).toBe(before + rows.length)
    })
  })

  test('a service with endpoints cannot be removed from under them', async () => {
    await store.transact(putWorld)
    await store.transact((tx) => put(tx, 'private_endpoint', { id: 'e', ...endpointRow }))
    const removal = store.transact((tx) => tx.deleteFrom('endpoint_service').where('id', '=', 's').execute())
    await expect(removal).rejects.toMatchObject({ code: '23503' })
  })
}

/** `table.column` of every column, read from the source that the types are. */
const columnsOfTables = async (): Promise<readonly string[]> => {
  const files = ['./tables.ts', './access-tables.ts', './deployment-tables.ts']
  const sources = await Promise.all(files.map((file) => readFile(new URL(file, import.meta.url), 'utf8')))
  const bare = sources.join('\n').replaceAll(/\/\*\*[\s\S]*?\*\/|\/\/.*/g, '')
  return [...bare.matchAll(/readonly (\w+): \{(.*?)\}/gs)].flatMap(([, table = '', columns = '']) =>
    [...columns.matchAll(/(\w+)\??: /g)].map(([, column = '']) => `${table}.${column}`),
  )
}
