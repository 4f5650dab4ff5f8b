// The address that one comes from, as the control plane sees it: whether the list lets it in, and a button that adds it.

import { useChange, useOperation } from '../../api/operation.ts'
import { ErrorBanner } from '../../frame/error-banner.tsx'
import { MayButton } from '../../frame/may.tsx'
import { useGroupId } from '../../frame/place.ts'
import { covers } from './covers.ts'

/** Nothing until both are known, and where the list lets it in. */
export function CurrentAddress() {
  const groupId = useGroupId()
  const mine = useOperation('getIpInfo').data?.currentIpv4Address
  const list = useOperation('listGroupAccessListEntries', { params: { groupId }, query: { itemsPerPage: 500 } }).data
  const add = useChange('createGroupAccessListEntry')
  if (mine === undefined || list === undefined || list.results.some((entry) => covers(entry, mine))) return null
  return (
    <div>
      <p>
        Your address, {mine} as the control plane sees it, is not on the IP access list: from there nobody is let in.
      </p>
      <MayButton
        operation="createGroupAccessListEntry"
        size="small"
        isLoading={add.isPending}
        onClick={() => add.mutate({ params: { groupId }, body: [{ ipAddress: mine }] })}
      >
        Add Current IP Address
      </MayButton>
      {add.error !== null && <ErrorBanner error={add.error} />}
    </div>
  )
}
