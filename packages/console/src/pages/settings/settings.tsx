// The settings of a project or of an organization: what their tabs share.

import { TabbedPage, type TabPage } from '../../frame/tabbed-page.tsx'
import { useAccessPlace } from '../access-manager/access-place.ts'
import styles from './settings.module.css'

const tabs = { '': 'General', webhooks: 'Webhooks' } as const

const titles = { group: 'Project Settings', org: 'Organization Settings' } as const

export function Settings({ children, ...page }: TabPage<keyof typeof tabs>) {
  const { kind, id } = useAccessPlace()
  return (
    <TabbedPage title={titles[kind]} label="Settings" tabs={tabs} base={`/${kind}s/${id}/settings`} {...page}>
      <div className={styles.below}>{children}</div>
    </TabbedPage>
  )
}
