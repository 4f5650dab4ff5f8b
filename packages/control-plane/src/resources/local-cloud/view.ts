// How the local cloud shows what was made in it: each cloud's own words, and where it listens on this machine.

import { cloudRegion } from '@postern/contract/cloud'
import type {
  LocalAwsVpcEndpointView,
  LocalAzurePrivateEndpointView,
  LocalGcpForwardingRuleView,
} from '@postern/contract/schemas/local-cloud'
import type { Settings } from '../../parts.ts'
import type { Consumer } from '../../providers/local/consumer.ts'
import { dialHosts } from '../../providers/local/place.ts'

/** pending: nobody has accepted it. connecting: accepted, the cloud is at work. */
type Connection = 'pending' | 'connecting' | 'connected' | 'rejected'

export interface ShownConsumer {
  readonly consumer: Consumer
  readonly connection: Connection
  readonly settings: Pick<Settings, 'advertise'>
}

const awsStates = {
  pending: 'pendingAcceptance',
  connecting: 'pending',
  connected: 'available',
  rejected: 'rejected',
} as const
const azureStates = { pending: 'Pending', connecting: 'Approved', connected: 'Approved', rejected: 'Rejected' } as const
const gcpStates = { pending: 'PENDING', connecting: 'PENDING', connected: 'ACCEPTED', rejected: 'REJECTED' } as const

const listenOf = ({ consumer, settings }: ShownConsumer) => ({
  hosts: [...dialHosts(settings, consumer.hosts)],
  firstPort: consumer.firstPort,
  portCount: consumer.portCount,
})

export const awsView = (shown: ShownConsumer): LocalAwsVpcEndpointView => {
  const { consumer, connection } = shown
  const region = cloudRegion('AWS', consumer.region)
  const service = consumer.target.split('.').at(-1) ?? ''
  return {
    vpcEndpointId: consumer.cloudId,
    vpcEndpointType: 'Interface',
    vpcId: consumer.properties.aws?.vpcId ?? '',
    serviceName: consumer.target,
    state: awsStates[connection],
    region,
    subnetIds: consumer.properties.aws?.subnetIds ?? [],
    dnsEntries: [{ dnsName: `${consumer.cloudId}-${consumer.id.slice(-8)}.${service}.${region}.vpce.amazonaws.com` }],
    tags: consumer.properties.tags,
    creationTimestamp: consumer.created.toISOString(),
    form: consumer.form,
    listen: listenOf(shown),
  }
}

export const azureView = (shown: ShownConsumer): LocalAzurePrivateEndpointView => {
  const { consumer, connection } = shown
  return {
    id: consumer.cloudId,
    name: consumer.properties.azure?.name ?? '',
    location: cloudRegion('AZURE', consumer.region),
    resourceGroupName: consumer.properties.azure?.resourceGroupName ?? '',
    subscriptionId: consumer.properties.azure?.subscriptionId ?? '',
    privateLinkServiceId: consumer.target,
    privateIPAddress: consumer.properties.address ?? '',
    linkId: Number(consumer.linkId),
    connectionState: azureStates[connection],
    tags: consumer.properties.tags,
    created: consumer.created.toISOString(),
    form: consumer.form,
    listen: listenOf(shown),
  }
}

export const gcpView = (shown: ShownConsumer): LocalGcpForwardingRuleView => {
  const { consumer, connection } = shown
  return {
    name: consumer.properties.gcp?.name ?? '',
    project: consumer.properties.gcp?.project ?? '',
    region: cloudRegion('GCP', consumer.region),
    target: consumer.target,
    IPAddress: consumer.properties.address ?? '',
    pscConnectionId: consumer.linkId,
    pscConnectionStatus: gcpStates[connection],
    labels: consumer.properties.tags,
    creationTimestamp: consumer.created.toISOString(),
    form: consumer.form,
    listen: listenOf(shown),
  }
}
