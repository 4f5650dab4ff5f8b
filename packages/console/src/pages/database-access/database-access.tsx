// Database Access: what its tabs share. A tab is a page of its own, with its own address.

import { Tab, Tabs } from '@leafygreen-ui/tabs'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { PageHead } from '../../frame/page-head.tsx'
import { useGroupId } from '../../frame/place.ts'

const tabs = [
  { path: 'users', name: 'Database Users' },
  { path: 'custom-roles', name: 'Custom Roles' },
] as const

interface Shown {
  readonly tab: (typeof tabs)[number]['path']
  /** The page's main actions, beside its heading. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

export function DatabaseAccess({ tab, actions, children }: Shown) {
  const groupId = useGroupId()
  const navigate = useNavigate()
  const show = (path = 'users'): void => void navigate({ to: `/groups/${groupId}/database-access/${path}` })
  return (
    <>
      <PageHead title="Database Access">{actions}</PageHead>
      <Tabs
        aria-label="Database Access"
        value={tabs.findIndex(({ path }) => path === tab)}
        onValueChange={(index: number) => show(tabs[index]?.path)}
      >
        {tabs.map(({ path, name }) => (
          <Tab key={path} name={name}>
            {path === tab && children}
          </Tab>
        ))}
      </Tabs>
    </>
  )
}
