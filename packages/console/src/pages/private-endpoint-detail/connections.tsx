// Who is connected through an endpoint or a standard listener, and the way to end it.

import { Banner, Variant } from '@leafygreen-ui/banner'
import { Card } from '@leafygreen-ui/card'
import { Cell, Row } from '@leafygreen-ui/table'
import { Subtitle } from '@leafygreen-ui/typography'
import type { ReplyOf } from '@postern/contract/schemas/operations'
import { useQuery } from '@tanstack/react-query'
import { call, operation } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { ConfirmDialog } from '../../frame/confirm-dialog.tsx'
import { MayButton } from '../../frame/may.tsx'
import { useGroupId } from '../../frame/place.ts'
import { useUrlState } from '../../frame/url-state.ts'
import { When } from '../../frame/when.tsx'
import { WideTable } from '../../frame/wide-table.tsx'
import { bytes } from './bytes.ts'
import styles from './private-endpoint-detail.module.css'

type Listed = ReplyOf<'listGroupConnections'>
type Connection = Listed['results'][number]

/** Gateways are asked anew: no event tells of a connection. */
const everyMs = 5_000
const most = 100

interface ConnectionsProps {
  /** As connections are listed by: of a standard listener `standard:` with its cluster's name. */
  readonly endpointId: string
  /** As sentences name it: `this endpoint`. */
  readonly what: string
  /** A sentence for whoever does not want them back. */
  readonly toKeepThemOut: string
}

export function Connections({ endpointId, what, toKeepThemOut }: ConnectionsProps) {
  const groupId = useGroupId()
  const { search, go, replace } = useUrlState()
  const connections = useQuery({
    ...operation('listGroupConnections', { params: { groupId }, query: { endpointId, itemsPerPage: most } }),
    refetchInterval: everyMs,
  })
  const close = (): void => replace({ dialog: undefined, connection: undefined })
  return (
    <Card as="section" aria-label="Live connections">
      <div className={styles.head}>
        <Subtitle as="h2">Live connections</Subtitle>
        {(connections.data?.totalCount ?? 0) > 0 && (
          <MayButton
            operation="killGroupConnections"
            size="small"
            variant="dangerOutline"
            onClick={() => go({ dialog: 'kill' })}
          >
            Kill all
          </MayButton>
        )}
      </div>
      <Answered query={connections}>
        {(listed) => (
          <Listing what={what} listed={listed} onKill={(connection) => go({ dialog: 'kill', connection })} />
        )}
      </Answered>
      {search.dialog === 'kill' &&
        (search.connection === undefined ? (
          <KillAll endpointId={endpointId} what={what} toKeepThemOut={toKeepThemOut} onClose={close} />
        ) : (
          <KillOne connectionId={search.connection} onClose={close} />
        ))}
    </Card>
  )
}

interface ListingProps {
  readonly what: string
  readonly listed: Listed
  readonly onKill: (id: string) => void
}

const Listing = ({ what, listed, onKill }: ListingProps) => (
  <>
    {listed.unansweredEdges.length > 0 && (
      <Banner className={styles.problem} variant={Variant.Warning}>
        No answer from {listed.unansweredEdges.join(', ')}: its connections are not listed.
      </Banner>
    )}
    {listed.results.length === 0 ? (
      <p className={styles.none}>Nobody is connected through {what}.</p>
    ) : (
      <>
        <p className={styles.none}>
          {listed.totalCount > listed.results.length
            ? `The newest ${listed.results.length} of ${listed.totalCount}`
            : `${listed.totalCount} in all`}
        </p>
        <WideTable
          label={`Connections through ${what}`}
          columns={['Application', 'Driver', 'Source', 'Cluster', 'Member', 'Since', 'Traffic', 'Actions']}
        >
          {listed.results.map((one) => (
            <ConnectionRow key={one.id} connection={one} onKill={onKill} />
          ))}
        </WideTable>
      </>
    )}
  </>
)

function ConnectionRow({
  connection,
  onKill,
}: {
  readonly connection: Connection
  readonly onKill: (id: string) => void
}) {
  const { id, appName, user, driver, source, clusterName, member, since, bytesFromClient, bytesFromMember } = connection
  return (
    <Row>
      <Cell>
        <div>{appName ?? '—'}</div>
        {user !== null && <div className={styles.quiet}>{user}</div>}
      </Cell>
      <Cell>{driver ?? '—'}</Cell>
      <Cell>
        <div>{source ?? '—'}</div>
        <div className={styles.quiet}>{id}</div>
      </Cell>
      <Cell>{clusterName ?? '—'}</Cell>
      <Cell>{member}</Cell>
      <Cell>
        <When at={since} />
      </Cell>
      <Cell>
        {bytes(bytesFromClient)} in, {bytes(bytesFromMember)} out
      </Cell>
      <Cell>
        <MayButton
          operation="killGroupConnection"
          size="xsmall"
          aria-label={`Kill the connection of ${appName ?? driver ?? 'an unknown client'} from ${source ?? 'an unknown address'}`}
          onClick={() => onKill(id)}
        >
          Kill
        </MayButton>
      </Cell>
    </Row>
  )
}

function KillOne({ connectionId, onClose }: { readonly connectionId: string; readonly onClose: () => void }) {
  const groupId = useGroupId()
  return (
    <ConfirmDialog
      title="Kill this connection"
      says="Its client sees a network error; a driver opens another one at once."
      submit="Kill"
      work={() => call('killGroupConnection', { params: { groupId, connectionId } })}
      onClose={onClose}
    />
  )
}

function KillAll({ endpointId, what, toKeepThemOut, onClose }: ConnectionsProps & { readonly onClose: () => void }) {
  const groupId = useGroupId()
  return (
    <ConfirmDialog
      title={`Kill all connections of ${what}`}
      says={`Their clients see network errors; drivers open new connections at once. ${toKeepThemOut}`}
      submit="Kill"
      work={() => call('killGroupConnections', { params: { groupId }, query: { endpointId } })}
      onClose={onClose}
    />
  )
}
