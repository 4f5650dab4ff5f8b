// The deployment's members, as it tells of them: role and health, and which of them connection strings name.

import Badge, { Variant } from '@leafygreen-ui/badge'
import { Banner, Variant as BannerVariant } from '@leafygreen-ui/banner'
import { Cell, Row } from '@leafygreen-ui/table'
import type { ReplyOf } from '@postern/contract/schemas/operations'
import { useOperation } from '../../api/operation.ts'
import { Answered } from '../../frame/answered.tsx'
import { useGroupId } from '../../frame/place.ts'
import { WideTable } from '../../frame/wide-table.tsx'
import { providerNames } from '../../words/provider.ts'
import { regionWords } from '../../words/region.ts'
import type { ShownCluster } from '../cluster/shown-cluster.ts'
import { roleWord } from './role-word.ts'

export function Members({ cluster }: { readonly cluster: ShownCluster }) {
  const { name: clusterName, hiddenUnknown } = cluster
  const members = useOperation('listGroupClusterMembers', { params: { groupId: useGroupId(), clusterName } })
  return (
    <Answered query={members}>
      {({ results, errorMessage }) => (
        <>
          {errorMessage !== null && <Banner variant={BannerVariant.Warning}>{errorMessage}</Banner>}
          {hiddenUnknown !== null && (
            <Banner variant={BannerVariant.Info}>There may be more members than these: {hiddenUnknown}.</Banner>
          )}
          {results.length === 0 ? <p>No member is known yet.</p> : <MemberTable members={results} />}
        </>
      )}
    </Answered>
  )
}

type Member = ReplyOf<'listGroupClusterMembers'>['results'][number]

const MemberTable = ({ members }: { readonly members: readonly Member[] }) => (
  <WideTable label="Members" columns={['Member', 'Role', 'Health', 'Provider', 'Region']}>
    {members.map(({ id, hostPort, role, healthy, listed, providerName, regionName }) => (
      <Row key={id}>
        <Cell>{hostPort}</Cell>
        <Cell>{roleWord(role, listed)}</Cell>
        <Cell>
          <Badge variant={healthy ? Variant.Green : Variant.Red}>{healthy ? 'Healthy' : 'Not reachable'}</Badge>
        </Cell>
        <Cell>{providerNames[providerName]}</Cell>
        <Cell>{regionWords(providerName, regionName)}</Cell>
      </Row>
    ))}
  </WideTable>
)
