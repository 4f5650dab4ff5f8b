// Where an edge's DNS server is asked, as its report says; null of other feeds and of edges of an earlier release.

import type { Migration } from '../migrations.ts'

export const dnsAddress: Migration = {
  name: '0022-dns-address',
  statements: ['alter table edge_report add column dns_address text'],
}
