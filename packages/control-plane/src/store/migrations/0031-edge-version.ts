// The version of an edge's program, as its report says; null of edges of an earlier release.

import type { Migration } from '../migrations.ts'

export const edgeVersion: Migration = {
  name: '0031-edge-version',
  statements: ['alter table edge_report add column version text'],
}
