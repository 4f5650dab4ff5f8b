// Traffic is of standard listeners too, which are no private endpoints, so that triggers see to it that it goes with either.
// What an edge tells in the very moment in which that goes may stay behind: until the edge begins anew, or a day.

import type { Migration } from '../migrations.ts'

const counted = ['edge_traffic', 'traffic_point']

export const listenerTraffic: Migration = {
  name: '0034-listener-traffic',
  statements: [
    ...counted.map((table) => `alter table ${table} drop constraint ${table}_endpoint_id_fkey`),
    `create function forget_traffic() returns trigger language plpgsql as $$
      begin
        ${counted.map((table) => `delete from ${table} where endpoint_id = old.id;`).join('\n        ')}
        return null;
      end $$`,
    ...['private_endpoint', 'standard_listener'].map(
      (table) => `create trigger ${table}_traffic_went after delete on ${table}
        for each row execute function forget_traffic()`,
    ),
  ],
}
