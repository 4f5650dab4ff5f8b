// Every way to the cluster: through each endpoint that serves it, and its own; or what is missing for there to be one.

import Badge from '@leafygreen-ui/badge'
import { Link as TextLink } from '@leafygreen-ui/typography'
import { Link } from '@tanstack/react-router'
import { useOperation } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { CopyBlock } from '../../frame/copy-block.tsx'
import { useGroupId } from '../../frame/place.ts'
import { placeWords } from '../../words/region.ts'
import type { ShownCluster } from '../cluster/shown-cluster.ts'
import { type Door, needsDns, privateRefusal } from '../connect/choice.ts'
import { endpointString } from '../connect/connection-string.ts'
import { useStrings } from '../connect/use-connect.ts'
import { useEndpointLink } from '../private-endpoint/place.ts'
import styles from './cluster-detail.module.css'

export function Ways({ cluster }: { readonly cluster: ShownCluster }) {
  const groupId = useGroupId()
  return (
    <Answered query={useStrings(cluster)}>
      {(strings) => {
        const refused = privateRefusal(strings, cluster.tier)
        return (
          <>
            {refused !== null && (
              <p>
                {refused.reason}{' '}
                {refused.canSetUp && (
                  <TextLink as={Link} to={`/groups/${groupId}/network-access/private-endpoint`}>
                    Set up a private endpoint
                  </TextLink>
                )}
              </p>
            )}
            {strings.endpoints.map((door) => (
              <Way key={door.endpointId} door={door} />
            ))}
            {strings.standard !== null && (
              <div className={styles.way}>
                <p>
                  <strong>Standard</strong>
                </p>
                <CopyBlock label="Standard connection string" text={strings.standard} />
              </div>
            )}
          </>
        )
      }}
    </Answered>
  )
}

function Way({ door }: { readonly door: Door }) {
  const { endpointId, provider, region } = door
  const place = useEndpointOf(door)
  const linkOf = useEndpointLink()
  return (
    <div className={styles.way}>
      <p>
        <strong>
          {place === undefined ? (
            endpointId
          ) : (
            <TextLink as={Link} {...linkOf(place)}>
              {endpointId}
            </TextLink>
          )}
        </strong>{' '}
        <span className={styles.quiet}>{placeWords(provider, region)}</span>
      </p>
      <CopyBlock label={`Connection string through ${endpointId}`} text={endpointString(door, 'standard')} />
      <p className={styles.quiet}>SRV {needsDns(door, 'srv') && <Badge variant="yellow">needs DNS</Badge>}</p>
      <CopyBlock label={`SRV connection string through ${endpointId}`} text={endpointString(door, 'srv')} />
    </div>
  )
}

/** The attachment behind a string; undefined until it is read. */
function useEndpointOf({ provider, endpointId }: Door) {
  const { data } = useOperation('listGroupPrivateEndpoints', {
    params: { groupId: useGroupId() },
    query: { cloudProvider: [provider], endpointId },
  })
  return data?.results[0]
}
