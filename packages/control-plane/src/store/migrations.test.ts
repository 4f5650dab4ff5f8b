// A home of an earlier release is brought up to date with what is in it.

import { PGlite } from '@electric-sql/pglite'
import { Kysely, PGliteDialect } from 'kysely'
import { expect, test } from 'vitest'
import { tables } from './migrations/0001-tables.ts'
import { certificateAuthority } from './migrations/0002-certificate-authority.ts'
import { migrate } from './migrations.ts'

const clientId = `mdb_sa_id_${'a'.repeat(24)}`

test("a service account's secret of before opens the same doors after", async () => {
  const pglite = await PGlite.create()
  try {
    for (const { statements } of [tables, certificateAuthority])
      for (const statement of statements) await pglite.exec(statement)
    // What the migrator of that release had noted.
    await pglite.exec(`
      create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null);
      insert into kysely_migration values ('${tables.name}', '2026'), ('${certificateAuthority.name}', '2026');
      insert into organization values ('0', 'Org', now());
      insert into service_account values
        ('${clientId}', '0', 'owner', 'd', 'hash', 'tail', '2026-01-01T00:00:00Z', '2036-01-01T00:00:00Z');
      insert into event values
        ('one', '0', null, 'ORG_CREATED', 'SYSTEM', '', 'postern', null, '{}', '2026-01-01T00:00:00Z'),
        ('two', '0', null, 'ORG_RENAMED', 'SYSTEM', '', 'postern', null, '{}', '2026-01-02T00:00:00Z');
    `)
    const db = new Kysely<unknown>({ dialect: new PGliteDialect({ pglite }) })
    await migrate(db)
    await migrate(db)
    const { rows } = await pglite.query('select * from service_account_secret')
    expect(rows).toEqual([
      {
        id: 'a'.repeat(24),
        client_id: clientId,
        secret_hash: 'hash',
        secret_tail: 'tail',
        created: new Date('2026-01-01T00:00:00Z'),
        expires: new Date('2036-01-01T00:00:00Z'),
        last_used: null,
      },
    ])
    // Told before is told in that order, and before whatever comes.
    const events = await pglite.query('select id from event where tx < pg_current_xact_id() order by tx, n')
    expect(events.rows).toEqual([{ id: 'one' }, { id: 'two' }])
  } finally {
    await pglite.close()
  }
})
