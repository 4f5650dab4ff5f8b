// Replica set or shards, and how many nodes; shared tiers have no choice in it.

import { type Choosable, SelectField } from '../../frame/select-field.tsx'
import styles from './cluster.module.css'
import { fieldError } from './field-error.ts'
import { isTenant } from './new-cluster.ts'
import type { WishProps } from './place-fields.tsx'

const counts = (...numbers: readonly number[]): readonly Choosable[] =>
  numbers.map((count) => ({ value: String(count) }))

const types = [
  { value: 'REPLICASET', word: 'Replica set' },
  { value: 'SHARDED', word: 'Sharded cluster' },
]

export function ShapeFields({ wish, set, error }: WishProps) {
  if (isTenant(wish.tier)) return null
  const sharded = wish.type === 'SHARDED'
  return (
    <div className={styles.pair}>
      <SelectField
        label="Cluster Type"
        value={wish.type}
        options={types}
        onChange={(type) => set({ type: type === 'SHARDED' ? 'SHARDED' : 'REPLICASET' })}
        {...fieldError(error, 'clusterType')}
      />
      {sharded && (
        <SelectField
          label="Shards"
          value={String(wish.shards)}
          options={counts(1, 2, 3, 4)}
          onChange={(shards) => set({ shards: Number(shards) })}
        />
      )}
      <SelectField
        label={sharded ? 'Nodes of each shard' : 'Nodes'}
        value={String(wish.nodes)}
        options={counts(3, 5, 7)}
        onChange={(nodes) => set({ nodes: Number(nodes) })}
        {...fieldError(error, 'nodeCount')}
      />
    </div>
  )
}
