// A page that is one of several tabs under a heading. Each tab is a page of its own, with its own address.

import { Tab, Tabs } from '@leafygreen-ui/tabs'
import { useNavigate } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { PageHead } from './page-head.tsx'

/** What a page says of itself: which tab it is, by the last part of its path, and what is on it. */
export interface TabPage<Path extends string> {
  readonly tab: Path
  /** The page's main actions, beside its heading. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

interface TabbedPageProps<Path extends string> extends TabPage<Path> {
  readonly title: string
  /** What the tabs are of, where the heading says more. */
  readonly label?: string
  /** The tabs' names by the last part of their paths, as they stand. */
  readonly tabs: Readonly<Record<Path, string>>
  /** The path that they have in common. */
  readonly base: string
}

export function TabbedPage<Path extends string>(props: TabbedPageProps<Path>) {
  const { title, label = title, tabs, base, tab, actions, children } = props
  const navigate = useNavigate()
  const paths = Object.keys(tabs) as Path[]
  return (
    <>
      <PageHead title={title}>{actions}</PageHead>
      <Tabs
        aria-label={label}
        value={paths.indexOf(tab)}
        onValueChange={(index: number) => void navigate({ to: `${base}/${paths[index] ?? tab}` })}
      >
        {paths.map((path) => (
          <Tab key={path} name={tabs[path]}>
            {path === tab && children}
          </Tab>
        ))}
      </Tabs>
    </>
  )
}
