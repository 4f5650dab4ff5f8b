// `privateEndpoints <cloud> interfaces update | retry | undo`: ways back, which the Atlas CLI does not have.

import type { BodyInputOf } from '@postern/contract/schemas/operations'
import type { Flag, Leaf } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { output, projectId } from '../../core/global-flags.ts'
import { UsageError } from '../../core/usage-error.ts'
import { textAt } from '../../print/json.ts'
import { sentence } from '../../print/template.ts'
import type { Cloud } from './clouds.ts'
import { policyFlags, policyOf } from './interface-policy.ts'

interface EndpointParams {
  readonly groupId: string
  readonly cloudProvider: Cloud['provider']
  readonly endpointServiceId: string
  readonly endpointId: string
}

export function interfaceRepairs(
  cloud: Cloud,
  parts: {
    readonly commandLine: string
    readonly endpointServiceId: Flag
    readonly paramsOf: (context: Context) => Promise<EndpointParams>
  },
): readonly Leaf[] {
  const { product, interfaces } = cloud
  const { commandLine, endpointServiceId, paramsOf } = parts
  const corrections = interfaces.createFlags
    .filter(({ name }) => name !== 'endpointServiceId')
    .map(({ required, ...flag }) => flag)

  return [
    {
      word: 'update',
      short: `Put right what one interface endpoint of ${product} was attached with, or set its limits and its policy.`,
      long: 'With what it was attached with it is tried again; what is not named stays as it is.',
      role: 'Project Owner',
      args: [interfaces.argument],
      flags: [...corrections, ...limits, ...policyFlags, endpointServiceId, projectId, output],
      examples: [
        ['Let in fewer connections:', `${commandLine} update ${interfaces.exampleId} --connectionLimit 500`],
        ['Open one cluster only:', `${commandLine} update ${interfaces.exampleId} --allowedCluster Cluster0`],
      ],
      async run(context) {
        const body = { ...interfaces.correction(context), ...limitsOf(context), ...(await policyOf(context)) }
        if (Object.keys(body).length === 0) throw new UsageError('nothing to change: give at least one flag')
        const { body: reply } = await (await context.client()).call('updateGroupPrivateEndpoint', {
          params: await paramsOf(context),
          body,
        })
        await context.print(
          reply,
          sentence((endpoint) => `Interface endpoint '${textAt(endpoint, 'endpointId')}' updated.`),
        )
      },
    },
    {
      word: 'retry',
      short: `Try again to attach one interface endpoint of ${product} that was refused.`,
      role: 'Project Owner',
      args: [interfaces.argument],
      flags: [endpointServiceId, projectId, output],
      examples: [['Try again:', `${commandLine} retry ${interfaces.exampleId}`]],
      async run(context) {
        const { body } = await (await context.client()).call('retryGroupPrivateEndpoint', {
          params: await paramsOf(context),
        })
        await context.print(
          body,
          sentence((endpoint) => `Interface endpoint '${textAt(endpoint, 'endpointId')}' is being retried.`),
        )
      },
    },
    {
      word: 'undo',
      short: `Take back the detaching of one interface endpoint of ${product}.`,
      long: 'How long this can be done is a setting of the server.',
      role: 'Project Owner',
      args: [interfaces.argument],
      flags: [endpointServiceId, projectId, output],
      examples: [['Take it back:', `${commandLine} undo ${interfaces.exampleId}`]],
      async run(context) {
        const { body } = await (await context.client()).call('undoGroupPrivateEndpointDeletion', {
          params: await terminatedParams(context, cloud),
        })
        await context.print(
          body,
          sentence((endpoint) => `Deletion of interface endpoint '${textAt(endpoint, 'endpointId')}' undone.`),
        )
      },
    },
  ]
}

const limits: readonly Flag[] = [
  {
    name: 'connectionLimit',
    kind: 'text',
    usage: 'Open connections that each gateway lets in, or "default".',
  },
  {
    name: 'newConnectionLimit',
    kind: 'text',
    usage: 'New connections a second that each gateway lets in, 0 for any number, or "default".',
  },
]

function limitsOf(context: Context): Pick<BodyInputOf<'updateGroupPrivateEndpoint'>, 'limits'> {
  const [connections, newPerSecond] = [limitOf(context, 'connectionLimit'), limitOf(context, 'newConnectionLimit')]
  if (connections === undefined && newPerSecond === undefined) return {}
  return {
    limits: { ...(connections !== undefined && { connections }), ...(newPerSecond !== undefined && { newPerSecond }) },
  }
}

/** Null: as the gateways are set. Throws UsageError for what is neither a number nor "default". */
function limitOf(context: Context, flag: string): number | null | undefined {
  const text = context.optional(flag)
  if (text === undefined) return undefined
  if (text === 'default') return null
  if (!/^\d{1,7}$/.test(text))
    throw new UsageError(
      `invalid value "${text}" for --${flag}: neither a whole number of at most 7 digits nor "default"`,
    )
  return Number(text)
}

/** Services no longer name what was detached: its service is found among the deletions that can be taken back. */
async function terminatedParams(context: Context, { provider, interfaces }: Cloud): Promise<EndpointParams> {
  const groupId = await context.groupId()
  const endpointId = context.arg(interfaces.argument.name)
  const params = { groupId, cloudProvider: provider, endpointId }
  const given = context.optional('endpointServiceId')
  if (given !== undefined) return { ...params, endpointServiceId: given }
  const { body } = await (await context.client()).call('listGroupTerminations', {
    params: { groupId },
    query: { itemsPerPage: 500 },
  })
  const found = body.results.filter((one) => one.cloudProvider === provider && one.endpointId === endpointId)
  const [only, ...others] = found
  if (only === undefined) {
    throw new UsageError(`no deletion of an interface endpoint "${endpointId}" can be undone any more`)
  }
  if (others.length > 0) {
    const lines = found.map((one) => `  ${one.endpointServiceId}   ${one.regionName}   until ${one.undoUntil}`)
    throw new UsageError(
      `"${endpointId}" was detached from several private endpoints; choose one with --endpointServiceId:\n${lines.join('\n')}`,
    )
  }
  return { ...params, endpointServiceId: only.endpointServiceId }
}
