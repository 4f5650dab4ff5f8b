// `postern edges export`: the gateways' ports for what stands in front of them.

import { isIP } from 'node:net'
import type { Client } from '@postern/contract/client'
import type { Leaf } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { projectId } from '../../core/global-flags.ts'
import { UsageError } from '../../core/usage-error.ts'
import { type ExportFormat, exportFormats, formats } from './export-formats.ts'

/** What HAProxy's unique id and a line of its configuration can hold. */
const sayable = /^[A-Za-z0-9._:/@-]{1,128}$/

export const exportPorts: Leaf = {
  word: 'export',
  short: 'Print the ports of the gateways as configuration of what stands in front of them.',
  long: [
    'kubernetes: a Service from the ports that connection strings show to those that gateways listen on. haproxy, envoy: a',
    'balancer that stands for one interface endpoint, in front of the gateways that --gateway names; the comment on top says',
    'what the gateways must be told.',
  ].join('\n'),
  role: 'Project Read Only',
  flags: [
    { name: 'format', kind: 'text', required: true, usage: exportFormats.join(', '), completes: exportFormats },
    { name: 'endpoint', kind: 'text', usage: "The interface endpoint, by its cloud's id; for haproxy and envoy." },
    { name: 'endpointServiceId', kind: 'text', usage: 'Its endpoint service; needed where the project has several.' },
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
  ],
  async run(context) {
    const format = formatOf(context.text('format'))
    const [endpointId, gateways] = [context.optional('endpoint') ?? '', context.list('gateway')]
    const name = context.text('name')
    if (!/^[a-z]([a-z0-9-]{0,40}[a-z0-9])?$/.test(name)) throw new UsageError(`invalid value "${name}" for --name`)
    if (format !== 'kubernetes') {
      if (endpointId === '' || gateways.length === 0) throw new UsageError(`${format} needs --endpoint and --gateway`)
      if (!sayable.test(endpointId)) throw new UsageError(`${format} cannot send "${endpointId}" in its PROXY header`)
      const odd = gateways.find((host) => isIP(host) === 0 && !/^[A-Za-z0-9.-]{1,253}$/.test(host))
      if (odd !== undefined) throw new UsageError(`invalid value "${odd}" for --gateway`)
    }
    const client = await context.client()
    const groupId = await context.groupId()
    const { body } = await client.call('listGroupGatewayPorts', { params: { groupId } })
    const serviceId = await serviceOf(context, client, { groupId, endpointId })
    const ports =
      serviceId === null ? body.results : body.results.filter((port) => port.endpointServiceId === serviceId)
    const services = new Set(ports.map(({ endpointServiceId }) => endpointServiceId))
    if (services.size > 1)
      throw new UsageError(
        `the project has several endpoint services: name one with --endpointServiceId (${[...services].join(', ')})`,
      )
    if (ports.length === 0)
      throw new UsageError('no member has a port yet: an endpoint service gets them with its first interface endpoint')
    context.io.stdout.write(formats[format]({ ports, endpointId, gateways, name }))
  },
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
