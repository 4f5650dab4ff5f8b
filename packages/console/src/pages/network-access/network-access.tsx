// Network Access: what its tabs share. A tab is a page of its own, with its own address.

import { Tab, Tabs } from '@leafygreen-ui/tabs'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { PageHead } from '../../frame/page-head.tsx'
import { useGroupId } from '../../frame/place.ts'

const tabs = [
  { path: 'ip-access-list', name: 'IP Access List' },
  { path: 'private-endpoint', name: 'Private Endpoint' },
] as const

interface Shown {
  readonly tab: (typeof tabs)[number]['path']
  /** The page's main actions, beside its heading. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

export function NetworkAccess({ tab, actions, children }: Shown) {
  const groupId = useGroupId()
  const navigate = useNavigate()
  const show = (path = 'private-endpoint'): void => void navigate({ to: `/groups/${groupId}/network-access/${path}` })
  return (
    <>
      <PageHead title="Network Access">{actions}</PageHead>
      <Tabs
        aria-label="Network Access"
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
