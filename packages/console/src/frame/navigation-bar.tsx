// The bar on top: which organization, which project, who is signed in.

import Button from '@leafygreen-ui/button'
import CaretDown from '@leafygreen-ui/icon/dist/CaretDown'
import MenuIcon from '@leafygreen-ui/icon/dist/Menu'
import Person from '@leafygreen-ui/icon/dist/Person'
import IconButton from '@leafygreen-ui/icon-button'
import { Menu, MenuItem, MenuSeparator } from '@leafygreen-ui/menu'
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { sessionQuery, useSignOut } from '../api/session.ts'
import icon from '../icon.svg'
import styles from './frame.module.css'
import { useGroup, useGroups, useOrgId, useOrgs } from './place.ts'
import { themes, useTheme } from './theme.tsx'
import { useUrlState } from './url-state.ts'

export function NavigationBar({ drawer, onDrawer }: { readonly drawer: boolean; readonly onDrawer: () => void }) {
  return (
    <header className={styles.bar}>
      <div className={styles.menuToggle}>
        <IconButton aria-label="Menu" aria-expanded={drawer} onClick={onDrawer}>
          <MenuIcon />
        </IconButton>
      </div>
      <Link to="/" className={styles.brand} aria-label="Postern">
        <img src={icon} alt="" />
        <span>Postern</span>
      </Link>
      <OrganizationsMenu />
      <ProjectsMenu />
      <div className={styles.spring} />
      <UserMenu />
    </header>
  )
}

interface BarMenuProps {
  readonly name: string
  readonly label: string
  /** In the label's place where there is no room for it. */
  readonly sign?: ReactNode
  readonly children: ReactNode
}

function BarMenu({ name, label, sign, children }: BarMenuProps) {
  const [open, setOpen] = useState(false)
  return (
    <Menu
      open={open}
      setOpen={setOpen}
      aria-label={name}
      onClick={() => setOpen(false)}
      trigger={
        <Button
          size="small"
          rightGlyph={<CaretDown className={styles.caret} role="presentation" />}
          aria-label={`${name}: ${label}`}
        >
          {sign !== undefined && <span className={styles.sign}>{sign}</span>}
          <span className={sign === undefined ? styles.label : styles.signed}>{label}</span>
        </Button>
      }
    >
      {children}
    </Menu>
  )
}

function OrganizationsMenu() {
  const orgs = useOrgs().data?.results ?? []
  const here = useOrgId()
  const navigate = useNavigate()
  return (
    <BarMenu name="Organizations" label={orgs.find(({ id }) => id === here)?.name ?? 'Organizations'}>
      {orgs.map(({ id, name }) => (
        <MenuItem key={id} active={id === here} onClick={() => navigate({ to: `/orgs/${id}/projects` })}>
          {name}
        </MenuItem>
      ))}
    </BarMenu>
  )
}

function ProjectsMenu() {
  const groups = useGroups().data?.results ?? []
  const here = useGroup()
  const orgId = useOrgId()
  const navigate = useNavigate()
  return (
    <BarMenu name="Projects" label={here?.name ?? 'Projects'}>
      {groups
        .filter((group) => orgId === '' || group.orgId === orgId)
        .map(({ id, name }) => (
          <MenuItem key={id} active={id === here?.id} onClick={() => navigate({ to: `/groups/${id}/clusters` })}>
            {name}
          </MenuItem>
        ))}
      {orgId !== '' && <MenuSeparator />}
      {orgId !== '' && (
        <MenuItem onClick={() => navigate({ to: `/orgs/${orgId}/projects` })}>View All Projects</MenuItem>
      )}
    </BarMenu>
  )
}

const themeNames = { system: 'As the system', light: 'Light', dark: 'Dark' } as const

function UserMenu() {
  const { data: session } = useQuery(sessionQuery)
  const signOut = useSignOut()
  const { go } = useUrlState()
  const { theme, choose } = useTheme()
  return (
    <BarMenu name="User" label={session?.firstName ?? ''} sign={<Person role="presentation" />}>
      <MenuItem disabled>{session?.username}</MenuItem>
      <MenuSeparator />
      {themes.map((one) => (
        <MenuItem key={one} active={one === theme} onClick={() => choose(one)}>
          {themeNames[one]}
        </MenuItem>
      ))}
      <MenuSeparator />
      <MenuItem onClick={() => go({ dialog: 'password' })}>Change Password</MenuItem>
      <MenuItem onClick={() => signOut.mutate()}>Sign Out</MenuItem>
    </BarMenu>
  )
}
