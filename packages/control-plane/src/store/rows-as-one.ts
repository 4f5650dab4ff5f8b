// Many rows at once, as one JSON value: what a store's protocol costs, it costs for each value, and on the embedded store
// taking a hundred thousand small ones apart took longer than finding them.

import type { Expression, Kysely, ShallowDehydrateObject, Simplify } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import type { Tables } from './tables.ts'

/** Every row of a query, in its order. As in any JSON, times come as text. */
export const rowsAsOne = async <Row>(
  db: Kysely<Tables>,
  query: Expression<Row>,
): Promise<readonly Simplify<ShallowDehydrateObject<Row>>[]> => {
  const { rows } = await db.selectNoFrom(jsonArrayFrom(query).as('rows')).executeTakeFirstOrThrow()
  return rows
}
