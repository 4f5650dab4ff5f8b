// Where the search for a place of the next local endpoint goes on, so that the address (or the ports) of one that went is
// the last to be given to another: whoever still holds an old string is refused rather than led through another endpoint.

import type { Migration } from '../migrations.ts'

export const lastPlace: Migration = {
  name: '0009-last-place',
  statements: [
    `create table local_last_place (
      id integer primary key check (id = 1),
      host text not null,
      first_port integer not null,
      port_count integer not null
    )`,
  ],
}
