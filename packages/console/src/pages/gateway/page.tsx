// Gateways: the edges that are known, gateways, DNS servers and forwarders, each with what it serves and how new that is.

import { useQuery } from '@tanstack/react-query'
import { operation } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { MayButton } from '../../frame/may.tsx'
import { Nothing } from '../../frame/nothing.tsx'
import { PageHead } from '../../frame/page-head.tsx'
import { useUrlState } from '../../frame/url-state.ts'
import { EnrolDialog } from './enrol-dialog.tsx'
import { GatewaysTable } from './gateways-table.tsx'
import { RemoveDialog } from './remove-dialog.tsx'

/** No event tells of a report. */
const everyMs = 5_000

export function Page() {
  const edges = useQuery({ ...operation('listEdges', {}), refetchInterval: everyMs })
  const { search, go, replace } = useUrlState()
  const named = edges.data?.results.find(({ edge }) => edge === search.edge)
  const close = (): void => replace({ dialog: undefined, edge: undefined })
  const enrol = (
    <MayButton operation="createEdgeEnrolment" variant="primary" onClick={() => go({ dialog: 'enrol' })}>
      Enrol Gateway
    </MayButton>
  )
  return (
    <>
      <PageHead title="Gateways">{enrol}</PageHead>
      <Answered query={edges}>
        {({ results }) =>
          results.length === 0 ? (
            <Nothing
              title="No gateway yet"
              description="Private endpoints lead to a gateway, which stands in front of the members of clusters, on this machine or another one. It is enrolled by a token that works once."
            >
              {enrol}
            </Nothing>
          ) : (
            <GatewaysTable edges={results} open={(dialog, edge) => go({ dialog, edge })} />
          )
        }
      </Answered>
      {search.dialog === 'enrol' && <EnrolDialog edges={edges.data?.results ?? []} onClose={close} />}
      {(search.dialog === 'revoke' || search.dialog === 'forget') && named && (
        <RemoveDialog edge={named} how={search.dialog} onClose={close} />
      )}
    </>
  )
}
