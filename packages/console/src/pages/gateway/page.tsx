// Gateways: the edges that are known, gateways, DNS servers and forwarders, each with what it serves and how new that is. On
// a project's Network Access those that serve the project; on the organization's own page all.

import { Link as TextLink } from '@leafygreen-ui/typography'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { operation } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { MayButton } from '../../frame/may.tsx'
import { Nothing } from '../../frame/nothing.tsx'
import { PageHead } from '../../frame/page-head.tsx'
import { useGroupId, useOrgId } from '../../frame/place.ts'
import { useUrlState } from '../../frame/url-state.ts'
import { NetworkAccess } from '../network-access/network-access.tsx'
import { EnrolDialog } from './enrol-dialog.tsx'
import styles from './gateway.module.css'
import { type Edge, servesGroup } from './gateway.ts'
import { GatewaysTable } from './gateways-table.tsx'
import { RemoveDialog } from './remove-dialog.tsx'

/** No event tells of a report. */
const everyMs = 5_000

export function Page() {
  const groupId = useGroupId()
  const { go } = useUrlState()
  const enrol = (
    <MayButton operation="createEdgeEnrolment" variant="primary" onClick={() => go({ dialog: 'enrol' })}>
      Enrol Gateway
    </MayButton>
  )
  if (groupId !== '')
    return (
      <NetworkAccess tab="gateways" actions={enrol}>
        <Gateways />
      </NetworkAccess>
    )
  return (
    <>
      <PageHead title="Gateways">{enrol}</PageHead>
      <Gateways />
    </>
  )
}

function Gateways() {
  const place = { groupId: useGroupId(), orgId: useOrgId() }
  const edges = useQuery({ ...operation('listEdges', {}), refetchInterval: everyMs })
  const { search, go, replace } = useUrlState()
  const all = edges.data?.results ?? []
  const named = all.find(({ edge }) => edge === search.edge)
  const close = (): void => replace({ dialog: undefined, edge: undefined })
  const isHere = (edge: Edge): boolean => place.groupId === '' || servesGroup(edge, place)
  return (
    <>
      {place.groupId !== '' && place.orgId !== '' && (
        <p className={styles.scope}>
          What serves this project.{' '}
          <TextLink as={Link} to={`/orgs/${place.orgId}/gateways`}>
            All gateways
          </TextLink>
        </p>
      )}
      <Answered query={edges}>
        {({ results }) => {
          const here = results.filter(isHere)
          return here.length === 0 ? (
            <Nothing
              title={results.length === 0 ? 'No gateway yet' : 'No gateway serves this project'}
              description="Private endpoints lead to a gateway, which stands in front of the members of clusters, on this machine or another one. It is enrolled by a token that works once."
            />
          ) : (
            <GatewaysTable edges={here} open={(dialog, edge) => go({ dialog, edge })} />
          )
        }}
      </Answered>
      {search.dialog === 'enrol' && <EnrolDialog edges={all} onClose={close} />}
      {(search.dialog === 'revoke' || search.dialog === 'forget') && named && (
        <RemoveDialog edge={named} how={search.dialog} onClose={close} />
      )}
    </>
  )
}
