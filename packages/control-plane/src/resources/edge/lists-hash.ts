// What a report's lists are known by. One that comes out other than the store's own (edge_report.lists_hash) only costs that
// the report is written once more.

import { createHash } from 'node:crypto'
import type { ReportedLists } from '@postern/contract/snapshot'

export const listsHash = ({ bound, failed, trusts = [] }: ReportedLists): Uint8Array =>
  createHash('sha256')
    .update(asStored(bound.map((id) => JSON.stringify(id))))
    .update(
      asStored(failed.map(({ id, reason }) => `{"id": ${JSON.stringify(id)}, "reason": ${JSON.stringify(reason)}}`)),
    )
    .update(asStored(trusts.map((range) => JSON.stringify(range))))
    .digest()

/** As PostgreSQL writes a jsonb list as text. */
const asStored = (items: readonly string[]): string => `[${items.join(', ')}]`
