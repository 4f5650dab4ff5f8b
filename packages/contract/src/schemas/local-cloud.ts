// The local cloud: the consumer side of all three providers on this machine, in each cloud's own words (EC2
// CreateVpcEndpoint, Azure Microsoft.Network/privateEndpoints, Compute forwardingRules with a service attachment as
// target). `listen` is what only a local endpoint has: where an application on this machine dials it.

import { z } from 'zod'
import { advertisedForms } from '../private-endpoint.ts'

const listen = z.object({
  /** Addresses, or the host that the server was told to advertise. */
  hosts: z.array(z.string()),
  firstPort: z.number().int(),
  portCount: z.number().int(),
})
/**
 * How the endpoint is told to clients: `address`, which works everywhere, in clear; or `name`: by host names, with TLS and
 * SRV, for clients that resolve through Postern's DNS.
 */
const form = z.enum(advertisedForms)
const tags = z.record(z.string().min(1).max(128), z.string().max(256))
const name = z.string().regex(/^[-\w.()]{1,80}$/, 'must be 1 to 80 letters, digits or -_.()')
const googleWords = 'lower-case letters, digits or hyphens, the first a letter, the last no hyphen'
const list = <Item extends z.ZodType>(item: Item) => z.object({ results: z.array(item), totalCount: z.number().int() })

const localAwsVpcEndpointSchema = z.object({
  vpcEndpointId: z.string(),
  vpcEndpointType: z.literal('Interface'),
  vpcId: z.string(),
  serviceName: z.string(),
  state: z.enum(['pendingAcceptance', 'pending', 'available', 'rejected']),
  /** The cloud's own spelling: `us-east-1`. */
  region: z.string(),
  subnetIds: z.array(z.string()),
  dnsEntries: z.array(z.object({ dnsName: z.string() })),
  tags,
  creationTimestamp: z.string(),
  form,
  listen,
})

const localAzurePrivateEndpointSchema = z.object({
  id: z.string(),
  name: z.string(),
  location: z.string(),
  resourceGroupName: z.string(),
  subscriptionId: z.string(),
  privateLinkServiceId: z.string(),
  privateIPAddress: z.string(),
  /** uint32: what the PROXY v2 header carries. */
  linkId: z.number().int(),
  connectionState: z.enum(['Pending', 'Approved', 'Rejected']),
  tags,
  created: z.string(),
  form,
  listen,
})

const localGcpForwardingRuleSchema = z.object({
  name: z.string(),
  project: z.string(),
  region: z.string(),
  target: z.string(),
  IPAddress: z.string(),
  /** uint64 in decimal: beyond what a JSON number holds. */
  pscConnectionId: z.string(),
  pscConnectionStatus: z.enum(['PENDING', 'ACCEPTED', 'REJECTED']),
  labels: tags,
  creationTimestamp: z.string(),
  form,
  listen,
})

export type LocalAwsVpcEndpointView = z.output<typeof localAwsVpcEndpointSchema>
export type LocalAzurePrivateEndpointView = z.output<typeof localAzurePrivateEndpointSchema>
export type LocalGcpForwardingRuleView = z.output<typeof localGcpForwardingRuleSchema>

export const localCloudSchemas = {
  createLocalAwsVpcEndpoint: {
    body: z.object({
      /** The service's `endpointServiceName`. */
      serviceName: z.string().min(1).max(256),
      vpcId: z
        .string()
        .regex(/^vpc-[0-9a-f]{8,17}$/, 'must be vpc- and 8 to 17 hexadecimal digits')
        .default('vpc-0123456789abcdef0'),
      subnetIds: z
        .array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/, 'must be subnet- and 8 to 17 hexadecimal digits'))
        .max(16)
        .default(['subnet-0123456789abcdef0']),
      /** The consumer's region, any spelling; the service's own when left out. */
      region: z.string().min(1).max(64).optional(),
      form: form.default('address'),
      tags: tags.default({}),
    }),
    reply: localAwsVpcEndpointSchema,
  },
  listLocalAwsVpcEndpoints: { reply: list(localAwsVpcEndpointSchema) },
  createLocalAzurePrivateEndpoint: {
    body: z.object({
      subscriptionId: z
        .string()
        .regex(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'must be a UUID in lower case')
        .default('00000000-0000-4000-8000-000000000000'),
      resourceGroupName: name.default('default'),
      name,
      /** The service's `privateLinkServiceResourceId`. */
      privateLinkServiceId: z.string().min(1).max(1024),
      /** Any region of Azure, in any spelling; the service's own when left out. */
      location: z.string().min(1).max(64).optional(),
      form: form.default('address'),
      tags: tags.default({}),
    }),
    reply: localAzurePrivateEndpointSchema,
  },
  listLocalAzurePrivateEndpoints: { reply: list(localAzurePrivateEndpointSchema) },
  createLocalGcpForwardingRule: {
    body: z.object({
      project: z
        .string()
        .regex(/^[a-z][-a-z0-9]{4,61}[a-z0-9]$/, `must be 6 to 63 ${googleWords}`)
        .default('local-project'),
      /** With `count`, the rules are `<name>-0`, `<name>-1`, … */
      name: z.string().regex(/^[a-z]([-a-z0-9]{0,58}[a-z0-9])?$/, `must be 1 to 60 ${googleWords}`),
      /** A service attachment of the service; with `count`, any: rule i is made for attachment i. */
      target: z.string().min(1).max(512),
      /** Must be the attachment's own region, as in Google Cloud; the default. */
      region: z.string().min(1).max(64).optional(),
      /** Makes that many rules at once: what a service without port mapping demands. */
      count: z.number().int().min(1).max(100).optional(),
      form: form.default('address'),
      labels: tags.default({}),
    }),
    reply: z.object({
      endpointGroupName: z.string(),
      /** Ready for `--endpoint`: `name@ip,name@ip`. */
      endpoints: z.string(),
      forwardingRules: z.array(localGcpForwardingRuleSchema),
    }),
  },
  listLocalGcpForwardingRules: { reply: list(localGcpForwardingRuleSchema) },
} as const
