// What the store held at one moment, to go back to: for test suites. The copy is in temporary tables, which belong to the
// embedded store's one connection and are gone with the process, so that nothing of it is ever on disk. Going back touches
// only rows that differ: two statements whose cost is that of what a test changed, and rules between tables are checked
// at the end of each. What is not put back is named below, with why.

import { sql, type Transaction } from 'kysely'
import type { Store } from '../parts.ts'
import { brokenUniqueRule } from './store-error.ts'
import type { Tables } from './tables.ts'

const left: Partial<Readonly<Record<keyof Tables, string>>> = {
  store_mark: 'the store stays the same one',
  certificate_authority: 'clients trust it',
  snapshot: 'its numbers only grow; it is built anew',
  snapshot_change: 'edges hold the number that it begins at',
  edge_report: 'what edges really serve',
  edge_identity: 'what real edges prove themselves by',
  edge_former_proof: 'what ended does not begin again',
  edge_enrolment: 'a token is good once',
  edge_question: 'somebody waits for the answer',
  edge_run: 'what edges have said goes on',
  edge_traffic: 'what edges have said goes on',
  resource_change: 'followers hear of what goes back as of any change; triggers write it',
  used_nonce: 'a proof is good once',
  revoked_token: 'what was revoked stays so',
  session_link: 'a link is good once',
  console_session: 'people at the console stay signed in',
}

export interface SeedCopy {
  /** From now on `restore` goes back to what is there now. */
  readonly keep: () => Promise<void>
  readonly isKept: () => boolean
  /** Names of tables that were changed back. Rejects when nothing was kept. */
  readonly restore: () => Promise<ReadonlySet<string>>
}

interface Kept {
  readonly name: string
  readonly columns: readonly string[]
  /** None: rows have no name of their own, and are compared whole. */
  readonly key: readonly string[]
}

/** `store` must be the embedded one. */
export const createSeedCopy = (store: Store): SeedCopy => {
  let kept: readonly Kept[] | null = null
  const run = async (tx: Transaction<Tables>, text: string): Promise<readonly (readonly [string, number])[]> => {
    const { rows } = await sql.raw<Readonly<Record<string, number>>>(text).execute(tx)
    return Object.entries(rows[0] ?? {})
  }
  const restore = async (tables: readonly Kept[]): Promise<ReadonlySet<string>> => {
    const changed = await store
      .transact(async (tx) => [...(await run(tx, deleting(tables))), ...(await run(tx, putting(tables)))])
      .catch((error: unknown) => {
        // Two rows have each other's names: one must go before the other can have its own again.
        if (brokenUniqueRule(error) === null) throw error
        return store.transact(async (tx) => {
          await run(tx, emptying(tables))
          return run(tx, putting(tables))
        })
      })
    return new Set(changed.flatMap(([name, count]) => (Number(count) > 0 ? [name] : [])))
  }
  return {
    keep: async () => {
      const tables = await readTables(store)
      await store.transact(async (tx) => {
        for (const { name } of tables) {
          await sql.raw(`drop table if exists ${copyOf(name)}`).execute(tx)
          await sql.raw(`create temp table ${quoted(`seed_${name}`)} as table public.${quoted(name)}`).execute(tx)
        }
      })
      kept = tables
      // Changes nothing; the first time is the slowest, and this is not when somebody waits.
      await restore(tables)
    },
    isKept: () => kept !== null,
    restore: async () => {
      if (kept === null) throw new Error('nothing was kept')
      return restore(kept)
    },
  }
}

const readTables = async (store: Store): Promise<readonly Kept[]> => {
  const { rows } = await sql<Kept>`
    select table_name::text as name,
      array(select column_name::text from information_schema.columns c
        where c.table_schema = 'public' and c.table_name = t.table_name and is_generated = 'NEVER'
        order by ordinal_position) as columns,
      array(select attname::text from pg_index join pg_attribute on attrelid = indrelid and attnum = any (indkey)
        where indrelid = format('public.%I', table_name)::regclass and indisprimary) as key
    from information_schema.tables t
    where table_schema = 'public' and table_name not like 'kysely_%' order by table_name
  `.execute(store.read)
  return rows.filter(({ name }) => !(name in left))
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`
const copyOf = (name: string): string => `pg_temp.${quoted(`seed_${name}`)}`
const list = (names: readonly string[]): string => names.map(quoted).join(', ')

/** One statement that does something to each table, and answers for each how many rows it did it to. */
const together = (tables: readonly Kept[], each: (table: Kept) => string): string =>
  `with ${tables.map((table, at) => `t${at} as (${each(table)} returning 1)`).join(', ')}
   select ${tables.map(({ name }, at) => `(select count(*) from t${at}) as ${quoted(name)}`).join(', ')}`

const deleting = (tables: readonly Kept[]): string =>
  together(tables, ({ name, key }) => {
    const same =
      key.length === 0
        ? '(kept.*) is not distinct from (now.*)'
        : key.map((column) => `kept.${quoted(column)} = now.${quoted(column)}`).join(' and ')
    return `delete from public.${quoted(name)} now where not exists (select from ${copyOf(name)} kept where ${same})`
  })

const emptying = (tables: readonly Kept[]): string =>
  together(tables, ({ name }) => `delete from public.${quoted(name)}`)

const putting = (tables: readonly Kept[]): string =>
  together(tables, ({ name, columns, key }) => {
    const put = `insert into public.${quoted(name)} (${list(columns)})
      select ${list(columns)} from (select ${list(columns)} from ${copyOf(name)} except select ${list(columns)} from public.${quoted(name)}) kept`
    const set = columns.map((column) => `${quoted(column)} = excluded.${quoted(column)}`).join(', ')
    return key.length === 0 ? put : `${put} on conflict (${list(key)}) do update set ${set}`
  })
