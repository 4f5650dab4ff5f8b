// `postern edges export`: the gateways' ports for what stands in front of them.

import { isIP } from 'node:net'
import type { Client } from '@postern/contract/client'
import type { Leaf } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { projectId } from '../../core/global-flags.ts'
import { UsageError } from '../../core/usage-error.ts'
import { type Export, type ExportFormat, exportFormats, formats } from './export-formats.ts'

/** What HAProxy's unique id and a line of its configuration can hold. */
const sayable = /^[A-Za-z0-9._:/@-]{1,128}$/

export const exportPorts: Leaf = {
  word: 'export',
  short: 'Print the ports of the gateways as configuration of what stands in front of them.',
  long: [
    'kubernetes: a Service from the ports that connection strings show to those that gateways listen on. haproxy, envoy: a',
    'balancer that stands for one interface endpoint, in front of the gateways that --gateway names. With --standardListener each',
    'of them stands for the standard listeners of these clusters instead. The comment on top says what the gateways must be told.',
  ].join('\n'),
  role: 'Project Read Only',
  flags: [
    { name: 'format', kind: 'text', required: true, usage: exportFormats.join(', '), completes: exportFormats },
    { name: 'endpoint', kind: 'text', usage: "The interface endpoint, by its cloud's id; for haproxy and envoy." },
    { name: 'endpointServiceId', kind: 'text', usage: 'Its endpoint service; needed where the project has several.' },
    {
      name: 'standardListener',
      kind: 'list',
      usage: 'Clusters whose standard listeners it stands for, instead of an endpoint.',
    },
    { name: 'gateway', kind: 'list', usage: 'Addresses of the gateways; for haproxy and envoy.' },
    { name: 'name', kind: 'text', default: 'postern-gateway', usage: 'Name of what is made.' },
    projectId,
  ],
  examples: [
    ['A Service of Kubernetes:', 'edges export --format kubernetes'],
    [
      'HAProxy in a network of its own, in front of two gateways:',
      'edges export --format haproxy --endpoint vpce-0123456789abcdef0 --gateway 192.0.2.5,192.0.2.6',
    ],
    [
      'Envoy in front of two gateways, for the standard listener of a cluster:',
      'edges export --format envoy --standardListener Cluster0 --gateway 192.0.2.5,192.0.2.6',
    ],
  ],
  async run(context) {
    const format = formatOf(context.text('format'))
    const [endpointId, gateways] = [context.optional('endpoint') ?? '', context.list('gateway')]
    const clusters = context.list('standardListener')
    if (clusters.length > 0 && (endpointId !== '' || context.isSet('endpointServiceId')))
      throw new UsageError('name either an endpoint or standard listeners')
    const name = context.text('name')
    if (!/^[a-z]([a-z0-9-]{0,40}[a-z0-9])?$/.test(name))
      throw new UsageError(
        `invalid value "${name}" for --name: begin with a small letter, then small letters, digits and hyphens, at most 42, no hyphen last`,
      )
    if (format !== 'kubernetes') {
      if ((endpointId === '' && clusters.length === 0) || gateways.length === 0)
        throw new UsageError(`${format} needs --gateway, and --endpoint or --standardListener`)
      if (clusters.length === 0 && !sayable.test(endpointId))
        throw new UsageError(`${format} cannot send "${endpointId}" in its PROXY header`)
      const odd = gateways.find((host) => isIP(host) === 0 && !/^[A-Za-z0-9.-]{1,253}$/.test(host))
      if (odd !== undefined) throw new UsageError(`invalid value "${odd}" for --gateway`)
    }
    const client = await context.client()
    const groupId = await context.groupId()
    const what =
      clusters.length > 0
        ? await ofListeners(client, { groupId, clusters })
        : await ofService(context, client, { groupId, endpointId })
    context.io.stdout.write(formats[format]({ ...what, gateways, name }))
  },
}

type Exported = Omit<Export, 'gateways' | 'name'>

async function ofListeners(
  client: Client,
  { groupId, clusters }: { readonly groupId: string; readonly clusters: readonly string[] },
): Promise<Exported> {
  const told = await Promise.all(
    [...new Set(clusters)].map(async (clusterName) => ({
      clusterName,
      ...(await client.call('getGroupClusterStandardListener', { params: { groupId, clusterName } })).body,
    })),
  )
  const closed = told.find(({ members }) => members.length === 0)
  if (closed !== undefined)
    throw new UsageError(
      `the standard listener of ${closed.clusterName} is ${closed.state}, and has no ports: ${closed.problem ?? `postern clusters standardListener enable ${closed.clusterName}`}`,
    )
  const members = told.flatMap(({ clusterName, members: its }) => its.map((member) => ({ clusterName, ...member })))
  return {
    ports: members.map(({ clusterName, hostPort, port, gatewayPort }) => ({
      clusterName,
      member: hostPort,
      servicePort: port,
      gatewayPort,
    })),
    endpointId: '',
    listeners: { ids: told.flatMap(({ id }) => id ?? []), host: members[0]?.host ?? '' },
  }
}

async function ofService(
  context: Context,
  client: Client,
  { groupId, endpointId }: { readonly groupId: string; readonly endpointId: string },
): Promise<Exported> {
  const { body } = await client.call('listGroupGatewayPorts', { params: { groupId } })
  const serviceId = await serviceOf(context, client, { groupId, endpointId })
  const ports = serviceId === null ? body.results : body.results.filter((port) => port.endpointServiceId === serviceId)
  const services = new Set(ports.map(({ endpointServiceId }) => endpointServiceId))
  if (services.size > 1)
    throw new UsageError(
      `the project has several endpoint services: name one with --endpointServiceId (${[...services].join(', ')})`,
    )
  if (ports.length === 0)
    throw new UsageError(
      'no member has a port yet: an endpoint service gets them with its first interface endpoint, a standard listener (--standardListener) when it is enabled',
    )
  return { ports, endpointId }
}

function formatOf(text: string): ExportFormat {
  const format = exportFormats.find((each) => each === text)
  if (format !== undefined) return format
  throw new UsageError(`invalid value "${text}" for --format: none of ${exportFormats.join(', ')}`)
}

/** As it was named, or as the endpoint's; null: whichever there is. */
async function serviceOf(
  context: Context,
  client: Client,
  { groupId, endpointId }: { readonly groupId: string; readonly endpointId: string },
): Promise<string | null> {
  const named = context.optional('endpointServiceId')
  if (named !== undefined || endpointId === '') return named ?? null
  const { body } = await client.call('listGroupPrivateEndpoints', {
    params: { groupId },
    query: { endpointId },
  })
  const [endpoint, ...more] = body.results
  if (endpoint === undefined) throw new UsageError(`the project has no interface endpoint ${endpointId}`)
  if (more.length > 0) throw new UsageError(`several endpoint services have ${endpointId}: add --endpointServiceId`)
  return endpoint.endpointServiceId
}
