// Project Settings: its name, how its private endpoints behave, its limits, and its end.

import { Card } from '@leafygreen-ui/card'
import { Subtitle } from '@leafygreen-ui/typography'
import type { ReactNode } from 'react'
import { call, useOperation } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { Copied } from '../../frame/copied.tsx'
import { NameForm } from '../../frame/name-form.tsx'
import { useGroupId } from '../../frame/place.ts'
import { useUrlState } from '../../frame/url-state.ts'
import { Settings } from '../settings/settings.tsx'
import { DeleteProject } from './delete-project.tsx'
import { EndOfProject } from './end-of-project.tsx'
import { FidelityChoice } from './fidelity-choice.tsx'
import { Limits } from './limits.tsx'
import styles from './project-settings.module.css'
import { CustomDns, PrivateOnly, RegionalizedMode } from './switches.tsx'

export function Page() {
  const groupId = useGroupId()
  const group = useOperation('getGroup', { params: { groupId } })
  const { search, replace } = useUrlState()
  return (
    <Settings tab="">
      <Answered query={group}>
        {({ name }) => (
          <div className={styles.cards}>
            <Section title="Project">
              <NameForm
                key={groupId}
                of="project"
                name={name}
                operation="updateGroup"
                save={(wanted) => call('updateGroup', { params: { groupId }, body: { name: wanted } })}
              />
              <div className={styles.id}>
                <span>Project ID</span>
                <Copied text={groupId} what="Project ID" />
              </div>
            </Section>
            <Section title="Private endpoints">
              <RegionalizedMode />
              <CustomDns />
              <PrivateOnly />
            </Section>
            <Section title="Fidelity">
              <FidelityChoice />
            </Section>
            <Section title="Limits">
              <Limits />
            </Section>
            <Section title="Delete Project">
              <EndOfProject />
            </Section>
            {search.dialog === 'delete' && <DeleteProject name={name} onClose={() => replace({ dialog: undefined })} />}
          </div>
        )}
      </Answered>
    </Settings>
  )
}

const Section = ({ title, children }: { readonly title: string; readonly children: ReactNode }) => (
  <Card as="section" aria-label={title}>
    <Subtitle as="h2" className={styles.title}>
      {title}
    </Subtitle>
    {children}
  </Card>
)
