// The project's clusters.

import Plus from '@leafygreen-ui/icon/dist/Plus'
import { Answered } from '../../frame/answered.tsx'
import { MayButton } from '../../frame/may.tsx'
import { Nothing } from '../../frame/nothing.tsx'
import { PageHead } from '../../frame/page-head.tsx'
import { ClusterTable } from './cluster-table.tsx'
import { ClusterDialogs } from './dialogs.tsx'
import { useClusters } from './use-clusters.ts'
import { useDialog } from './use-dialog.ts'

export function Page() {
  const clusters = useClusters()
  const { open } = useDialog()
  const create = (
    <MayButton operation="createGroupCluster" variant="primary" leftGlyph={<Plus />} onClick={() => open('create')}>
      Create
    </MayButton>
  )
  const register = (
    <MayButton operation="registerGroupDeployment" onClick={() => open('register')}>
      Register a deployment
    </MayButton>
  )
  return (
    <>
      <PageHead title="Clusters">
        {clusters.data !== undefined && clusters.data.length > 0 && (
          <>
            {register}
            {create}
          </>
        )}
      </PageHead>
      <Answered query={clusters}>
        {(shown) =>
          shown.length === 0 ? (
            <Nothing
              title="No cluster yet"
              description="Create one on the sandbox, which needs nothing else, or register a MongoDB deployment of your own, which stays where it is."
            >
              {create}
              {register}
            </Nothing>
          ) : (
            <ClusterTable clusters={shown} />
          )
        }
      </Answered>
      <ClusterDialogs clusters={clusters.data ?? []} />
    </>
  )
}
