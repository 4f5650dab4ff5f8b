// What the cluster is.

import { moment } from '../../frame/moment.ts'
import { providerNames } from '../../words/provider.ts'
import { ClusterState } from '../cluster/cluster-state.tsx'
import type { ShownCluster } from '../cluster/shown-cluster.ts'
import styles from './cluster-detail.module.css'

export function Facts({ cluster }: { readonly cluster: ShownCluster }) {
  const { tier, registered, version, type, shards, nodes, providers, regions, created, terminationProtection } = cluster
  const facts: readonly (readonly [string, React.ReactNode])[] = [
    ['State', <ClusterState key="state" cluster={cluster} />],
    ['Tier', registered ? 'Registered deployment' : tier],
    ['MongoDB version', version],
    ['Type', shards > 1 ? `${type} of ${shards} shards` : type],
    ...(nodes === null ? [] : [['Nodes', String(nodes)] as const]),
    ['Provider', providers.map((provider) => providerNames[provider]).join(', ')],
    ['Region', regions.join(', ')],
    ['Created', moment(created)],
    ['Termination protection', terminationProtection ? 'On' : 'Off'],
  ]
  return (
    <dl className={styles.facts}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
