// Whoever closes a dialog goes on from what opened it. Dialogs are in the URL, and whatever a change of it takes from the
// page takes the focus along: it goes back to what had it last outside of dialogs and menus, or else to the page.

import { useEffect, useRef } from 'react'

const floating = 'dialog, [role="dialog"], [role="menu"]'

export function useFocusReturn(search: Readonly<Record<string, string>>): void {
  const last = useRef<HTMLElement | null>(null)
  useEffect(() => {
    const note = ({ target }: FocusEvent): void => {
      if (target instanceof HTMLElement && target.closest(floating) === null) last.current = target
    }
    document.addEventListener('focusin', note)
    return () => document.removeEventListener('focusin', note)
  }, [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: another search is what opens and closes
  useEffect(() => {
    if (document.activeElement !== document.body || document.querySelector('dialog[open]') !== null) return
    const target = last.current?.isConnected === true ? last.current : document.getElementById('main')
    if (last.current !== null) target?.focus({ preventScroll: true })
  }, [search])
}
