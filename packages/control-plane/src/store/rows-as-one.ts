// Many rows at once, as one JSON value that holds a list for each column: what a store's protocol costs, it costs for
// each value, and on the embedded store taking a hundred thousand small ones apart took longer than finding them. By
// columns, since both stores take twice as long to write ten thousand objects, each with all its keys, as eight lists.

import {
  AliasNode,
  ColumnNode,
  IdentifierNode,
  type Kysely,
  type OperationNode,
  ReferenceNode,
  type SelectQueryBuilder,
  SelectQueryNode,
  type ShallowDehydrateObject,
  type Simplify,
  sql,
} from 'kysely'
import type { Tables } from './tables.ts'

/** Every row of a query that names its columns, in its order. As in any JSON, times come as text. */
export const rowsAsOne = async <Known, Table extends keyof Known, Row>(
  db: Kysely<Tables>,
  query: SelectQueryBuilder<Known, Table, Row>,
): Promise<readonly Simplify<ShallowDehydrateObject<Row>>[]> => {
  const columns = columnsOf(query.toOperationNode())
  const lists = sql.join(columns.map((column) => sql`coalesce(json_agg(${sql.ref(column)}), '[]')`))
  const { rows } = await sql<{ lists: readonly unknown[][] }>`
    select json_build_array(${lists}) as lists from ${query} as listed`.execute(db)
  const answered = rows[0]?.lists ?? []
  return (answered[0] ?? []).map(
    (_, row) =>
      Object.fromEntries(columns.map((column, nth) => [column, answered[nth]?.[row]])) as Simplify<
        ShallowDehydrateObject<Row>
      >,
  )
}

const columnsOf = (query: OperationNode): readonly string[] =>
  (SelectQueryNode.is(query) ? (query.selections ?? []) : []).map(({ selection }) => columnOf(selection))

/** Throws TypeError for one without a name, as all at once (`*`). */
const columnOf = (node: OperationNode): string => {
  if (AliasNode.is(node) && IdentifierNode.is(node.alias)) return node.alias.name
  if (ReferenceNode.is(node)) return columnOf(node.column)
  if (ColumnNode.is(node)) return node.column.name
  throw new TypeError(`rowsAsOne needs the name of each column; a ${node.kind} has none`)
}
