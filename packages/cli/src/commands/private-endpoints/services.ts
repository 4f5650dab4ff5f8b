// `privateEndpoints <cloud> create | list | describe | watch | delete | retry | undo`: endpoint services, which the Atlas CLI calls
// private endpoints.

import type { Argument, Leaf } from '../../core/command.ts'
import { type Context, objectIdProblem } from '../../core/context.ts'
import { output, pages, projectId } from '../../core/global-flags.ts'
import { textAt } from '../../print/json.ts'
import { row, rows, sentence } from '../../print/template.ts'
import { deletion } from '../deletion.ts'
import { timeout, timeoutOf, watch } from '../watch-flags.ts'
import { watchUntil, watchUntilGone } from '../watch-until.ts'
import type { Cloud } from './clouds.ts'
import { askedSetup, printSetup, setupFlags } from './setup.ts'

export function serviceCommands(cloud: Cloud): readonly Leaf[] {
  const { word, provider, product } = cloud
  const arg: Argument = {
    name: 'privateEndpointId',
    usage: 'Identifier of the private endpoint, as `create` and `list` show it.',
    ...(cloud.checksServiceId ? { problem: objectIdProblem } : {}),
  }
  const args = [arg]
  const paramsOf = async (context: Context) => ({
    groupId: await context.groupId(),
    cloudProvider: provider,
    endpointServiceId: context.arg('privateEndpointId'),
  })
  const commandLine = `privateEndpoints ${word}`
  const untilAvailable = async (context: Context, params: Awaited<ReturnType<typeof paramsOf>>) => {
    const client = await context.client()
    return watchUntil(context.io, {
      what: `private endpoint ${params.endpointServiceId}`,
      look: async () => (await client.call('getGroupPrivateEndpointEndpointService', { params })).body,
      statusOf: (service) => service.status,
      done: ['AVAILABLE'],
      failed: ['FAILED'],
      timeoutSeconds: timeoutOf(context),
    })
  }

  return [
    {
      word: 'create',
      short: `Create a new ${product} endpoint service in a region of your project.`,
      role: 'Project Owner',
      flags: [
        { name: 'region', kind: 'text', required: true, usage: "Region, in Atlas's spelling or the cloud's own." },
        ...cloud.createFlags,
        watch,
        timeout,
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
        timeoutOf(context)
        const groupId = await context.groupId()
        const { body } = await (await context.client()).call('createGroupPrivateEndpointEndpointService', {
          params: { groupId },
          body: {
            providerName: provider,
            region: context.text('region'),
            ...(cloud.createFlags.length > 0 ? { portMappingEnabled: context.isOn('portMappingEnabled') } : {}),
          },
        })
        const params = { groupId, cloudProvider: provider, endpointServiceId: body.id }
        await context.print(
          context.isOn('watch') ? await untilAvailable(context, params) : body,
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
      flags: [...setupFlags(cloud), projectId, output],
      examples: [
        ['Show one as JSON:', `${commandLine} describe 5f4fe14da2b47835a58c63a2 --output json`],
        [
          "Write the command that makes the consumer's side of one on this machine:",
          `${commandLine} describe 5f4fe14da2b47835a58c63a2 --setup local`,
        ],
      ],
      async run(context) {
        const setup = askedSetup(context, cloud)
        if (setup !== undefined) return printSetup(context, await paramsOf(context), setup)
        const { body } = await (await context.client()).call('getGroupPrivateEndpointEndpointService', {
          params: await paramsOf(context),
        })
        await context.print(body, row(...cloud.describeColumns))
      },
    },
    deletion({
      short: `Delete one ${product} endpoint service from your project.`,
      long: 'Its interface endpoints must be deleted first. `undo` takes it back for a while.',
      role: 'Project Owner',
      arg,
      flags: [watch, timeout, projectId],
      example: `${commandLine} delete 5f4fe14da2b47835a58c63a2`,
      declined: 'Private endpoint not deleted',
      deleted: (id) => `Private endpoint '${id}' deleted`,
      params: async (context) => {
        timeoutOf(context)
        return { context, params: await paramsOf(context) }
      },
      call: async (client, { context, params }) => {
        await client.call('deleteGroupPrivateEndpointEndpointService', { params })
        if (!context.isOn('watch')) return
        await watchUntilGone(context.io, {
          what: `private endpoint ${params.endpointServiceId}`,
          look: async () => (await client.call('getGroupPrivateEndpointEndpointService', { params })).body,
          statusOf: (service) => service.status,
          timeoutSeconds: timeoutOf(context),
        })
      },
    }),
    {
      word: 'watch',
      short: `Wait until one ${product} endpoint service is available.`,
      long: 'Ends when its status is AVAILABLE, or FAILED: then the exit code is 1 and the error is shown.',
      role: 'Project Read Only',
      args,
      flags: [timeout, projectId],
      examples: [['Wait for one:', `${commandLine} watch 5f4fe14da2b47835a58c63a2`]],
      async run(context) {
        await untilAvailable(context, await paramsOf(context))
        context.say(`\n${cloud.watchedSentence}`)
      },
    },
    {
      word: 'retry',
      short: `Try again to make one ${product} endpoint service that has FAILED.`,
      role: 'Project Owner',
      args,
      flags: [projectId, output],
      examples: [['Try again:', `${commandLine} retry 5f4fe14da2b47835a58c63a2`]],
      async run(context) {
        const { body } = await (await context.client()).call('retryGroupEndpointService', {
          params: await paramsOf(context),
        })
        await context.print(
          body,
          sentence((reply) => `Private endpoint '${textAt(reply, 'id')}' is being retried.`),
        )
      },
    },
    {
      word: 'undo',
      short: `Take back the deletion of one ${product} endpoint service.`,
      long: 'It keeps its id and its name. How long this can be done is a setting of the server.',
      role: 'Project Owner',
      args,
      flags: [projectId, output],
      examples: [['Take it back:', `${commandLine} undo 5f4fe14da2b47835a58c63a2`]],
      async run(context) {
        const { body } = await (await context.client()).call('undoGroupEndpointServiceDeletion', {
          params: await paramsOf(context),
        })
        await context.print(
          body,
          sentence((reply) => `Deletion of private endpoint '${textAt(reply, 'id')}' undone.`),
        )
      },
    },
  ]
}
