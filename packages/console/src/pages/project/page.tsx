// The projects of an organization.

import { Cell, Row } from '@leafygreen-ui/table'
import type { ReplyOf } from '@postern/contract/schemas/operations'
import { Link } from '@tanstack/react-router'
import { useWholeList } from '../../api/whole-list.ts'
import { Answered } from '../../frame/answered.tsx'
import { MayButton } from '../../frame/may.tsx'
import { Nothing } from '../../frame/nothing.tsx'
import { PageHead } from '../../frame/page-head.tsx'
import { useOrgId } from '../../frame/place.ts'
import { useUrlState } from '../../frame/url-state.ts'
import { When } from '../../frame/when.tsx'
import { WideTable } from '../../frame/wide-table.tsx'
import { CreateProject } from './create-project.tsx'

type Group = ReplyOf<'getOrgGroups'>['results'][number]

export function Page() {
  const orgId = useOrgId()
  const groups = useWholeList('getOrgGroups', { params: { orgId } })
  const { search, go, replace } = useUrlState()
  const create = (
    <MayButton operation="createGroup" variant="primary" onClick={() => go({ dialog: 'create' })}>
      Create Project
    </MayButton>
  )
  return (
    <>
      <PageHead title="Projects">{create}</PageHead>
      <Answered query={groups}>
        {(all) =>
          all.length === 0 ? (
            <Nothing
              title="No project that you may see"
              description="A project holds clusters and the private endpoints to them."
            >
              {create}
            </Nothing>
          ) : (
            <Groups groups={all} />
          )
        }
      </Answered>
      {search.dialog === 'create' && <CreateProject onClose={() => replace({ dialog: undefined })} />}
    </>
  )
}

const Groups = ({ groups }: { readonly groups: readonly Group[] }) => (
  <WideTable label="Projects" columns={['Project Name', 'Clusters', 'Created', 'Project ID']}>
    {groups.map(({ id, name, clusterCount, created }) => (
      <Row key={id}>
        <Cell>
          <Link to={`/groups/${id}/clusters`}>{name}</Link>
        </Cell>
        <Cell>{clusterCount}</Cell>
        <Cell>
          <When at={created} />
        </Cell>
        <Cell>
          <code>{id}</code>
        </Cell>
      </Row>
    ))}
  </WideTable>
)
