// Where a local endpoint is dialled, as its row shows it.

import { at, type Json, shown } from '../../print/json.ts'
import type { Column } from '../../print/template.ts'

const lastPort = 65_535

/** The first address; with its ports where they are a block and not simply all: `127.0.0.1:30000-30049`. */
export function address(endpoint: Json): string {
  const hosts = at(endpoint, 'listen.hosts')
  const host = Array.isArray(hosts) ? shown(hosts[0]) : ''
  const first = Number(at(endpoint, 'listen.firstPort'))
  const last = first + Number(at(endpoint, 'listen.portCount')) - 1
  if (!Number.isInteger(last) || last >= lastPort) return host
  const name = host.includes(':') ? `[${host}]` : host
  return last > first ? `${name}:${first}-${last}` : `${name}:${first}`
}

export const addressColumn = (header: string, cell: (row: Json) => string): Column => ({ header, cell })
