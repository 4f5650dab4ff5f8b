// What edges proved themselves by that are no more: whoever still shows it is told so, instead of being taken for a stranger,
// since a stranger goes on serving what it has.

import type { Migration } from '../migrations.ts'

export const edgeFormerProofs: Migration = {
  name: '0036-edge-former-proofs',
  statements: [
    `create table edge_former_proof (
      edge text not null,
      hash text not null,
      ended timestamptz not null,
      primary key (edge, hash)
    )`,
  ],
}
