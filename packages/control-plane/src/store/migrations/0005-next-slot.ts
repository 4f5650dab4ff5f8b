// Where the search for a free slot of an endpoint service goes on, so that the ports of a member that went are the last
// to be given to another: whoever still holds an old string is refused rather than led to the wrong cluster.

import type { Migration } from '../migrations.ts'

export const nextSlot: Migration = {
  name: '0005-next-slot',
  statements: ['alter table endpoint_service add column next_slot integer not null default 0'],
}
