// What is on or off for a project: the regionalized mode of its private endpoints, custom DNS, and private
// strings alone.

import { useQuery } from '@tanstack/react-query'
import { operation, useChange, useOperation } from '../../api/operation.ts'
import { useGroupId } from '../../frame/place.ts'
import { Switch } from '../../frame/switch.tsx'

export function RegionalizedMode() {
  const of = { params: { groupId: useGroupId() } }
  const mode = useOperation('getGroupPrivateEndpointRegionalMode', of).data
  const toggle = useChange('toggleGroupPrivateEndpointRegionalMode')
  const check = useQuery({
    ...operation('checkGroupPrivateEndpointRegionalMode', { ...of, body: { enabled: mode?.enabled === false } }),
    enabled: mode !== undefined && !toggle.isPending,
  })
  return (
    <Switch
      name="Multiple Regionalized Private Endpoints"
      says="A connection string for each region, so that endpoints may be in several. It takes sharded clusters only, and connection strings change."
      operation="toggleGroupPrivateEndpointRegionalMode"
      on={mode?.enabled}
      blockers={check.data?.blockers.map(({ detail }) => detail) ?? []}
      error={toggle.error}
      busy={toggle.isPending}
      onChange={(enabled) => toggle.mutate({ ...of, body: { enabled } })}
    />
  )
}

export function CustomDns() {
  const of = { params: { groupId: useGroupId() } }
  const dns = useOperation('getGroupAwsCustomDns', of).data
  const toggle = useChange('toggleGroupAwsCustomDns')
  return (
    <Switch
      name="Using Custom DNS on AWS with VPC Peering"
      says="Clusters on AWS get names that resolve to private addresses inside a peered network."
      operation="toggleGroupAwsCustomDns"
      on={dns?.enabled}
      error={toggle.error}
      busy={toggle.isPending}
      onChange={(enabled) => toggle.mutate({ ...of, body: { enabled } })}
    />
  )
}

export function PrivateOnly() {
  const of = { params: { groupId: useGroupId() } }
  const privateOnly = useOperation('getGroupPrivateOnly', of).data
  const toggle = useChange('updateGroupPrivateOnly')
  return (
    <Switch
      name="Private Connection Strings Only"
      says="Standard connection strings are shown to nobody any more. It hides the members’ own ports and closes none: that is for whoever owns them."
      operation="updateGroupPrivateOnly"
      on={privateOnly?.enabled}
      error={toggle.error}
      busy={toggle.isPending}
      onChange={(enabled) => toggle.mutate({ ...of, body: { enabled } })}
    />
  )
}
