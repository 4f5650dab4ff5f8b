// A witness beside the HTTP engine: it holds every successful answer of an Atlas operation against what was recorded
// from Atlas and against Atlas's contract, where they disagree the recording wins. Wrap an engine in it, let any suite
// make its journey, then ask for the differences and for what has not been seen yet.

import { type OperationId, type Route, routes } from '@postern/contract/routes'
import { absentRoutes } from '@postern/contract/routes/absent'
import { groupNetworkRoutes } from '@postern/contract/routes/group-network'
import { inviteRoutes } from '@postern/contract/routes/invite'
import { machineRoutes } from '@postern/contract/routes/machine'
import { peopleRoutes } from '@postern/contract/routes/people'
import {
  alternatives,
  contractOf,
  leafFits,
  type Recording,
  recordings,
  type Schema,
} from './contract-schema.testing.ts'
import type { Http } from './http.ts'
import { compileRoutes } from './match.ts'

export interface Exemption {
  readonly operations: readonly OperationId[]
  /** As differences name it: `connectionStrings.privateEndpoint[].srvConnectionString`. */
  readonly field: string
  readonly reason: string
}

export interface Witness {
  readonly watch: (http: Http) => Http
  /** One line each; empty is good. */
  readonly differences: () => readonly string[]
  readonly covered: () => ReadonlySet<OperationId>
  /** Atlas operations of the route table that no answer was seen of. */
  readonly uncovered: () => readonly OperationId[]
}

/** Statuses that neither a recording nor the contract has, each with where it comes from. */
const knownStatuses: Partial<Record<OperationId, { readonly status: number; readonly reason: string }>> = {
  createGroupPrivateEndpointEndpointServiceEndpoint: { status: 201, reason: "expected by the clients' own tests" },
  deleteGroupPrivateEndpointEndpointServiceEndpoint: { status: 202, reason: 'as its service is recorded' },
  enableGroupManagedSlowMs: {
    status: 204,
    reason: 'the contract leaves it out, the official Terraform provider calls it',
  },
  disableGroupManagedSlowMs: { status: 204, reason: 'as its counterpart' },
  toggleGroupPrivateEndpointRegionalMode: { status: 202, reason: "expected by the clients' own tests" },
}

/** Operations that show one thing alike: a recording of one says what another may leave out, or never was recorded. */
const alike: readonly (readonly OperationId[])[] = [
  ['getGroup', 'getGroupByName'],
  ['createGroupCluster', 'getGroupCluster', 'updateGroupCluster'],
  ['getGroupClusterProcessArgs', 'updateGroupClusterProcessArgs'],
  ['createGroupFlexCluster', 'getGroupFlexCluster', 'updateGroupFlexCluster'],
  ['createGroupDatabaseUser', 'getGroupDatabaseUser', 'updateGroupDatabaseUser'],
  ['createGroupCustomDbRoleRole', 'getGroupCustomDbRoleRole', 'updateGroupCustomDbRoleRole'],
  ['getGroupPrivateEndpointEndpointService', 'updateGroupPrivateEndpointEndpointService'],
]
/** Lists, and the operation that shows one of their items alone; `getOrgGroups` was never recorded. */
const lists: Partial<Record<OperationId, OperationId>> = {
  listGroupClusters: 'getGroupCluster',
  listGroupFlexClusters: 'getGroupFlexCluster',
  listGroupDatabaseUsers: 'getGroupDatabaseUser',
}
const listedAs: Partial<Record<OperationId, OperationId>> = { getOrgGroups: 'listGroups' }
/** Operations that show one item of what was recorded only as a list. */
const itemsOf: Partial<Record<OperationId, OperationId>> = {
  getGroupEvent: 'listGroupEvents',
  getOrgEvent: 'listOrgEvents',
  ...each('listOrgUsers', ['createOrgUser', 'getOrgUser', 'updateOrgUser', 'addOrgUserRole', 'removeOrgUserRole']),
  ...each('listOrgTeamUsers', ['addOrgTeamUser', 'removeOrgTeamUser']),
  ...each('listGroupUsers', ['addGroupUsers', 'getGroupUser', 'addGroupUserRole', 'removeGroupUserRole']),
}
/** Lists of people whose oldest version was never recorded; that of a team that grew shows the same accounts. */
const oldPeople: readonly OperationId[] = ['listOrgUsers', 'listGroupUsers', 'listOrgTeamUsers']
/** A version that only writing has is answered as the one that reading has. */
const readAs: Readonly<Record<string, string>> = { '2024-10-23': '2024-08-05' }

/**
 * Where the contract contradicts what Atlas really sends (every real id is `vpce-…`, and names have spaces), or itself:
 * managed users are `CN=<name>` and nothing else, though the pattern of `subject` wants a domain component.
 */
const contradicted = new Set([
  'interfaceEndpoints[]',
  '[].interfaceEndpoints[]',
  'results[].groupName',
  'results[].orgName',
  'results[].subject',
])
/** Private endpoints and process arguments show what they have not as null (recorded), though the contract calls nothing nullable. */
const showsNulls = (operation: OperationId): boolean => /PrivateEndpoint|ProcessArgs/.test(operation)

/**
 * Of Atlas, and in neither fixture: tests of their own hold them to what the clients read, in resources/invitation/,
 * resources/absent/ and resources/cluster/change.test.ts.
 */
const beyondFixtures: ReadonlySet<string> = new Set([
  ...Object.keys(inviteRoutes),
  ...Object.keys(absentRoutes),
  'getGroupClusterGlobalWrites',
])

const isAtlasOperation = (operation: OperationId): boolean =>
  routes[operation].path.startsWith('/api/atlas/') && !beyondFixtures.has(operation)

/** What people-journey.test.ts walks, and contract-journey.test.ts need not. */
export const peopleOperations: readonly OperationId[] = [
  'createOrg',
  'updateOrg',
  'deleteOrg',
  'getOrgSettings',
  'updateOrgSettings',
  'updateGroup',
  'getGroupSettings',
  'updateGroupSettings',
  ...(Object.keys(peopleRoutes) as (keyof typeof peopleRoutes)[]),
].filter((operation): operation is OperationId => isAtlasOperation(operation as OperationId))

/** What machine-journey.test.ts walks, and contract-journey.test.ts need not. */
export const machineOperations: readonly OperationId[] = [
  ...(Object.keys(machineRoutes) as (keyof typeof machineRoutes)[]),
  ...(Object.keys(groupNetworkRoutes) as (keyof typeof groupNetworkRoutes)[]),
  'getSystemStatus' as const,
].filter(isAtlasOperation)

export const createContractWitness = (exemptions: readonly Exemption[] = []): Witness => {
  const match = compileRoutes(routes)
  const differences = new Set<string>()
  const covered = new Set<OperationId>()

  const saw = (operation: OperationId, answer: Recording): void => {
    covered.add(operation)
    const exempt = exemptions.filter(({ operations }) => operations.includes(operation)).map(({ field }) => field)
    for (const difference of compare(operation, answer, exempt)) differences.add(`${operation}: ${difference}`)
  }

  return {
    watch: (http) => ({
      fetch: async (request, info) => {
        const found = match(request.method, info.rawTarget.split('?', 1)[0] ?? '')
        const response = await http.fetch(request, info)
        if (found.found !== 'operation' || found.legacy || !response.ok || !isAtlasOperation(found.operation))
          return response
        const text = await response.clone().text()
        saw(found.operation, {
          operation: found.operation,
          status: response.status,
          contentType: response.headers.get('content-type') ?? '',
          body: text === '' ? '' : text.startsWith('-----BEGIN ') ? text : JSON.parse(text),
        })
        return response
      },
    }),
    differences: () => [...differences].sort(),
    covered: () => covered,
    uncovered: () =>
      (Object.keys(routes) as OperationId[]).filter(
        (operation) => isAtlasOperation(operation) && !covered.has(operation),
      ),
  }
}

/** What is wrong with one answer, in a line each. */
export const compare = (
  operation: OperationId,
  answer: Recording,
  exempt: readonly string[] = [],
): readonly string[] => {
  const recorded = successes(listedAs[operation] ?? operation)
  const contract = contractOf(operation)
  const problems: string[] = []

  const statuses = recorded.length > 0 ? recorded.map(({ status }) => status) : (contract?.statuses ?? [])
  if (!statuses.includes(answer.status) && knownStatuses[operation]?.status !== answer.status)
    problems.push(`status ${answer.status}, not ${[...new Set(statuses)].join(' or ')}`)
  const route: Route = routes[operation]
  const types = route.versions.map((version) => `application/vnd.atlas.${version}+json;charset=utf-8`)
  if (!types.includes(answer.contentType)) problems.push(`content type ${answer.contentType}`)
  if (answer.body === '') return answer.status === 204 ? problems : [...problems, 'no body']

  const schema = contract?.schemaOf(answer.contentType.split(';', 1)[0] ?? '')
  const measure = {
    shapes: shapesOf(operation, answer.contentType),
    schemas: schema ? alternatives(schema) : [],
    // The answer to a POST that gave no tags has none, while a GET of the same thing shows an empty list (recorded).
    exempt: operation.startsWith('create') ? [...exempt, 'tags'] : exempt,
    nulls: showsNulls(operation),
  }
  return [...problems, ...hold('', answer.body, measure)]
}

const successes = (operation: OperationId): readonly Recording[] =>
  recordings.filter((each) => each.operation === operation && each.status < 300)

function each(list: OperationId, operations: readonly OperationId[]): Partial<Record<OperationId, OperationId>> {
  return Object.fromEntries(operations.map((operation) => [operation, list]))
}

/** Every recorded body that this operation's may look like, in this version. */
const shapesOf = (operation: OperationId, contentType: string): readonly unknown[] => {
  const version = /\d{4}-\d\d-\d\d/.exec(contentType)?.[0] ?? ''
  const ofVersion = (of: OperationId) =>
    successes(of)
      .filter((each) => [version, readAs[version] ?? version].some((date) => each.contentType.includes(date)))
      .map(({ body }) => body)
  if (version === '2023-01-01' && oldPeople.includes(operation)) return ofVersion('addOrgTeamUsers')
  const list = itemsOf[operation]
  if (list !== undefined)
    return ofVersion(list)
      .filter(isObject)
      .flatMap(({ results }) => results as readonly unknown[])
  const group = alike.find((operations) => operations.includes(operation)) ?? [listedAs[operation] ?? operation]
  const item = lists[operation]
  if (item === undefined) return group.flatMap(ofVersion)
  const items = (alike.find((operations) => operations.includes(item)) ?? [item]).flatMap(ofVersion)
  return ofVersion(operation)
    .filter(isObject)
    .map((page) => ({ ...page, results: [...((page.results as readonly unknown[]) ?? []), ...items] }))
}

interface Measure {
  /** Recorded at this place, as kinds. */
  readonly shapes: readonly unknown[]
  /** Flat forms that the contract allows at this place. */
  readonly schemas: readonly Schema[]
  readonly exempt: readonly string[]
  readonly nulls: boolean
}

const hold = (path: string, value: unknown, measure: Measure): readonly string[] => {
  if (Array.isArray(value)) return holdArray(path, value, measure)
  if (typeof value === 'object' && value !== null) return holdObject(path, value, measure)
  const { shapes, schemas } = measure
  if (contradicted.has(path) || (measure.nulls && value === null && schemas.length > 0)) return []
  if (shapes.some((shape) => shape === kindOf(value) || shape === wider[kindOf(value)])) return []
  if (schemas.some((schema) => leafFits(value, schema))) return []
  return [`${path || 'the body'} is ${kindOf(value)} (${JSON.stringify(value)}), not ${expected(measure)}`]
}

const holdArray = (path: string, value: readonly unknown[], of: Measure): readonly string[] => {
  const { shapes, schemas } = of
  const recorded = shapes.filter(Array.isArray)
  const items = schemas.flatMap((schema) => (schema.items ? [schema.items] : []))
  if (recorded.length === 0 && items.length === 0) return [`${path || 'the body'} is a list, not ${expected(of)}`]
  const measure = { ...of, shapes: recorded.flat(), schemas: items.flatMap((item) => alternatives(item)) }
  return value.flatMap((each) => hold(`${path}[]`, each, measure))
}

const holdObject = (path: string, value: object, of: Measure): readonly string[] => {
  const { exempt } = of
  const named = of.schemas.filter(({ when }) => !when || Reflect.get(value, when.field) === when.value)
  const schemas = named.length > 0 ? named : of.schemas
  const typed = schemas.filter(({ properties }) => Object.keys(properties ?? {}).length > 0)
  const objects = of.shapes.filter(isObject).filter((shape) => !isOfAnotherKind(shape, schemas))
  const free = schemas.some(({ type, properties }) => type === 'object' && Object.keys(properties ?? {}).length === 0)
  const place = (key: string) => (path === '' ? key : `${path}.${key}`)

  const problems = Object.entries(value).flatMap(([key, each]) => {
    const keyShapes = objects.flatMap((shape) => (key in shape ? [shape[key]] : []))
    const keySchemas = typed.flatMap(({ properties }) => (properties?.[key] ? alternatives(properties[key]) : []))
    if (keyShapes.length > 0 || keySchemas.length > 0)
      return hold(place(key), each, { ...of, shapes: keyShapes, schemas: keySchemas })
    return free ? [] : [`${place(key)} is neither recorded nor in the contract`]
  })
  const wanted = objects.length > 0 ? objects.map(Object.keys) : typed.map(({ required }) => required ?? [])
  const missing = fewest(
    wanted.map((keys) => keys.filter((key) => !(key in value) && !exempt.includes(place(key)))),
  ).map((key) => `${place(key)} is missing`)
  return [
    ...problems,
    ...missing,
    ...misplaced(Object.keys(value), objects).map((key) => `${place(key)} is out of order`),
  ]
}

/** True for a recording of another cloud's thing: it has fields that this one cannot have. */
const isOfAnotherKind = (shape: object, schemas: readonly Schema[]): boolean =>
  schemas.some(({ when }) => when !== undefined) &&
  !schemas.some(({ properties }) => Object.keys(shape).every((key) => key in (properties ?? {})))

const isObject = (shape: unknown): shape is Readonly<Record<string, unknown>> =>
  typeof shape === 'object' && shape !== null && !Array.isArray(shape)

/** What an object lacks of the recording that it lacks least of: recordings differ by cloud, state and options. */
const fewest = (lists: readonly (readonly string[])[]): readonly string[] =>
  lists.toSorted((one, other) => one.length - other.length)[0] ?? []

/** Keys that come after one which follows them in the recording that is most like this object. */
const misplaced = (
  keys: readonly string[],
  objects: readonly Readonly<Record<string, unknown>>[],
): readonly string[] => {
  const shared = (shape: object) => keys.filter((key) => key in shape).length
  const nearest = objects.toSorted((one, other) => shared(other) - shared(one))[0]
  if (!nearest) return []
  const places = keys.filter((key) => key in nearest).map((key) => ({ key, at: Object.keys(nearest).indexOf(key) }))
  return places.filter(({ at }, index) => index > 0 && at < (places[index - 1]?.at ?? 0)).map(({ key }) => key)
}

/** The kinds of recorded-shapes.json. */
const kindOf = (value: unknown): string => {
  if (value === null) return 'null'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  if (typeof value !== 'string') return typeof value
  if (/^[0-9a-f]{24}$/.test(value)) return 'id'
  if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value)) return 'timestamp'
  return /^(https?|mongodb(?:\+srv)?):\/\//.exec(value)?.[1]?.concat('-url') ?? 'string'
}

/** Kinds that are a case of another one; a server behind TLS links to https where Atlas's proxy was recorded with http. */
const wider: Readonly<Record<string, string>> = {
  id: 'string',
  integer: 'number',
  'https-url': 'http-url',
  number: 'integer',
}

const expected = ({ shapes, schemas }: Measure): string => {
  const recorded = [
    ...new Set(
      shapes.map((shape) => (isObject(shape) ? 'an object' : Array.isArray(shape) ? 'a list' : String(shape))),
    ),
  ]
  const specified = [
    ...new Set(schemas.map(({ type, enum: words, pattern }) => words?.join('|') ?? pattern ?? type ?? 'anything')),
  ]
  return [...recorded, ...specified].join(' or ') || 'anything known'
}
