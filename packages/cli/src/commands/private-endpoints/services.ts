// `privateEndpoints <cloud> create | list | describe | watch | delete`: endpoint services, which the Atlas CLI calls
// private endpoints.

import type { Argument, Leaf } from '../../core/command.ts'
import { type Context, objectIdProblem } from '../../core/context.ts'
import { force, output, pages, projectId } from '../../core/global-flags.ts'
import { textAt } from '../../print/json.ts'
import { row, rows, sentence } from '../../print/template.ts'
import { watchUntil } from '../watch-until.ts'
import type { Cloud } from './clouds.ts'

export function serviceCommands(cloud: Cloud): readonly Leaf[] {
  const { word, provider, product } = cloud
  const args: readonly Argument[] = [
    {
      name: 'privateEndpointId',
      usage: 'Identifier of the private endpoint, as `create` and `list` show it.',
      ...(cloud.checksServiceId ? { problem: objectIdProblem } : {}),
    },
  ]
  const paramsOf = async (context: Context) => ({
    groupId: await context.groupId(),
    cloudProvider: provider,
    endpointServiceId: context.arg('privateEndpointId'),
  })
  const commandLine = `privateEndpoints ${word}`

  return [
    {
      word: 'create',
      short: `Create a new ${product} endpoint service in a region of your project.`,
      role: 'Project Owner',
      flags: [
        { name: 'region', kind: 'text', required: true, usage: "Region, in Atlas's spelling or the cloud's own." },
        ...cloud.createFlags,
        projectId,
        output,
      ],
      examples: [
        [
          `Create an endpoint service in ${cloud.exampleRegion}:`,
          `${commandLine} create --region ${cloud.exampleRegion}`,
        ],
      ],
      async run(context) {
        const groupId = await context.groupId()
        const { body } = await (await context.client()).call('createGroupPrivateEndpointEndpointService', {
          params: { groupId },
          body: {
            providerName: provider,
            region: context.text('region'),
            ...(cloud.createFlags.length > 0 ? { portMappingEnabled: context.isOn('portMappingEnabled') } : {}),
          },
        })
        await context.print(
          body,
          sentence((reply) => `Private endpoint '${textAt(reply, 'id')}' created.`),
        )
      },
    },
    {
      word: 'list',
      aliases: ['ls'],
      short: `Return all ${product} endpoint services of your project.`,
      role: 'Project Read Only',
      flags: [
        ...pages
          .filter(({ name }) => name !== 'omitCount')
          .map((flag) => ({
            ...flag,
            deprecated: `--page and --limit are not supported by privateendpoint ${word} list`,
          })),
        projectId,
        output,
      ],
      examples: [['List them as JSON:', `${commandLine} list --output json`]],
      async run(context) {
        const { body } = await (await context.client()).call('listGroupPrivateEndpointEndpointService', {
          params: { groupId: await context.groupId(), cloudProvider: provider },
        })
        await context.print(body, rows(...cloud.listColumns))
      },
    },
    {
      word: 'describe',
      aliases: ['get'],
      short: `Return one ${product} endpoint service of your project.`,
      role: 'Project Read Only',
      args,
      flags: [projectId, output],
      examples: [['Show one as JSON:', `${commandLine} describe 5f4fe14da2b47835a58c63a2 --output json`]],
      async run(context) {
        const { body } = await (await context.client()).call('getGroupPrivateEndpointEndpointService', {
          params: await paramsOf(context),
        })
        await context.print(body, row(...cloud.describeColumns))
      },
    },
    {
      word: 'delete',
      aliases: ['rm'],
      short: `Delete one ${product} endpoint service from your project.`,
      long: 'Its interface endpoints must be deleted first. The command asks before it deletes, unless --force is given.',
      role: 'Project Owner',
      args,
      flags: [force, projectId],
      examples: [['Delete one without a question:', `${commandLine} delete 5f4fe14da2b47835a58c63a2 --force`]],
      async run(context) {
        const params = await paramsOf(context)
        const id = params.endpointServiceId
        if (!(await context.confirmed(`Are you sure you want to delete: ${id}`, 'Private endpoint not deleted'))) return
        await (await context.client()).call('deleteGroupPrivateEndpointEndpointService', { params })
        context.say(`Private endpoint '${id}' deleted`)
      },
    },
    {
      word: 'watch',
      short: `Wait until one ${product} endpoint service is available.`,
      long: 'Ends when its status is AVAILABLE, or FAILED: then the exit code is 1 and the error is shown.',
      role: 'Project Read Only',
      args,
      flags: [projectId],
      examples: [['Wait for one:', `${commandLine} watch 5f4fe14da2b47835a58c63a2`]],
      async run(context) {
        const params = await paramsOf(context)
        const client = await context.client()
        await watchUntil(context.io, {
          what: `private endpoint ${params.endpointServiceId}`,
          look: async () => (await client.call('getGroupPrivateEndpointEndpointService', { params })).body,
          statusOf: (service) => service.status,
          done: ['AVAILABLE'],
          failed: ['FAILED'],
        })
        context.say(`\n${cloud.watchedSentence}`)
      },
    },
  ]
}
