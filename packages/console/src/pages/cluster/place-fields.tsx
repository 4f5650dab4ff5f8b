// Region and tier, as the API offers them at a provider. Flex clusters have an API of their own and no tier in this one.

import { useOperation } from '../../api/operation.ts'
import { useGroupId } from '../../frame/place.ts'
import { SelectField } from '../../frame/select-field.tsx'
import { regionWords } from '../../words/region.ts'
import styles from './cluster.module.css'
import { fieldError } from './field-error.ts'
import { isTenant, type NewCluster } from './new-cluster.ts'

export interface WishProps {
  readonly wish: NewCluster
  readonly set: (changes: Partial<NewCluster>) => void
  readonly error: unknown
}

export function PlaceFields({ wish, set, error }: WishProps) {
  const { data } = useOperation('listGroupClusterProviderRegions', {
    params: { groupId: useGroupId() },
    query: { providers: [wish.provider] },
  })
  const sizes = data?.results.find(({ provider }) => provider === wish.provider)?.instanceSizes ?? []
  const size = sizes.find(({ name }) => name === (wish.tier === 'FLEX' ? 'M0' : wish.tier))
  const regions = size?.availableRegions ?? []
  const tiers = sizes.length === 0 ? [] : [...sizes.map(({ name }) => name), 'FLEX']
  return (
    <div className={styles.pair}>
      <SelectField
        label="Region"
        value={wish.region}
        placeholder="Select a region"
        options={regions.map(({ name }) => ({ value: name, word: regionWords(wish.provider, name) }))}
        onChange={(region) => set({ region })}
        {...fieldError(error, 'regionName')}
      />
      <SelectField
        label="Cluster Tier"
        value={wish.tier}
        options={tiers.map((tier) => ({
          value: tier,
          group: isTenant(tier) ? 'Without private endpoints' : 'Dedicated',
        }))}
        onChange={(tier) => set({ tier })}
        {...fieldError(error, 'instanceSize')}
      />
    </div>
  )
}
