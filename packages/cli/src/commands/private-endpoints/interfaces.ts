// `privateEndpoints <cloud> interfaces create | describe | delete | watch`: endpoints of the consumer, attached to a
// service. `watch` is ours: the Atlas CLI leaves waiting for an interface to a loop in the shell.

import type { Flag, Leaf } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { force, output, projectId } from '../../core/global-flags.ts'
import { textAt } from '../../print/json.ts'
import { row, sentence } from '../../print/template.ts'
import { watchUntil } from '../watch-until.ts'
import type { Cloud } from './clouds.ts'
import { serviceIdOf } from './find-service.ts'

const endpointServiceId: Flag = {
  name: 'endpointServiceId',
  kind: 'text',
  usage: 'Identifier of its endpoint service; found by itself when left out.',
}

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

  return [
    {
      word: 'create',
      aliases: ['add'],
      short: `Attach an interface endpoint to one ${product} private endpoint.`,
      long: 'It must exist in its cloud and have been made for this service; `describe` shows how the attaching went.',
      role: 'Project Owner',
      args: [interfaces.createArgument],
      flags: [...interfaces.createFlags, projectId, output],
      examples: [['Attach an endpoint:', `${commandLine} create ${interfaces.createExample}`]],
      async run(context) {
        const body = interfaces.body(context)
        const serviceId = context.optional('endpointServiceId') ?? context.optionalArg('endpointServiceId') ?? ''
        const params = { groupId: await context.groupId(), cloudProvider: provider, endpointServiceId: serviceId }
        const reply = await (await context.client()).call('createGroupPrivateEndpointEndpointServiceEndpoint', {
          params,
          body,
        })
        await context.print(
          reply.body,
          sentence((endpoint) => `Interface endpoint '${textAt(endpoint, interfaces.idField)}' created.`),
        )
      },
    },
    {
      word: 'describe',
      aliases: ['get'],
      short: `Return one interface endpoint of ${product}.`,
      role: 'Project Read Only',
      args: [interfaces.argument],
      flags: [endpointServiceId, projectId, output],
      examples: [['Show how attaching went:', `${commandLine} describe ${interfaces.exampleId}`]],
      async run(context) {
        const { body } = await (await context.client()).call('getGroupPrivateEndpointEndpointServiceEndpoint', {
          params: await paramsOf(context),
        })
        await context.print(body, row(...interfaces.columns))
      },
    },
    {
      word: 'delete',
      aliases: ['rm'],
      short: `Detach one interface endpoint of ${product}.`,
      long: [
        'Ends its live connections within a second and refuses new ones. The last endpoint of a private endpoint takes',
        'the private endpoint with it. The command asks before it deletes, unless --force is given.',
      ].join('\n'),
      role: 'Project Owner',
      args: [interfaces.argument],
      flags: [endpointServiceId, force, projectId],
      examples: [['Detach one without a question:', `${commandLine} delete ${interfaces.exampleId} --force`]],
      async run(context) {
        const params = await paramsOf(context)
        const question = `Are you sure you want to delete: ${params.endpointId}`
        if (!(await context.confirmed(question, 'Interface endpoint not deleted'))) return
        await (await context.client()).call('deleteGroupPrivateEndpointEndpointServiceEndpoint', { params })
        context.say(`Interface endpoint '${params.endpointId}' deleted`)
      },
    },
    {
      word: 'watch',
      short: `Wait until one interface endpoint of ${product} is available.`,
      long: 'Ends when its status is AVAILABLE; when it was refused the exit code is 1 and the reason is shown.',
      role: 'Project Read Only',
      args: [interfaces.argument],
      flags: [endpointServiceId, projectId],
      examples: [['Wait for one:', `${commandLine} watch ${interfaces.exampleId}`]],
      async run(context) {
        const params = await paramsOf(context)
        const client = await context.client()
        await watchUntil(context.io, {
          what: `interface endpoint ${params.endpointId}`,
          look: async () => (await client.call('getGroupPrivateEndpointEndpointServiceEndpoint', { params })).body,
          statusOf: (endpoint) => (endpoint.cloudProvider === 'AWS' ? endpoint.connectionStatus : endpoint.status),
          done: ['AVAILABLE'],
          failed: ['REJECTED', 'FAILED'],
        })
        context.say('\nInterface endpoint changes completed.')
      },
    },
  ]
}
