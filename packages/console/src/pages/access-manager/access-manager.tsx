// Access Manager: what its tabs share, in a project and in an organization.

import { TabbedPage, type TabPage } from '../../frame/tabbed-page.tsx'
import { useAccessPlace } from './access-place.ts'

const tabs = { users: 'Users', teams: 'Teams', 'api-keys': 'API Keys', 'service-accounts': 'Service Accounts' } as const

const titles = { group: 'Project Access Manager', org: 'Organization Access Manager' } as const

export function AccessManager(page: TabPage<keyof typeof tabs>) {
  const { kind, id } = useAccessPlace()
  return (
    <TabbedPage title={titles[kind]} label="Access Manager" tabs={tabs} base={`/${kind}s/${id}/access`} {...page} />
  )
}
