// What only the consumer knows of their own network, as each cloud calls it: it goes into the ready-made commands. Pure.

import type { CloudProvider } from '@postern/contract/cloud'
import { givenProblem } from '@postern/contract/consumer-setup/blanks'
import { type Draft, type DraftName, severalIn } from '../draft.ts'
import type { Service } from '../filters.ts'

export interface ConsumerField {
  /** As the setup calls it. */
  readonly name: DraftName
  readonly label: string
  readonly example: string
  readonly many?: true
}

const byProvider = {
  AWS: [
    { name: 'vpcId', label: 'Your VPC ID', example: 'vpc-0123456789abcdef0' },
    { name: 'subnetIds', label: 'Your Subnet IDs', example: 'subnet-0123456789abcdef0', many: true },
    { name: 'securityGroupIds', label: 'Your Security Group IDs', example: 'sg-0123456789abcdef0', many: true },
  ],
  AZURE: [
    { name: 'subscriptionId', label: 'Subscription ID', example: '00000000-0000-4000-8000-000000000000' },
    { name: 'resourceGroup', label: 'Resource Group Name', example: 'my-resource-group' },
    { name: 'network', label: 'Virtual Network Name', example: 'my-network' },
    { name: 'subnet', label: 'Subnet Name', example: 'my-subnet' },
    { name: 'endpointName', label: 'Private Endpoint Name', example: 'my-private-endpoint' },
  ],
  GCP: [
    { name: 'gcpProjectId', label: 'Google Cloud Project ID', example: 'my-project' },
    { name: 'network', label: 'VPC Name', example: 'my-network' },
    { name: 'subnet', label: 'Subnet Name', example: 'my-subnet' },
    { name: 'endpointName', label: 'Private Service Connect Endpoint Name', example: 'my-endpoint' },
  ],
} as const satisfies Readonly<Record<CloudProvider, readonly ConsumerField[]>>

export const consumerFields = (provider: CloudProvider): readonly ConsumerField[] => byProvider[provider]

/** What was given, as the setup takes it; what is left out is a placeholder in the commands. */
export const given = (provider: CloudProvider, draft: Draft): Readonly<Record<string, string | readonly string[]>> =>
  Object.fromEntries(
    [...consumerFields(provider), ...(provider === 'AWS' ? [{ name: 'consumerRegion' as const, many: undefined }] : [])]
      .filter(({ name }) => draft[name].trim() !== '')
      .map(({ name, many }) => [name, many ? severalIn(draft[name]) : draft[name].trim()]),
  )

/** By field: what is wrong with it. */
export const consumerProblems = (provider: CloudProvider, draft: Draft): Readonly<Record<string, string>> => {
  const filledIn = given(provider, draft)
  return Object.fromEntries(
    consumerFields(provider)
      .filter(({ name }) => name in filledIn && givenProblem(provider, { [name]: filledIn[name] }) !== undefined)
      .map(({ name, example }) => [name, `It must look like ${example}.`]),
  )
}

/** Where an endpoint of this service may be: its own region first. */
export const consumerRegions = (service: Service): readonly string[] =>
  service.cloudProvider === 'AWS'
    ? [service.regionName, ...(service.supportedRemoteRegions ?? [])]
    : [service.regionName]
