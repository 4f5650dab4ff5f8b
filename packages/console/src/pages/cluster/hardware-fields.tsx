// Tier, nodes and version of a cluster that has a say in them.

import { TextInput } from '@leafygreen-ui/text-input'
import { useOperation } from '../../api/operation.ts'
import { useGroupId } from '../../frame/place.ts'
import { SelectField } from '../../frame/select-field.tsx'
import type { ClusterEdit } from './changed-cluster.ts'
import styles from './cluster.module.css'
import { fieldError } from './field-error.ts'
import { isTenant } from './new-cluster.ts'
import type { ShownCluster } from './shown-cluster.ts'

const nodeCounts = Array.from({ length: 7 }, (_, index) => ({ value: String(index + 1) }))

interface HardwareFieldsProps {
  readonly cluster: ShownCluster
  readonly edit: ClusterEdit
  readonly set: (changes: Partial<ClusterEdit>) => void
  readonly error: unknown
}

export function HardwareFields({ cluster: { providers }, edit, set, error }: HardwareFieldsProps) {
  const { data } = useOperation('listGroupClusterProviderRegions', {
    params: { groupId: useGroupId() },
    query: { providers: [...providers] },
  })
  const sizes = data?.results.map(({ instanceSizes }) => instanceSizes.map(({ name }) => name)) ?? []
  // A tier that each of its clouds has.
  const tiers = (sizes[0] ?? []).filter((name) => !isTenant(name) && sizes.every((each) => each.includes(name)))
  return (
    <>
      <div className={styles.pair}>
        <SelectField
          label="Cluster Tier"
          value={edit.tier}
          options={tiers.map((tier) => ({ value: tier }))}
          onChange={(tier) => set({ tier })}
          {...fieldError(error, 'instanceSize')}
        />
        {edit.nodes !== null && (
          <SelectField
            label="Electable nodes of the preferred region"
            value={String(edit.nodes)}
            options={nodeCounts}
            onChange={(nodes) => set({ nodes: Number(nodes) })}
            {...fieldError(error, 'nodeCount')}
          />
        )}
      </div>
      <TextInput
        id="edit-version"
        label="MongoDB version"
        description="A later one than now; there is no way back."
        value={edit.version}
        onChange={({ target }) => set({ version: target.value })}
        {...fieldError(error, 'mongoDBMajorVersion')}
      />
    </>
  )
}
