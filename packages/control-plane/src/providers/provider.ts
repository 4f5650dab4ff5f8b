// The seam to a cloud: what the two reconcilers ask of the provider's side of private endpoints. Implementations answer
// facts, parsed, and judge nothing: whether a consumer endpoint may be attached is decided by pure code
// (resources/private-endpoint/next-step.ts), the same for all. Every method may be called again after a crash: things
// are named from our ids, looked for before they are made, and what is already gone counts as gone. None may be called
// inside a transaction. Shared case file: provider.case.ts.

import type { CloudProvider } from '@postern/contract/cloud'
import type { AdvertisedForm } from '@postern/contract/private-endpoint'
import { z } from 'zod'

export interface ServiceWish {
  readonly serviceId: string
  readonly groupId: string
  readonly provider: CloudProvider
  /** Atlas's spelling. */
  readonly region: string
  /** How many service attachments: 1, or for GCP without port mapping the project's limit. */
  readonly attachments: number
}

const awsNames = z.object({ provider: z.literal('AWS'), endpointServiceName: z.string() })
const azureNames = z.object({
  provider: z.literal('AZURE'),
  privateLinkServiceName: z.string(),
  privateLinkServiceResourceId: z.string(),
})
const gcpNames = z.object({ provider: z.literal('GCP'), serviceAttachmentNames: z.array(z.string()).min(1) })

export const serviceNamesSchema = z.discriminatedUnion('provider', [awsNames, azureNames, gcpNames])
/** What the cloud calls a service once it is made; the `names` column of endpoint_service (`null` before). */
export type ServiceNames = z.output<typeof serviceNamesSchema>

/** Names that a consumer's endpoint can target, in the order of a legacy GCP service's member slots. */
export const targetsOf = (names: ServiceNames): readonly string[] => {
  switch (names.provider) {
    case 'AWS':
      return [names.endpointServiceName]
    case 'AZURE':
      return [names.privateLinkServiceResourceId]
    case 'GCP':
      return names.serviceAttachmentNames
  }
}

export interface SeenService {
  readonly names: ServiceNames
  /** Milliseconds since 1970 when the cloud expects to be done; in the past: done. */
  readonly readyAt: number
  /** The cloud's own words when it gave up. */
  readonly failure: string | null
}

/** One thing that the consumer made: a VPC endpoint, a private endpoint, one forwarding rule. */
export interface ConsumerRef {
  /** AWS `vpce-…`; Azure resource id; GCP `projects/<project>/regions/<region>/forwardingRules/<name>`. */
  readonly cloudId: string
  /** The address that the caller said it has; null where none is told (AWS). */
  readonly address: string | null
}

export interface SeenConsumer {
  readonly cloudId: string
  /** What it was made for: one of some service's `targetsOf`. */
  readonly target: string
  /** The consumer's region, Atlas's spelling. */
  readonly region: string
  /** The private address that the consumer sees; null where a cloud shows none to the provider's side (AWS). */
  readonly address: string | null
  /** How its connections' PROXY headers name it: see contract/snapshot.ts, `linkIds`. */
  readonly linkIds: readonly string[]
  readonly connection: 'pending' | 'accepted' | 'rejected'
  /** For `accepted`: milliseconds since 1970 from which it carries packets. */
  readonly readyAt: number
  /** The cloud's own words when it would not connect. */
  readonly failure: string | null
  /** Where clients dial it. */
  readonly form: AdvertisedForm
  readonly hosts: readonly string[]
  readonly firstPort: number
  readonly portCount: number
}

/** One thing in a consumer's network, as a cloud that shows that side lists it. */
export interface ListedConsumer {
  readonly cloudId: string
  readonly target: string
  /** Whose target that is; null where no service has it (any more). */
  readonly serviceId: string | null
  /** Atlas's spelling. */
  readonly region: string
  readonly address: string | null
  readonly connection: SeenConsumer['connection']
  readonly created: Date
}

/**
 * The cloud says no, for good: a sentence. Whatever else a method throws passes by itself, and the turn is tried again; what
 * the cloud said then can be read by whoever waits where it is a PassingTrouble.
 */
export class CloudRefusal extends Error {
  override readonly name = 'CloudRefusal'
}

export interface Provider {
  /** Null: no such service at the cloud. */
  observeService(wish: ServiceWish): Promise<SeenService | null>
  /** Begins to make the service; nothing where it is there. Throws CloudRefusal. */
  ensureService(wish: ServiceWish): Promise<void>
  /** Removes the service and what hangs on it; nothing where it is gone. */
  removeService(wish: ServiceWish): Promise<void>
  /** One answer per ref, in order; null: the cloud knows no such thing. */
  observeEndpoints(wish: ServiceWish, refs: readonly ConsumerRef[]): Promise<readonly (SeenConsumer | null)[]>
  /** Accepts the connections of these consumers to this service; accepted ones stay as they are. Throws CloudRefusal. */
  acceptEndpoints(wish: ServiceWish, cloudIds: readonly string[]): Promise<void>
  /** Ends or refuses these consumers' connections to this service, and to no other. */
  rejectEndpoints(wish: ServiceWish, cloudIds: readonly string[]): Promise<void>
  /**
   * Makes what the caller named as if the consumer had made it, each for the target of its place. Only a cloud that
   * is simulated can; absent: it cannot.
   */
  readonly registerEndpoints?: (wish: ServiceWish, refs: readonly ConsumerRef[]) => Promise<void>
  /** All that consumers have made, for whichever service. Absent: the cloud shows nobody another's network. */
  readonly listEndpoints?: (provider: CloudProvider) => Promise<readonly ListedConsumer[]>
}

/** Which provider serves a cloud is configuration; by default the local cloud serves all three. */
export type Providers = Readonly<Record<CloudProvider, Provider>>
