// Light, dark, or as the system has it; remembered in this browser.

import LeafyGreenProvider from '@leafygreen-ui/leafygreen-provider'
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

const stored = 'postern.theme'
const systemDark = window.matchMedia('(prefers-color-scheme: dark)')

const Chosen = createContext<{ readonly theme: Theme; readonly choose: (theme: Theme) => void }>({
  theme: 'system',
  choose: () => {},
})
export const useTheme = () => useContext(Chosen)

export function ThemeProvider({ children }: { readonly children: ReactNode }) {
  const [theme, setTheme] = useState<Theme>(
    () => themes.find((one) => one === localStorage.getItem(stored)) ?? 'system',
  )
  const systemIsDark = useSyncExternalStore(
    (listener) => {
      systemDark.addEventListener('change', listener)
      return () => systemDark.removeEventListener('change', listener)
    },
    () => systemDark.matches,
  )
  const dark = theme === 'system' ? systemIsDark : theme === 'dark'
  useEffect(() => {
    document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  }, [dark])
  const choose = (next: Theme): void => {
    localStorage.setItem(stored, next)
    setTheme(next)
  }
  return (
    <Chosen.Provider value={{ theme, choose }}>
      <LeafyGreenProvider darkMode={dark}>{children}</LeafyGreenProvider>
    </Chosen.Provider>
  )
}
