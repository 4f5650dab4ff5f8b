// Whether the project answers in Postern's way or in Atlas's, where the two differ.

import { Radio, RadioGroup } from '@leafygreen-ui/radio-group'
import { Body } from '@leafygreen-ui/typography'
import type { Fidelity } from '@postern/contract/fidelity'
import { useChange, useOperation } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { ErrorBanner } from '../../frame/error-banner.tsx'
import { useMayNot } from '../../frame/may.tsx'
import { useGroupId } from '../../frame/place.ts'
import styles from './project-settings.module.css'

const choices = {
  server: 'As the server is set',
  postern: 'Postern: better where it can be',
  atlas: 'Atlas: as strict and as slow as Atlas',
} as const

const words: Readonly<Record<Fidelity, string>> = { postern: 'Postern', atlas: 'Atlas' }

export function FidelityChoice() {
  const of = { params: { groupId: useGroupId() } }
  const fidelity = useOperation('getGroupFidelity', of)
  const change = useChange('updateGroupFidelity')
  const reason = useMayNot()('updateGroupFidelity')
  return (
    <Answered query={fidelity}>
      {({ fidelity: now, own }) => (
        <>
          <Body className={styles.above}>
            Automation that passes here is to pass in Atlas: choose Atlas to try it. Now it is {words[now]}.
          </Body>
          <RadioGroup
            name="fidelity"
            aria-label="Fidelity"
            value={own ?? 'server'}
            onChange={({ target }) =>
              change.mutate({ ...of, body: { own: target.value === 'server' ? null : (target.value as Fidelity) } })
            }
          >
            {Object.entries(choices).map(([value, word]) => (
              <Radio key={value} value={value} disabled={reason !== undefined || change.isPending}>
                {word}
              </Radio>
            ))}
          </RadioGroup>
          {reason !== undefined && <Body className={styles.quiet}>{reason}</Body>}
          {change.error !== null && <ErrorBanner error={change.error} />}
        </>
      )}
    </Answered>
  )
}
