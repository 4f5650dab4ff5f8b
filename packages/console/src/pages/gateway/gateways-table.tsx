// Each edge in a row. The same machine may run several programs, which hold snapshots of their own.

import { Cell, Row } from '@leafygreen-ui/table'
import { useGroups } from '../../frame/place.ts'
import { type RowAction, RowActions } from '../../frame/row-actions.tsx'
import { StatusBadge } from '../../frame/status-badge.tsx'
import { When } from '../../frame/when.tsx'
import { WideTable } from '../../frame/wide-table.tsx'
import styles from './gateway.module.css'
import {
  type Edge,
  forgetBlocked,
  programsTold,
  revokeBlocked,
  servesTold,
  sinceOf,
  snapshotsTold,
  versionTold,
} from './gateway.ts'

type Open = (dialog: 'revoke' | 'forget', edge: string) => void

const columns = ['Name', 'State', 'Runs', 'Serves', 'Snapshot', 'Connections', 'Actions']

export function GatewaysTable({ edges, open }: { readonly edges: readonly Edge[]; readonly open: Open }) {
  const names = new Map(useGroups().data?.results.map(({ id, name }) => [id, name]))
  return (
    <WideTable label="Gateways" columns={columns}>
      {edges.map((edge) => (
        <Row key={edge.edge}>
          <Cell>
            <span className={styles.lines}>
              <strong>{edge.edge}</strong>
              {edge.versionIs !== null && <span className={styles.quiet}>{versionTold(edge)}</span>}
            </span>
          </Cell>
          <Cell>
            <span className={styles.lines}>
              <StatusBadge kind="edge" status={edge.state} />
              <Since edge={edge} />
              {edge.enrolment !== null && (
                <span className={styles.quiet}>
                  its token expires <When at={edge.enrolment.expires} />
                </span>
              )}
            </span>
          </Cell>
          <Cell>{programsTold(edge)}</Cell>
          <Cell>{servesTold(edge, names)}</Cell>
          <Cell>
            <Snapshots edge={edge} />
          </Cell>
          <Cell>{edge.connections ?? '—'}</Cell>
          <Cell>
            <RowActions actions={actionsOf(edge, open)} />
          </Cell>
        </Row>
      ))}
    </WideTable>
  )
}

function Since({ edge }: { readonly edge: Edge }) {
  const since = sinceOf(edge)
  if (since === null) return null
  return (
    <span className={styles.quiet}>
      {since.words} <When at={since.at} />
    </span>
  )
}

const firstFailures = 3

function Snapshots({ edge }: { readonly edge: Edge }) {
  const failed = edge.feeds.flatMap((feed) => feed.failed ?? [])
  const line = ({ id, reason }: (typeof failed)[number]) => (
    <span key={id} className={styles.quiet}>
      {id}: {reason}
    </span>
  )
  return (
    <span className={styles.lines}>
      {snapshotsTold(edge).map((told) => (
        <span key={told}>{told}</span>
      ))}
      {failed.slice(0, firstFailures).map(line)}
      {failed.length > firstFailures && (
        <details>
          <summary>{failed.length - firstFailures} more</summary>
          <span className={styles.lines}>{failed.slice(firstFailures).map(line)}</span>
        </details>
      )}
    </span>
  )
}

const actionsOf = (edge: Edge, open: Open): readonly RowAction[] => [
  {
    word: 'Revoke',
    label: `Revoke ${edge.edge}`,
    operation: 'revokeEdge',
    blocked: revokeBlocked(edge),
    onClick: () => open('revoke', edge.edge),
  },
  {
    word: 'Forget',
    label: `Forget ${edge.edge}`,
    operation: 'deleteEdge',
    blocked: forgetBlocked(edge),
    onClick: () => open('forget', edge.edge),
  },
]
