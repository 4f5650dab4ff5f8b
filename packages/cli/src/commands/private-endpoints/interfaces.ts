// `privateEndpoints <cloud> interfaces create | list | describe | delete | watch`: endpoints of the consumer, attached
// to a service. `list` and `watch` are ours: the Atlas CLI leaves waiting for an interface to a loop in the shell.

import type { BodyInputOf, ReplyOf } from '@postern/contract/schemas/operations'
import type { Flag, Leaf } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { output, pages, projectId } from '../../core/global-flags.ts'
import { UsageError } from '../../core/usage-error.ts'
import { at, textAt } from '../../print/json.ts'
import { column, row, rows, sentence } from '../../print/template.ts'
import { deletion } from '../deletion.ts'
import { pageQuery } from '../pages.ts'
import { timeout, timeoutOf, watch } from '../watch-flags.ts'
import { watchUntil, watchUntilGone } from '../watch-until.ts'
import type { Cloud } from './clouds.ts'
import { serviceIdOf } from './find-service.ts'
import { policyFlags, policyOf } from './interface-policy.ts'
import { interfaceRepairs } from './interface-repairs.ts'
import { limitTable, policyTable } from './policy-table.ts'

const endpointServiceId: Flag = {
  name: 'endpointServiceId',
  kind: 'text',
  usage: 'Identifier of its endpoint service; found by itself when left out.',
}

const keepService: Flag = {
  name: 'keepService',
  also: ['keep-service'],
  kind: 'switch',
  usage: 'Keeps the private endpoint, also when this was its last interface endpoint.',
}

const forceSilent: Flag = {
  name: 'forceSilent',
  also: ['force-silent'],
  kind: 'switch',
  usage: 'Waits for no edge that is silent, though it may still serve the interface endpoint.',
}

const listColumns = [
  column('ID', 'endpointId'),
  column('ENDPOINT SERVICE', 'endpointServiceId'),
  column('REGION', 'regionName'),
  column('STATUS', 'status'),
  column('ERROR', 'errorMessage'),
] as const

export function interfaceCommands(cloud: Cloud): readonly Leaf[] {
  const { word, provider, product, interfaces } = cloud
  const commandLine = `privateEndpoints ${word} interfaces`
  const paramsOf = async (context: Context) => {
    const endpointId = context.arg(interfaces.argument.name)
    return {
      groupId: await context.groupId(),
      cloudProvider: provider,
      endpointServiceId: await serviceIdOf(context, cloud, endpointId),
      endpointId,
    }
  }
  const untilAvailable = async (context: Context, params: Awaited<ReturnType<typeof paramsOf>>) => {
    const client = await context.client()
    return watchUntil(context.io, {
      what: `interface endpoint ${params.endpointId}`,
      look: async () => (await client.call('getGroupPrivateEndpointEndpointServiceEndpoint', { params })).body,
      statusOf,
      done: ['AVAILABLE'],
      failed: ['REJECTED', 'FAILED'],
      timeoutSeconds: timeoutOf(context),
    })
  }

  return [
    {
      word: 'create',
      aliases: ['add'],
      short: `Attach an interface endpoint to one ${product} private endpoint.`,
      long: 'It must exist in its cloud and have been made for this service; `describe` shows how the attaching went.',
      role: 'Project Owner',
      args: [interfaces.createArgument],
      flags: [...interfaces.createFlags, ...policyFlags, watch, timeout, projectId, output],
      examples: [
        ['Attach an endpoint:', `${commandLine} create ${interfaces.createExample}`],
        [
          'Attach one whose clients must show a certificate:',
          `${commandLine} create ${interfaces.createExample} --clientCaFile ca.pem --minimumTls TLS1_2`,
        ],
      ],
      async run(context) {
        timeoutOf(context)
        const body = { ...interfaces.body(context), ...(await policyOf(context)) }
        const serviceId = context.optional('endpointServiceId') ?? context.optionalArg('endpointServiceId') ?? ''
        const params = { groupId: await context.groupId(), cloudProvider: provider, endpointServiceId: serviceId }
        const reply = await attached(context, { params, body })
        const endpointId = textAt(reply.body, interfaces.idField)
        await context.print(
          context.isOn('watch') ? await untilAvailable(context, { ...params, endpointId }) : reply.body,
          sentence((endpoint) => `Interface endpoint '${textAt(endpoint, interfaces.idField)}' created.`),
        )
      },
    },
    {
      word: 'list',
      aliases: ['ls'],
      short: `Return the interface endpoints of one ${product} private endpoint, or of all.`,
      role: 'Project Read Only',
      args: [{ name: 'endpointServiceId', usage: 'Identifier of the endpoint service.', optional: true }],
      flags: [...pages, projectId, output],
      examples: [['List them as JSON:', `${commandLine} list --output json`]],
      async run(context) {
        const service = context.optionalArg('endpointServiceId')
        const { body } = await (await context.client()).call('listGroupPrivateEndpoints', {
          params: { groupId: await context.groupId() },
          query: {
            ...pageQuery(context),
            cloudProvider: [provider],
            ...(service === undefined ? {} : { endpointServiceId: service }),
          },
        })
        await context.print(body, rows(...listColumns))
      },
    },
    {
      word: 'describe',
      aliases: ['get'],
      short: `Return one interface endpoint of ${product}.`,
      long: 'Where something is forbidden at it, its policy follows, and its own limits, by the flags of `update`.',
      role: 'Project Read Only',
      args: [interfaces.argument],
      flags: [endpointServiceId, projectId, output],
      examples: [['Show how attaching went:', `${commandLine} describe ${interfaces.exampleId}`]],
      async run(context) {
        // Postern's own operation shows all that Atlas's does, and the policy.
        const { body } = await (await context.client()).call('getGroupPrivateEndpoint', {
          params: await paramsOf(context),
        })
        const plain = row(...interfaces.columns).plain
        await context.print(body, {
          plain: (reply) => plain(reply) + policyTable(at(reply, 'policy')) + limitTable(at(reply, 'limits')),
        })
      },
    },
    deletion({
      short: `Detach one interface endpoint of ${product}.`,
      long: [
        'Ends its live connections within a second and refuses new ones. The last endpoint of a private endpoint takes',
        'the private endpoint with it, unless --keepService is given. `undo` takes it back for a while.',
        'It is gone once every edge has let go of it; one that is silent is named, and --forceSilent goes on without it.',
      ].join('\n'),
      role: 'Project Owner',
      arg: interfaces.argument,
      flags: [endpointServiceId, keepService, forceSilent, watch, timeout, projectId],
      example: `${commandLine} delete ${interfaces.exampleId}`,
      declined: 'Interface endpoint not deleted',
      deleted: (id) => `Interface endpoint '${id}' deleted`,
      params: async (context) => {
        timeoutOf(context)
        return { context, params: await paramsOf(context) }
      },
      call: async (client, { context, params }) => {
        // Only Postern's own operation can be told to keep the service, or to go on without somebody.
        const query = {
          ...(context.isSet('keepService') && { keepService: wordOf(context.isOn('keepService')) }),
          ...(context.isOn('forceSilent') && { force: 'true' as const }),
        }
        await (Object.keys(query).length > 0
          ? client.call('deleteGroupPrivateEndpoint', { params, query })
          : client.call('deleteGroupPrivateEndpointEndpointServiceEndpoint', { params }))
        if (!context.isOn('watch')) return
        await watchUntilGone(context.io, {
          what: `interface endpoint ${params.endpointId}`,
          look: async () => (await client.call('getGroupPrivateEndpointEndpointServiceEndpoint', { params })).body,
          statusOf,
          timeoutSeconds: timeoutOf(context),
        })
      },
    }),
    {
      word: 'watch',
      short: `Wait until one interface endpoint of ${product} is available.`,
      long: 'Ends when its status is AVAILABLE; when it was refused the exit code is 1 and the reason is shown.',
      role: 'Project Read Only',
      args: [interfaces.argument],
      flags: [endpointServiceId, timeout, projectId],
      examples: [['Wait for one:', `${commandLine} watch ${interfaces.exampleId}`]],
      async run(context) {
        await untilAvailable(context, await paramsOf(context))
        context.say('\nInterface endpoint changes completed.')
      },
    },
    ...interfaceRepairs(cloud, { commandLine, endpointServiceId, paramsOf }),
  ]
}

type Attachment = {
  readonly params: {
    readonly groupId: string
    readonly cloudProvider: Cloud['provider']
    readonly endpointServiceId: string
  }
  readonly body: BodyInputOf<'ensureGroupPrivateEndpoint'>
}

/** Atlas's own operation knows no policy. Throws UsageError where one was asked for and the endpoint is there already. */
async function attached(context: Context, { params, body }: Attachment) {
  const client = await context.client()
  const { policy, ...asked } = body
  if (policy === undefined)
    return client.call('createGroupPrivateEndpointEndpointServiceEndpoint', { params, body: asked })
  const reply = await client.call('ensureGroupPrivateEndpoint', { params, body })
  if (reply.body.created) return reply
  throw new UsageError(`"${reply.body.endpointId}" is attached already; "update" changes its policy`)
}

const wordOf = (on: boolean): 'true' | 'false' => (on ? 'true' : 'false')

const statusOf = (endpoint: ReplyOf<'getGroupPrivateEndpointEndpointServiceEndpoint'>): string =>
  endpoint.cloudProvider === 'AWS' ? endpoint.connectionStatus : endpoint.status
