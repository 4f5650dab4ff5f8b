// What each gateway lets in through the endpoint, and what becomes of its service when it is the last to go.

import { Card } from '@leafygreen-ui/card'
import { Subtitle } from '@leafygreen-ui/typography'
import { lazy, Suspense } from 'react'
import { useOperation } from '../../api/operation.ts'
import { Fact, Facts } from '../../frame/facts.tsx'
import { MayButton } from '../../frame/may.tsx'
import { useGroupId } from '../../frame/place.ts'
import { useUrlState } from '../../frame/url-state.ts'
import type { Endpoint } from '../private-endpoint/filters.ts'
import { lastWordOf, lastWords, limitWords } from './limit.ts'
import styles from './private-endpoint-detail.module.css'

const EditLimits = lazy(async () => ({ default: (await import('./edit-limits.tsx')).EditLimits }))

export function Limits({ endpoint }: { readonly endpoint: Endpoint }) {
  const { search, go, replace } = useUrlState()
  const summary = useOperation('summarizeGroupConnections', {
    params: { groupId: useGroupId() },
    query: { endpointId: endpoint.endpointId },
  })
  const gateways = summary.data?.gateways ?? []
  const { limits, keepService } = endpoint
  return (
    <Card as="section" aria-label="Limits">
      <div className={styles.head}>
        <Subtitle as="h2">Limits</Subtitle>
        <MayButton
          operation="updateGroupPrivateEndpoint"
          size="small"
          blocked={endpoint.deleteRequested ? 'It is being deleted.' : undefined}
          onClick={() => go({ dialog: 'limits' })}
        >
          Edit Limits
        </MayButton>
      </div>
      <Facts>
        <Fact name="Connections at a time">
          {limitWords(
            limits.connections,
            gateways.map((each) => each.connectionsPerEndpointLimit),
          )}
        </Fact>
        <Fact name="New connections a second">
          {limitWords(
            limits.newPerSecond,
            gateways.map((each) => each.newPerSecondPerEndpointLimit),
          )}
        </Fact>
        <Fact name="When it is the last to go">{lastWords[lastWordOf(keepService)]}</Fact>
      </Facts>
      <p className={styles.none}>Each gateway counts for itself. Who comes above a limit is turned away.</p>
      {search.dialog === 'limits' && (
        <Suspense>
          <EditLimits endpoint={endpoint} onClose={() => replace({ dialog: undefined })} />
        </Suspense>
      )}
    </Card>
  )
}
