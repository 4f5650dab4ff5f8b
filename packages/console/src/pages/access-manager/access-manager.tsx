// Access Manager: what its tabs share. A tab is a page of its own, with its own address.

import { Tab, Tabs } from '@leafygreen-ui/tabs'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { PageHead } from '../../frame/page-head.tsx'
import { useAccessPlace } from './access-place.ts'

const tabs = [
  { path: 'users', name: 'Users' },
  { path: 'api-keys', name: 'API Keys' },
  { path: 'service-accounts', name: 'Service Accounts' },
] as const

const titles = { group: 'Project Access Manager', org: 'Organization Access Manager' } as const

interface Shown {
  readonly tab: (typeof tabs)[number]['path']
  /** The page's main actions, beside its heading. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

export function AccessManager({ tab, actions, children }: Shown) {
  const { kind, id } = useAccessPlace()
  const navigate = useNavigate()
  const show = (path = 'users'): void => void navigate({ to: `/${kind}s/${id}/access/${path}` })
  return (
    <>
      <PageHead title={titles[kind]}>{actions}</PageHead>
      <Tabs
        aria-label="Access Manager"
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
