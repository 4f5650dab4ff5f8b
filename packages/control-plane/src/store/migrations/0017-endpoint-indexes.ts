// Endpoints are asked for by their group whenever it is listed, and by their phase whenever an edge reports. Of 10,000
// endpoints either question read all of them.

import type { Migration } from '../migrations.ts'

export const endpointIndexes: Migration = {
  name: '0017-endpoint-indexes',
  statements: [
    'create index private_endpoint_by_group on private_endpoint (group_id, provider)',
    // Those that wait for an edge: few at any time.
    `create index private_endpoint_waiting on private_endpoint (phase) where phase in ('ACCEPTED', 'DELETING')`,
  ],
}
