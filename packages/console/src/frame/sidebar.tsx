// The pages of a project, or of an organization, as the table of routes places them.

import { Link, useLocation } from '@tanstack/react-router'
import { type PageRoute, pages } from '../routes.tsx'
import styles from './frame.module.css'

/** A page with tabs has the address of its first one; whatever lies beside or below that belongs to it. */
const areaOf = (path: string): string => path.split('/').slice(0, 4).join('/')

const headings = [undefined, 'Security'] as const

interface SidebarProps {
  /** The empty string outside a project. */
  readonly groupId: string
  readonly orgId: string
  readonly open: boolean
}

export function Sidebar({ groupId, orgId, open }: SidebarProps) {
  const { pathname } = useLocation()
  const inGroup = groupId !== ''
  if (!inGroup && orgId === '') return null
  const here = pages.filter(
    ({ path, sidebar }) => sidebar !== undefined && path.startsWith(inGroup ? '/groups/' : '/orgs/'),
  )
  const item = ({ path, sidebar }: PageRoute) => {
    const to = path.replace('$groupId', groupId).replace('$orgId', orgId)
    return (
      <li key={path}>
        <Link to={to} {...(areaOf(pathname) === areaOf(to) && { 'aria-current': 'true' })}>
          {sidebar?.label}
        </Link>
      </li>
    )
  }
  return (
    <nav className={styles.sidebar} data-open={open} aria-label={inGroup ? 'Project' : 'Organization'}>
      {headings.map((heading) => {
        const under = here.filter(({ sidebar }) => sidebar?.heading === heading)
        if (under.length === 0) return null
        return (
          <div key={heading ?? ''}>
            {heading !== undefined && <h2>{heading}</h2>}
            <ul>{under.map(item)}</ul>
          </div>
        )
      })}
    </nav>
  )
}
