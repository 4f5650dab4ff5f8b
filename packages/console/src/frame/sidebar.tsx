// The pages of a project, as the table of routes places them.

import { Link } from '@tanstack/react-router'
import { type PageRoute, pages } from '../routes.tsx'
import styles from './frame.module.css'

const headings = [undefined, 'Security'] as const

export function Sidebar({ groupId, open }: { readonly groupId: string; readonly open: boolean }) {
  const item = ({ path, sidebar }: PageRoute) => (
    <li key={path}>
      <Link to={path.replace('$groupId', groupId)}>{sidebar?.label}</Link>
    </li>
  )
  return (
    <nav className={styles.sidebar} data-open={open} aria-label="Project">
      {headings.map((heading) => (
        <div key={heading ?? ''}>
          {heading !== undefined && <h2>{heading}</h2>}
          <ul>{pages.filter(({ sidebar }) => sidebar !== undefined && sidebar.heading === heading).map(item)}</ul>
        </div>
      ))}
    </nav>
  )
}
