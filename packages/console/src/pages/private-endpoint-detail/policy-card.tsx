// What the endpoint's policy forbids, and what it made the gateways refuse.

import { Card } from '@leafygreen-ui/card'
import { Cell, Row } from '@leafygreen-ui/table'
import { Subtitle } from '@leafygreen-ui/typography'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { operation } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { Fact, Facts } from '../../frame/facts.tsx'
import { MayButton } from '../../frame/may.tsx'
import { useGroupId } from '../../frame/place.ts'
import { useUrlState } from '../../frame/url-state.ts'
import { When } from '../../frame/when.tsx'
import { WideTable } from '../../frame/wide-table.tsx'
import type { Endpoint } from '../private-endpoint/filters.ts'
import { policyFacts } from './policy.ts'
import styles from './private-endpoint-detail.module.css'
import { type Refused, type RefusedUnknown, refusalWord, refusedAt, refusedUnknown } from './refusal-words.ts'

const EditPolicy = lazy(async () => ({ default: (await import('./edit-policy.tsx')).EditPolicy }))

/** Gateways are asked anew: no event tells of a refusal. */
const everyMs = 5_000

export function PolicyCard({ endpoint }: { readonly endpoint: Endpoint }) {
  const { endpointId, policy, deleteRequested } = endpoint
  const { search, go, replace } = useUrlState()
  const summary = useQuery({
    ...operation('summarizeGroupConnections', { params: { groupId: useGroupId() }, query: { endpointId } }),
    refetchInterval: everyMs,
  })
  return (
    <Card as="section" aria-label="Policy">
      <div className={styles.head}>
        <Subtitle as="h2">Policy</Subtitle>
        <MayButton
          operation="updateGroupPrivateEndpoint"
          size="small"
          blocked={deleteRequested ? 'It is being deleted.' : undefined}
          onClick={() => go({ dialog: 'policy' })}
        >
          Edit Policy
        </MayButton>
      </div>
      <Facts>
        {policyFacts(policy).map(([name, told]) => (
          <Fact key={name} name={name}>
            {told}
          </Fact>
        ))}
      </Facts>
      <p className={styles.none}>
        A guard rail, no substitute for the roles of database users: whoever reaches the cluster another way may do
        there what their roles allow.
      </p>
      <Subtitle as="h3" className={styles.refused}>
        Refused
      </Subtitle>
      <Answered query={summary}>
        {(told) => (
          <>
            <Refusals what="this endpoint" refused={refusedAt(told, endpointId)} />
            <Unknown refused={refusedUnknown(told)} />
          </>
        )}
      </Answered>
      {search.dialog === 'policy' && (
        <Suspense>
          <EditPolicy endpoint={endpoint} onClose={() => replace({ dialog: undefined })} />
        </Suspense>
      )}
    </Card>
  )
}

interface RefusalsProps {
  readonly refused: readonly Refused[]
  /** As sentences name it: `this endpoint`. */
  readonly what: string
}

export const Refusals = ({ refused, what }: RefusalsProps) =>
  refused.length === 0 ? (
    <p className={styles.none}>Nothing was refused at {what} since the gateways started.</p>
  ) : (
    <>
      <p className={styles.none}>Since the gateways started.</p>
      <WideTable label="Refused" columns={['Why', 'Times', 'Last', 'Code']}>
        {refused.map(({ code, count, last }) => (
          <Row key={code}>
            <Cell>{refusalWord(code)}</Cell>
            <Cell>{count}</Cell>
            <Cell>
              <When at={last} />
            </Cell>
            <Cell>
              <code>{code}</code>
            </Cell>
          </Row>
        ))}
      </WideTable>
    </>
  )

/** Who came to a port of the endpoint's service, and through which endpoint is not known. */
const Unknown = ({ refused }: { readonly refused: readonly RefusedUnknown[] }) =>
  refused.length > 0 && (
    <>
      <p className={styles.none}>
        At the ports of its endpoint service, before it was known through which endpoint they came:
      </p>
      <WideTable label="Refused at the service" columns={['Why', 'Times', 'Last', 'From', 'Gateway', 'Code']}>
        {refused.map(({ code, count, last, lastFrom, lastEdge, lastPort }) => (
          <Row key={code}>
            <Cell>{refusalWord(code)}</Cell>
            <Cell>{count}</Cell>
            <Cell>
              <When at={last} />
            </Cell>
            <Cell>{lastFrom ?? '—'}</Cell>
            <Cell>{lastPort === null ? lastEdge : `${lastEdge}, port ${lastPort}`}</Cell>
            <Cell>
              <code>{code}</code>
            </Cell>
          </Row>
        ))}
      </WideTable>
    </>
  )
