// Private Endpoint beside Standard. What a cluster has not is there all the same, with the reason and the way to it.

import { Banner, Variant } from '@leafygreen-ui/banner'
import { RadioBox, RadioBoxGroup } from '@leafygreen-ui/radio-box-group'
import { Subtitle, Link as TextLink } from '@leafygreen-ui/typography'
import { Link } from '@tanstack/react-router'
import { useGroupId } from '../../frame/place.ts'
import { useDialog } from '../cluster/use-dialog.ts'
import { useStandardListener } from '../cluster-detail/use-standard-listener.ts'
import { CurrentAddress } from '../ip-access-list/current-address.tsx'
import { privateRefusal } from './choice.ts'
import styles from './connect.module.css'
import type { StepProps } from './dialog.tsx'
import { useChoice } from './use-connect.ts'

const says = {
  private: 'Through a private endpoint of this project. Traffic does not leave the private network.',
  standard: 'To the deployment’s own hosts, from wherever they can be reached.',
  listener: 'Through the gateways, from addresses of the IP access list.',
} as const

export function ConnectionTypes({ cluster, strings }: StepProps) {
  const groupId = useGroupId()
  const { choose } = useDialog()
  const { type } = useChoice(strings)
  const refused = privateRefusal(strings, cluster.tier)
  const listener = useStandardListener(cluster).data
  const through = type === 'standard' && listener !== undefined && listener.connectionString !== null
  return (
    <section className={styles.part}>
      <Subtitle as="h3" id="connect-type">
        Choose a connection type
      </Subtitle>
      <RadioBoxGroup
        aria-labelledby="connect-type"
        name="type"
        size="full"
        value={type}
        onChange={({ target }) => choose({ type: target.value, form: undefined })}
      >
        <RadioBox value="standard" id="type-standard" disabled={strings.standard === null}>
          Standard
        </RadioBox>
        <RadioBox
          value="private"
          id="type-private"
          disabled={refused !== null}
          aria-describedby={refused === null ? undefined : 'connect-refused'}
        >
          Private Endpoint
        </RadioBox>
      </RadioBoxGroup>
      <p className={styles.quiet}>{says[through ? 'listener' : type]}</p>
      {through && listener.problem !== null && <Banner variant={Variant.Warning}>{listener.problem}</Banner>}
      {through && <CurrentAddress />}
      {listener?.state === 'CLOSED_BY_PRIVATE_ONLY' && (
        <p>
          <strong>Standard:</strong> {listener.problem}
        </p>
      )}
      {refused !== null && (
        <p id="connect-refused">
          <strong>Private Endpoint:</strong> {refused.reason}{' '}
          {refused.canSetUp && (
            <TextLink as={Link} to={`/groups/${groupId}/network-access/private-endpoint`}>
              Set up a private endpoint
            </TextLink>
          )}
        </p>
      )}
    </section>
  )
}
