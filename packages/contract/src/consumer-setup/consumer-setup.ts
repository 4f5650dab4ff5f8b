// Ready-made commands for the consumer's side of an endpoint service, in the tools that people have: each cloud's own,
// Terraform, and `postern local`. What only the consumer knows (VPC, subnets, …) is filled in where it is given, and is a
// placeholder in angle brackets where it is not. Pure: the API, the command line and the doctor show the same words.

import { type CloudProvider, cloudRegion } from '../cloud.ts'
import type { EndpointServiceView } from '../schemas/endpoint-service.ts'
import { awsSetup } from './aws.ts'
import { azureSetup } from './azure.ts'
import { Blanks, type Given, type Placeholder } from './blanks.ts'
import { gcpSetup } from './gcp.ts'
import { targetsOf } from './targets.ts'
import type { SetupTool, toolsOf } from './tools.ts'

/** What a writer is told. */
export interface SetupParts {
  readonly groupId: string
  readonly serviceId: string
  /** The service's, in the cloud's own spelling. */
  readonly region: string
  /** The service's name in its cloud; in Google Cloud one for each rule that is demanded. */
  readonly target: string
  readonly targets: readonly string[]
  readonly blanks: Blanks
}

export interface Written {
  /** Makes the endpoint in its cloud. */
  readonly create: string
  /** Attaches it to the service afterwards; null where `create` does that too. */
  readonly attach: string | null
}

export interface Setup extends Written {
  readonly tool: SetupTool
  readonly syntax: 'shell' | 'hcl'
  /** What is left to fill in, in the order in which it is met. */
  readonly placeholders: readonly Placeholder[]
}

type Writer = (parts: SetupParts) => Written
const writers: Readonly<Record<CloudProvider, Readonly<Partial<Record<SetupTool, Writer>>>>> = {
  AWS: awsSetup,
  AZURE: azureSetup,
  GCP: gcpSetup,
} satisfies { readonly [Provider in CloudProvider]: Readonly<Record<(typeof toolsOf)[Provider][number], Writer>> }

/**
 * `given`: parameters of `setupParameters` of this provider, in shapes that its cloud takes. Throws RangeError for a tool
 * that is not in `toolsOf`, and for a service that has no `targetsOf` yet.
 */
export function consumerSetup(
  tool: SetupTool,
  {
    groupId,
    service,
    given = {},
  }: { readonly groupId: string; readonly service: EndpointServiceView; readonly given?: Given },
): Setup {
  const { id: serviceId, cloudProvider: provider, regionName } = service
  const write = writers[provider][tool]
  const targets = targetsOf(service)
  const [target] = targets
  if (write === undefined) throw new RangeError(`${tool} does not set up ${provider}`)
  if (target === undefined) throw new RangeError(`${serviceId} has no name in its cloud yet`)
  const blanks = new Blanks(provider, given)
  const written = write({ groupId, serviceId, region: cloudRegion(provider, regionName), target, targets, blanks })
  return {
    tool,
    syntax: tool === 'terraform' ? 'hcl' : 'shell',
    ...written,
    placeholders: blanks.leftIn(`${written.create}\n${written.attach ?? ''}`),
  }
}
