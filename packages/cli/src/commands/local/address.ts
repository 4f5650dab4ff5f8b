// Where a local endpoint is dialled, as its row shows it.

import { at, type Json, shown } from '../../print/json.ts'
import type { Column } from '../../print/template.ts'

/** The first address, and the block of ports where the address alone does not say it: `127.8.0.4:1024-1073`. */
export function address(endpoint: Json): string {
  const hosts = at(endpoint, 'listen.hosts')
  const host = Array.isArray(hosts) ? shown(hosts[0]) : ''
  const first = Number(at(endpoint, 'listen.firstPort'))
  const count = Number(at(endpoint, 'listen.portCount'))
  if (!Number.isInteger(first) || !Number.isInteger(count)) return host
  const name = host.includes(':') ? `[${host}]` : host
  return count > 1 ? `${name}:${first}-${first + count - 1}` : `${name}:${first}`
}

export const addressColumn = (header: string, cell: (row: Json) => string): Column => ({ header, cell })
