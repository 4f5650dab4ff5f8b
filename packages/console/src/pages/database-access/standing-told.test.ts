import { expect, test } from 'vitest'
import { standingTold } from './standing-told.ts'

const applied = {
  kind: 'USER',
  name: 'app',
  databaseName: 'admin',
  state: 'READY',
  errorMessage: null,
  clusters: ['Cluster0', 'Other'],
  drift: null,
} as const

test.each([
  { says: 'names the clusters', standing: applied, told: ['It is on Cluster0, Other.'] },
  {
    says: 'says what a deployment said',
    standing: { ...applied, state: 'PENDING', clusters: [], errorMessage: 'not reachable' },
    told: ['It is on no cluster yet.', 'not reachable'],
  },
  {
    says: 'says what was found otherwise',
    standing: {
      ...applied,
      clusters: ['Cluster0'],
      drift: { clusterName: 'Cluster0', difference: 'roles', noticedAt: '2026-03-01T12:00:00Z' },
    },
    told: ['It is on Cluster0.', 'On Cluster0 something else was found at 2026-03-01T12:00:00Z, and put right: roles.'],
  },
] as const)('$says', ({ standing, told }) => {
  expect(standingTold({ ...standing, clusters: [...standing.clusters] })).toEqual(told)
})
