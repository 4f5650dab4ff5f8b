// The faults that a test may set (control-plane, drills/): each by its name, what it makes happen, and what it takes
// besides that. Plain data, so that the command line's help, the API's schema and the documentation read one table.

import type { CloudProvider } from './cloud.ts'

export interface FaultKind {
  /** What happens, as a sentence without a full stop. */
  readonly says: string
  /**
   * cloud: at a cloud, narrowed by provider, region and endpointId. member, cluster: at a cluster of the sandbox, which
   * clusterName names.
   */
  readonly at: 'cloud' | 'member' | 'cluster'
  /** How often it happens unless told; null: until it is cleared. */
  readonly times: number | null
  /** Fields that must be given with it. */
  readonly needs: readonly ('ms' | 'clusterName' | 'member')[]
  /** What the cloud says, where somebody is told. */
  readonly message: string
}

export const faults = {
  'endpoint-refused': {
    says: 'the cloud refuses a connection that is to be accepted; the endpoint ends REJECTED or FAILED until it is retried',
    at: 'cloud',
    times: 1,
    needs: [],
    message: 'The cloud refused the connection of this endpoint.',
  },
  'endpoint-lost': {
    says: 'the cloud no longer knows the consumer’s endpoint, as when its owner deleted it',
    at: 'cloud',
    times: null,
    needs: [],
    message: '',
  },
  'region-full': {
    says: 'the cloud has no room for another endpoint service; one that is made ends FAILED until it is retried',
    at: 'cloud',
    times: null,
    needs: [],
    message: 'The region has no capacity for another private endpoint service.',
  },
  'operation-in-progress': {
    says: 'the cloud answers that another operation is going on, which passes: what was asked is tried again',
    at: 'cloud',
    times: 1,
    needs: [],
    message: 'IdempotentOperationInProgress: another operation on this resource is going on.',
  },
  'cloud-away': {
    says: 'the cloud does not answer; everything that needs it waits and is tried again',
    at: 'cloud',
    times: null,
    needs: [],
    message: 'The cloud does not answer.',
  },
  'slow-cloud': {
    says: 'what the cloud makes or accepts takes that many milliseconds longer',
    at: 'cloud',
    times: null,
    needs: ['ms'],
    message: '',
  },
  'member-down': {
    says: 'a member of a cluster dies as by kill -9, and comes back when the fault is cleared',
    at: 'member',
    times: null,
    needs: ['clusterName', 'member'],
    message: '',
  },
  'primary-steps-down': {
    says: 'the primary of a cluster steps down, and another member is elected',
    at: 'cluster',
    times: 1,
    needs: ['clusterName'],
    message: '',
  },
} as const satisfies Readonly<Record<string, FaultKind>>

export type FaultName = keyof typeof faults
export const faultNames = Object.keys(faults) as [FaultName, ...FaultName[]]

/** What a fault is narrowed by: absent, it happens everywhere. */
export interface FaultScope {
  readonly provider?: CloudProvider | undefined
  /** In any spelling. */
  readonly region?: string | undefined
  /** The cloud's own id, or what stands after its last slash. */
  readonly endpointId?: string | undefined
  readonly groupId?: string | undefined
  readonly clusterName?: string | undefined
  /** Number of the member, from 0. */
  readonly member?: number | undefined
}
