// One operation as a command: parameters of path and query are flags under the API's names, the body comes from a file,
// the answer is printed as JSON unless `-o` says otherwise.

import { writeFile } from 'node:fs/promises'
import type { Client } from '@postern/contract/client'
import { pathParameters, queryParameters } from '@postern/contract/openapi/parameters'
import { operationInputs } from '@postern/contract/operation-inputs'
import { type OperationId, type Route, routes } from '@postern/contract/routes'
import type { Flag, Leaf } from '../../core/command.ts'
import { type Context, objectIdProblem } from '../../core/context.ts'
import { output } from '../../core/global-flags.ts'
import { UsageError } from '../../core/usage-error.ts'
import type { Template } from '../../print/template.ts'
import { readBody } from './read-body.ts'

/** What `atlas api privateEndpointServices` called these operations first. */
const formerNames: Readonly<Partial<Record<OperationId, readonly string[]>>> = {
  createGroupPrivateEndpointEndpointService: ['createPrivateEndpointService'],
  updateGroupPrivateEndpointEndpointService: ['updatePrivateEndpointService'],
  listGroupPrivateEndpointEndpointService: ['listPrivateEndpointServices', 'listPrivateEndpointService'],
  getGroupPrivateEndpointEndpointService: ['getPrivateEndpointService'],
  deleteGroupPrivateEndpointEndpointService: ['deletePrivateEndpointService'],
  createGroupPrivateEndpointEndpointServiceEndpoint: ['createPrivateEndpoint'],
  getGroupPrivateEndpointEndpointServiceEndpoint: ['getPrivateEndpoint'],
  deleteGroupPrivateEndpointEndpointServiceEndpoint: ['deletePrivateEndpoint'],
  getGroupPrivateEndpointRegionalMode: ['getRegionalEndpointMode'],
  toggleGroupPrivateEndpointRegionalMode: ['toggleRegionalEndpointMode'],
}

export function operationCommand(operation: OperationId, summary: string): Leaf {
  const route: Route = routes[operation]
  const former = formerNames[operation]
  const inputs = operationInputs[operation] ?? {}
  return {
    word: operation,
    ...(former === undefined ? {} : { aliases: former }),
    short: `${summary}.`,
    long: `${route.method} ${route.path}`,
    flags: [
      ...pathNames(route).map(pathFlag),
      ...queryNames(inputs.query).map(({ name, many }) => queryFlag(name, many ? 'list' : 'text')),
      ...(route.paged === true
        ? ['pageNum', 'itemsPerPage', 'includeCount'].map((name) => queryFlag(name, 'text'))
        : []),
      ...(route.versions.length > 0 ? [queryFlag('envelope', 'switch'), versionFlag(route)] : []),
      ...(inputs.body === undefined
        ? []
        : [{ ...fileFlag, ...(inputs.body === 'required' && { required: true as const }) }]),
      output,
      outputFile,
    ],
    run: (context) => runOperation(context, operation),
  }
}

const fileFlag: Flag = {
  name: 'file',
  kind: 'text',
  completes: 'files',
  usage: 'File with the body, as JSON or (.yaml, .yml) YAML; - is standard input.',
}

const outputFile: Flag = {
  name: 'outputFile',
  kind: 'text',
  completes: 'files',
  usage: 'File that the answer is written to, in place of standard output.',
}

const versionFlag = ({ versions }: Route): Flag => ({
  name: 'version',
  kind: 'text',
  completes: versions,
  usage: `Version of the operation: ${versions.join(', ')}. The newest when left out.`,
})

/** Project and organization may come from profile or environment. */
const fromProfile: Readonly<Record<string, Pick<Flag, 'also'>>> = {
  groupId: { also: ['projectId'] },
  orgId: {},
}

const pathFlag = (name: string): Flag => ({
  name,
  kind: 'text',
  usage: pathParameters[name]?.description ?? `The ${name} of the path.`,
  ...(name === 'cloudProvider' && { completes: ['AWS', 'AZURE', 'GCP'] }),
  ...(fromProfile[name] ?? { required: true }),
})

const queryFlag = (name: string, kind: Flag['kind']): Flag => ({
  name,
  kind,
  usage: queryParameters[name] ?? `The ${name} of the query.`,
})

const pathNames = ({ path }: Route): readonly string[] => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '')

const queryNames = (query = ''): readonly { readonly name: string; readonly many: boolean }[] =>
  query
    .split(' ')
    .filter((word) => word !== '')
    .map((word) => ({ name: word.replace('[]', ''), many: word.endsWith('[]') }))

interface LooseRequest {
  readonly params: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, unknown>>
  readonly body?: unknown
  readonly version?: string
}
/** The client's types ask for what the flags have checked already: one operation at a time cannot be named here. */
type LooseCall = (operation: OperationId, request: LooseRequest) => Promise<{ readonly body: unknown }>

const template: Template = {
  plain: (reply) => {
    if (reply === undefined) return ''
    return typeof reply === 'string' ? `${reply.replace(/\n$/, '')}\n` : `${JSON.stringify(reply, null, 2)}\n`
  },
}

async function runOperation(context: Context, operation: OperationId): Promise<void> {
  const route: Route = routes[operation]
  const version = context.optional('version')
  if (version !== undefined && !route.versions.includes(version)) {
    throw new UsageError(`${operation} has no version "${version}"; there are ${route.versions.join(', ')}`)
  }
  // Before the server is asked for: a body that cannot be read is no reason to log in.
  const file = context.optional('file')
  const body = file === undefined ? undefined : await readBody(file, context.io.stdin)
  const client = route.stream === true ? await context.streamingClient() : await context.client()
  const { body: reply } = await (client.call as Client['call'] & LooseCall)(operation, {
    params: await paramsOf(context, route),
    query: queryOf(context, operation),
    ...(body === undefined ? {} : { body }),
    ...(version === undefined ? {} : { version }),
  })
  if (route.stream === true) return
  const written = context.optional('outputFile')
  if (written === undefined) return context.print(reply, template)
  await writeFile(written, await context.printed(reply, template)).catch((problem: NodeJS.ErrnoException) => {
    throw new UsageError(`cannot write ${written}: ${problem.code ?? problem.message}`)
  })
}

async function paramsOf(context: Context, route: Route): Promise<Readonly<Record<string, string>>> {
  const params: Record<string, string> = {}
  for (const name of pathNames(route)) params[name] = await paramOf(context, name)
  return params
}

async function paramOf(context: Context, name: string): Promise<string> {
  const found = name === 'groupId' || name === 'orgId' ? (await context.server())[name] : undefined
  const value = context.optional(name) ?? found
  if (value === undefined) throw new UsageError(`required flag(s) "${name}" not set`)
  const problem = name in fromProfile ? objectIdProblem(value) : undefined
  if (problem !== undefined) throw new UsageError(problem)
  return value
}

function queryOf(context: Context, operation: OperationId): Readonly<Record<string, unknown>> {
  const own = queryNames(operationInputs[operation]?.query).map(({ name, many }) => {
    const list = many ? context.list(name) : []
    return [name, many ? (list.length === 0 ? undefined : list) : context.optional(name)]
  })
  const common = ['pageNum', 'itemsPerPage', 'includeCount'].map((name) => [name, context.optional(name)])
  return Object.fromEntries([...own, ...common, ...(context.isOn('envelope') ? [['envelope', true]] : [])])
}
