// Organization Settings: its name, and its id.

import { call, useOperation } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { Copied } from '../../frame/copied.tsx'
import { NameForm } from '../../frame/name-form.tsx'
import { useOrgId } from '../../frame/place.ts'
import { Settings } from '../settings/settings.tsx'
import styles from './organization-settings.module.css'

export function Page() {
  const orgId = useOrgId()
  const org = useOperation('getOrg', { params: { orgId } })
  return (
    <Settings tab="">
      <Answered query={org}>
        {({ name }) => (
          <NameForm
            key={orgId}
            of="organization"
            name={name}
            operation="updateOrg"
            save={(wanted) => call('updateOrg', { params: { orgId }, body: { name: wanted } })}
          />
        )}
      </Answered>
      <div className={styles.id}>
        <span>Organization ID</span>
        <Copied text={orgId} what="Organization ID" />
      </div>
    </Settings>
  )
}
