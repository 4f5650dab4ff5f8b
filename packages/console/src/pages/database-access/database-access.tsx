// Database Access: what its tabs share.

import { useGroupId } from '../../frame/place.ts'
import { TabbedPage, type TabPage } from '../../frame/tabbed-page.tsx'

const tabs = { users: 'Database Users', 'custom-roles': 'Custom Roles' } as const

export const DatabaseAccess = (page: TabPage<keyof typeof tabs>) => (
  <TabbedPage title="Database Access" tabs={tabs} base={`/groups/${useGroupId()}/database-access`} {...page} />
)
