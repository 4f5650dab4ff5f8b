// Questions to edges about their live connections: a row for each edge that is asked, gone again when whoever asked has
// its answers or gave up.

import type { Migration } from '../migrations.ts'

export const edgeQuestions: Migration = {
  name: '0013-edge-questions',
  statements: [
    `create table edge_question (
      id text not null,
      edge text not null,
      body jsonb not null,
      answer jsonb,
      created timestamptz not null,
      primary key (id, edge)
    )`,
    `create index edge_question_open on edge_question (edge) where answer is null`,
  ],
}
