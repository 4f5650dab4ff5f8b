// Setup connection security: through what, and as whom.

import Button from '@leafygreen-ui/button'
import { Radio, RadioGroup } from '@leafygreen-ui/radio-group'
import { Subtitle } from '@leafygreen-ui/typography'
import { placeWords } from '../../words/region.ts'
import { useDialog } from '../cluster/use-dialog.ts'
import type { Door } from './choice.ts'
import styles from './connect.module.css'
import { ConnectionTypes } from './connection-types.tsx'
import type { StepProps } from './dialog.tsx'
import { useChoice, useUsers } from './use-connect.ts'
import { UserPart } from './user-part.tsx'

export function SecurityStep({ cluster, strings }: StepProps) {
  const { go } = useDialog()
  const { type, door } = useChoice(strings)
  const users = useUsers(cluster.name)
  const missing =
    type === 'private' && door === undefined
      ? 'Choose a private endpoint first.'
      : users !== undefined && users.here.length === 0
        ? 'Create a database user first.'
        : undefined
  return (
    <>
      <ConnectionTypes cluster={cluster} strings={strings} />
      {type === 'private' && <Doors doors={strings.endpoints} chosen={door} />}
      <UserPart cluster={cluster} users={users} />
      <div className={styles.ends}>
        <p id="connect-missing">{missing}</p>
        <Button
          variant="primary"
          disabled={missing !== undefined || users === undefined}
          aria-describedby="connect-missing"
          onClick={() => go({ step: 'method' })}
        >
          Choose Your Connection Method
        </Button>
      </div>
    </>
  )
}

function Doors({ doors, chosen }: { readonly doors: readonly Door[]; readonly chosen: Door | undefined }) {
  const { choose } = useDialog()
  return (
    <section className={styles.part}>
      <Subtitle as="h3" id="connect-endpoint">
        Choose a private endpoint
      </Subtitle>
      <RadioGroup
        aria-labelledby="connect-endpoint"
        name="endpoint"
        value={chosen?.endpointId ?? ''}
        onChange={({ target }) => choose({ endpoint: target.value, form: undefined })}
      >
        {doors.map(({ endpointId, provider, region, form }) => (
          <Radio
            key={endpointId}
            value={endpointId}
            id={`endpoint-${endpointId}`}
            description={`${placeWords(provider, region)}, advertised by ${form}`}
          >
            {endpointId}
          </Radio>
        ))}
      </RadioGroup>
    </section>
  )
}
