// Paging flags as the query that the API takes; the Atlas CLI sends all three with every list.

import type { CommonQuery } from '@postern/contract/client'
import type { Flag } from '../core/command.ts'
import type { Context } from '../core/context.ts'
import { UsageError } from '../core/usage-error.ts'

/** Throws UsageError for a page below 1 or a limit outside 1-500. */
export function pageQuery(context: Context): CommonQuery {
  const pageNum = context.number('page') ?? 1
  const itemsPerPage = context.number('limit') ?? 100
  if (pageNum < 1) throw new UsageError('--page must be 1 or more')
  if (itemsPerPage < 1 || itemsPerPage > 500) throw new UsageError('--limit must be between 1 and 500')
  return { includeCount: !context.isOn('omitCount'), itemsPerPage, pageNum }
}

/** Of the lists that once were bare arrays. */
export const compact: Flag = {
  name: 'compact',
  short: 'c',
  kind: 'switch',
  usage: 'With -o json, the items as a bare array instead of within `results`.',
}

/** What a list prints: the page, or with --compact its items alone. */
export const pageOrItems = (context: Context, page: { readonly results: readonly unknown[] }): unknown =>
  context.isOn('compact') ? page.results : page
