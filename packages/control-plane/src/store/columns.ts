// Kinds of columns that more than one table has: what is read of them, and what may be written.

import type { ColumnType } from 'kysely'

/** Written as a JSON string, read as a parsed value of unknown shape. */
export type Json = ColumnType<unknown, string, string>
/** Read as Date; written as Date or ISO text. */
export type Timestamp = ColumnType<Date, Date | string, Date | string>

/** PostgreSQL's xid8: digits; compared by the database. Never written by us. */
export type TransactionNumber = ColumnType<string, never, never>
/** Made by the database from the row's other columns. */
export type Made<Value> = ColumnType<Value, never, never>
/** Until when the state of now is shown at least (fidelity/); null: no longer than it takes. */
export type SettlesAt = ColumnType<Date | null, Date | null | undefined, Date | null>

/** As Json, with a default where it is not written. */
export type JsonOrDefault = ColumnType<unknown, string | undefined, string>
