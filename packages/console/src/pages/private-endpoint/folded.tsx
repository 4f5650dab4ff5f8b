// What only some want to see. It is not there before it is opened: what a browser hides it does not paint either.

import { type ReactNode, useState } from 'react'
import wizard from './wizard.module.css'

export function Folded({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const [open, setOpen] = useState(false)
  return (
    <details className={wizard.same} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{title}</summary>
      {open && <div className={wizard.commands}>{children}</div>}
    </details>
  )
}
