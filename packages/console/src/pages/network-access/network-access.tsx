// Network Access: what its tabs share.

import { useGroupId } from '../../frame/place.ts'
import { TabbedPage, type TabPage } from '../../frame/tabbed-page.tsx'

const tabs = {
  'ip-access-list': 'IP Access List',
  'private-endpoint': 'Private Endpoint',
  gateways: 'Gateways',
} as const

export const NetworkAccess = (page: TabPage<keyof typeof tabs>) => (
  <TabbedPage title="Network Access" tabs={tabs} base={`/groups/${useGroupId()}/network-access`} {...page} />
)
