// What is around every page: the bar with its menus, the sidebar (a drawer where there is no room), banners and toasts.

import { ToastProvider } from '@leafygreen-ui/toast'
import { Outlet, useLocation } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useLive } from '../api/live.ts'
import { SignInAgain } from '../pages/log-in/again.tsx'
import { AwayBanner } from './away-banner.tsx'
import { useFocusReturn } from './focus-return.ts'
import styles from './frame.module.css'
import { NavigationBar } from './navigation-bar.tsx'
import { rememberGroup, useGroupId, useOrgId } from './place.ts'
import { Sidebar } from './sidebar.tsx'
import { useUrlState } from './url-state.ts'

const ChangePassword = lazy(async () => ({ default: (await import('../pages/password/change.tsx')).ChangePassword }))

/** Few ever see it. */
const AddMeBanner = lazy(async () => ({ default: (await import('./add-me-banner.tsx')).AddMeBanner }))

export function Frame() {
  const groupId = useGroupId()
  const orgId = useOrgId()
  const { pathname } = useLocation()
  const { search, replace } = useUrlState()
  const [drawer, setDrawer] = useState(false)
  useFocusReturn(search)
  useLive({ groupId, orgId: groupId === '' ? orgId : '' })
  useEffect(() => {
    if (groupId !== '') rememberGroup(groupId)
  }, [groupId])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the drawer
  useEffect(() => setDrawer(false), [pathname])
  return (
    <ToastProvider>
      <a className={styles.skip} href="#main">
        Skip to content
      </a>
      <NavigationBar drawer={drawer} onDrawer={() => setDrawer(!drawer)} />
      <AwayBanner />
      <div className={styles.body}>
        <Sidebar groupId={groupId} orgId={orgId} open={drawer} />
        <main id="main" className={styles.main} tabIndex={-1}>
          <Suspense>{groupId !== '' && <AddMeBanner groupId={groupId} />}</Suspense>
          <Outlet />
        </main>
      </div>
      {search.dialog === 'password' && (
        <Suspense>
          <ChangePassword onClose={() => replace({ dialog: undefined })} />
        </Suspense>
      )}
      <SignInAgain />
    </ToastProvider>
  )
}
