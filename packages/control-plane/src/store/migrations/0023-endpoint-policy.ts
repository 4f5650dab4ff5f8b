// What is forbidden at one endpoint, where its owner set it.

import type { Migration } from '../migrations.ts'

export const endpointPolicy: Migration = {
  name: '0023-endpoint-policy',
  statements: ['alter table private_endpoint add column policy jsonb'],
}
