// Something that is on or off: with what it does, why it cannot be switched, and what was refused.

import { Banner, Variant } from '@leafygreen-ui/banner'
import { Toggle } from '@leafygreen-ui/toggle'
import { Tooltip } from '@leafygreen-ui/tooltip'
import type { OperationId } from '@postern/contract/routes'
import { ErrorBanner } from './error-banner.tsx'
import { useMayNot } from './may.tsx'
import styles from './switch.module.css'

interface SwitchProps {
  readonly name: string
  readonly says: string
  readonly operation: OperationId
  /** Undefined: not known yet. */
  readonly on: boolean | undefined
  /** Why it cannot be switched as things are, told before the click. */
  readonly blockers?: readonly string[]
  readonly error: unknown
  readonly busy: boolean
  readonly onChange: (on: boolean) => void
}

export function Switch({ name, says, operation, on, blockers = [], error, busy, onChange }: SwitchProps) {
  const reason = useMayNot()(operation) ?? blockers[0]
  const toggle = (
    <Toggle
      size="small"
      aria-label={name}
      checked={on ?? false}
      disabled={reason !== undefined || on === undefined || busy}
      onChange={onChange}
      {...(reason !== undefined && { 'aria-description': reason })}
    />
  )
  return (
    <div className={styles.switch}>
      {reason === undefined ? toggle : <Tooltip trigger={<span>{toggle}</span>}>{reason}</Tooltip>}
      <div>
        <strong>{name}</strong>
        <div className={styles.quiet}>{says}</div>
        {blockers.map((blocker) => (
          <Banner key={blocker} variant={Variant.Warning} className={styles.problem}>
            {blocker}
          </Banner>
        ))}
        {error !== null && <ErrorBanner className={styles.problem} error={error} />}
      </div>
    </div>
  )
}
