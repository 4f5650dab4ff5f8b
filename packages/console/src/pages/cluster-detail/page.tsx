// One cluster: what it is, its members, the ways to it.

import Button from '@leafygreen-ui/button'
import { Subtitle } from '@leafygreen-ui/typography'
import { Link, useParams } from '@tanstack/react-router'
import { Answered } from '../../frame/answered.tsx'
import { Nothing } from '../../frame/nothing.tsx'
import { PageHead } from '../../frame/page-head.tsx'
import { useGroupId } from '../../frame/place.ts'
import { ClusterActions } from '../cluster/cluster-actions.tsx'
import { ClusterDialogs } from '../cluster/dialogs.tsx'
import type { ShownCluster } from '../cluster/shown-cluster.ts'
import { useClusters } from '../cluster/use-clusters.ts'
import { useDialog } from '../cluster/use-dialog.ts'
import styles from './cluster-detail.module.css'
import { Facts } from './facts.tsx'
import { Members } from './members.tsx'
import { StandardListener } from './standard-listener.tsx'
import { Ways } from './ways.tsx'

export function Page() {
  const { clusterName = '' } = useParams({ strict: false }) as { readonly clusterName?: string }
  const groupId = useGroupId()
  const clusters = useClusters()
  return (
    <Answered query={clusters}>
      {(all) => {
        const cluster = all.find(({ name }) => name === clusterName)
        return cluster === undefined ? (
          <>
            <PageHead title={clusterName} />
            <Nothing title={`No cluster ${clusterName}`} description="It was terminated, or never was in this project.">
              <Button as="a" href={`/groups/${groupId}/clusters`}>
                Go to Clusters
              </Button>
            </Nothing>
          </>
        ) : (
          <Cluster cluster={cluster} />
        )
      }}
    </Answered>
  )
}

function Cluster({ cluster }: { readonly cluster: ShownCluster }) {
  const groupId = useGroupId()
  const { open } = useDialog()
  return (
    <>
      <PageHead title={cluster.name}>
        <Button variant="primary" onClick={() => open('connect', cluster.name)}>
          Connect
        </Button>
        <Button as={Link} to={`/groups/${groupId}/activity-feed`}>
          Activity Feed
        </Button>
        <ClusterActions cluster={cluster} />
      </PageHead>
      <Facts cluster={cluster} />
      {!cluster.flex && (
        <section className={styles.part}>
          <Subtitle as="h2">Members</Subtitle>
          <Members cluster={cluster} />
        </section>
      )}
      <section className={styles.part}>
        <Subtitle as="h2">Private endpoints and connection strings</Subtitle>
        <Ways cluster={cluster} />
      </section>
      {!cluster.flex && (
        <section className={styles.part} aria-labelledby="standard-listener">
          <Subtitle as="h2" id="standard-listener">
            Standard connection
          </Subtitle>
          <StandardListener cluster={cluster} />
        </section>
      )}
      <ClusterDialogs clusters={[cluster]} />
    </>
  )
}
