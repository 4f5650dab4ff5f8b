// What a standard listener forbids, whom it turned away, what passes through it and who is connected: as of an endpoint.

import { Card } from '@leafygreen-ui/card'
import { Subtitle } from '@leafygreen-ui/typography'
import type { StandardListenerView } from '@postern/contract/schemas/standard-listener'
import { useQuery } from '@tanstack/react-query'
import { operation } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { Fact, Facts } from '../../frame/facts.tsx'
import { MayButton } from '../../frame/may.tsx'
import { useGroupId } from '../../frame/place.ts'
import { useUrlState } from '../../frame/url-state.ts'
import { Connections } from '../private-endpoint-detail/connections.tsx'
import { oldestSnapshot } from '../private-endpoint-detail/policy.ts'
import { Refusals } from '../private-endpoint-detail/policy-card.tsx'
import styles from '../private-endpoint-detail/private-endpoint-detail.module.css'
import { refusedAt } from '../private-endpoint-detail/refusal-words.ts'
import { Traffic } from '../private-endpoint-detail/traffic.tsx'
import { EditListenerPolicy } from './edit-listener-policy.tsx'

const what = 'the standard connection'
const policyDialog = 'listener-policy'

/** Gateways are asked anew: no event tells of a refusal. */
const everyMs = 5_000

interface ListenerUseProps {
  readonly clusterName: string
  readonly listener: Pick<StandardListenerView, 'policy'>
}

export function ListenerUse({ clusterName, listener: { policy } }: ListenerUseProps) {
  const params = { groupId: useGroupId(), clusterName }
  const { search, go, replace } = useUrlState()
  const endpointId = `standard:${clusterName}`
  const summary = useQuery({
    ...operation('summarizeGroupConnections', { params, query: { endpointId } }),
    refetchInterval: everyMs,
  })
  const [name, told] = oldestSnapshot(policy)
  return (
    <div className={styles.cards}>
      <Card as="section" aria-label="Policy">
        <div className={styles.head}>
          <Subtitle as="h3">Policy</Subtitle>
          <MayButton
            operation="updateGroupClusterStandardListener"
            size="small"
            onClick={() => go({ dialog: policyDialog })}
          >
            Edit Policy
          </MayButton>
        </div>
        <Facts>
          <Fact name={name}>{told}</Fact>
        </Facts>
        <Subtitle as="h3" className={styles.refused}>
          Refused
        </Subtitle>
        <Answered query={summary}>{(all) => <Refusals what={what} refused={refusedAt(all, endpointId)} />}</Answered>
      </Card>
      <Traffic
        what={what}
        ask={(period) => operation('getGroupClusterStandardListenerTraffic', { params, query: { period } })}
      />
      <Connections
        endpointId={endpointId}
        what={what}
        toKeepThemOut="To keep them out, take their addresses off the IP access list."
      />
      {search.dialog === policyDialog && (
        <EditListenerPolicy
          clusterName={clusterName}
          policy={policy}
          onClose={() => replace({ dialog: undefined, keep: undefined })}
        />
      )}
    </div>
  )
}
