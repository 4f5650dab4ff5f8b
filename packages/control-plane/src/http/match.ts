// Which operation a request means: method and raw path against the route table. Segments are split before they are
// decoded, because Azure endpoint ids and X.509 user names carry %2F; a dot segment is a segment like any other, since
// nothing here is a file; an Azure resource id that came with bare slashes is taken for the one segment that it means. A fixed segment beats a parameter (`/groups/byName/x`), and a parameter with a custom method
// (`/users/{userId}:addRole`) beats a bare one; leading `//` and one trailing `/` are forgiven (a client that glues a base URL with a trailing slash sends the first, a person the second).

import type { OperationId, Route } from '@postern/contract/routes'

type Method = Route['method']

export type Match =
  | {
      readonly found: 'operation'
      readonly operation: OperationId
      /** As they came, still percent-encoded. */
      readonly rawParams: Readonly<Record<string, string>>
      /** Reached under /api/atlas/v1.0. */
      readonly legacy: boolean
    }
  | { readonly found: 'otherMethods'; readonly allowed: readonly Method[] }
  | { readonly found: 'nothing' }

interface Leaf {
  readonly operation: OperationId
  readonly names: readonly string[]
  readonly legacy: boolean
}

interface Node {
  readonly fixed: Map<string, Node>
  /** By the custom method behind the parameter, its colon included; '' for a bare one. */
  readonly parameters: Map<string, Node>
  readonly leaves: Map<Method, Leaf>
}

const v2 = /^\/api\/atlas\/v2(?=\/|$)/
const v1 = '/api/atlas/v1.0'

const emptyNode = (): Node => ({ fixed: new Map(), parameters: new Map(), leaves: new Map() })

/**
 * Prepares a route table for matching. Throws where two operations claim one method and path: a table that says two
 * things is a bug to be found at start.
 */
export const compileRoutes = (
  table: Readonly<Partial<Record<OperationId, Route>>>,
): ((method: string, rawPath: string) => Match) => {
  const root = emptyNode()
  for (const [operation, route] of Object.entries(table) as [OperationId, Route][]) {
    add(root, { path: route.path, method: route.method, operation, legacy: false })
    if (route.v1) add(root, { path: route.path.replace(v2, v1), method: route.method, operation, legacy: true })
  }
  return (method, rawPath) => find(root, method, segmentsOf(rawPath))
}

const add = (
  root: Node,
  claim: {
    readonly path: string
    readonly method: Method
    readonly operation: OperationId
    readonly legacy: boolean
  },
): void => {
  const names: string[] = []
  let node = root
  for (const segment of claim.path.slice(1).split('/')) {
    const [, name, custom = ''] = /^\{(\w+)\}(:\w+)?$/.exec(segment) ?? []
    if (name !== undefined) names.push(name)
    node = name === undefined ? childOf(node.fixed, segment) : childOf(node.parameters, custom)
  }
  const other = node.leaves.get(claim.method)
  if (other) throw new Error(`${claim.operation} and ${other.operation} both claim ${claim.method} ${claim.path}`)
  node.leaves.set(claim.method, { operation: claim.operation, names, legacy: claim.legacy })
}

const childOf = (children: Map<string, Node>, key: string): Node => {
  const child = children.get(key) ?? emptyNode()
  children.set(key, child)
  return child
}

const segmentsOf = (rawPath: string): readonly string[] =>
  rawPath.replace(bareResourceId, joined).replace(/^\/+/, '').replace(/\/$/, '').split('/')

/** Scripts and proxies send it unescaped, with its own leading slash or folded into the path's. */
const bareResourceId =
  /\/{1,2}(subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\/microsoft\.network\/privateendpoints\/[^/]+)$/i

const joined = (_: string, id: string): string => `/%2F${id.replaceAll('/', '%2F')}`

const find = (root: Node, method: string, segments: readonly string[]): Match => {
  const asked = method === 'HEAD' ? 'GET' : method
  const allowed = new Set<Method>()
  const walk = (node: Node, at: number, values: readonly string[]): Match | undefined => {
    const segment = segments[at]
    if (segment === undefined) {
      const leaf = node.leaves.get(asked as Method)
      for (const each of node.leaves.keys()) allowed.add(each)
      return leaf && operationMatch(leaf, values)
    }
    const fixed = node.fixed.get(segment)
    const straight = fixed && walk(fixed, at + 1, values)
    if (straight) return straight
    const [, value, custom] = /^(.+)(:\w+)$/.exec(segment) ?? []
    const called = custom === undefined ? undefined : node.parameters.get(custom)
    const calling = called && value !== undefined && walk(called, at + 1, [...values, value])
    if (calling) return calling
    const bare = segment === '' ? undefined : node.parameters.get('')
    return bare && walk(bare, at + 1, [...values, segment])
  }
  return (
    walk(root, 0, []) ??
    (allowed.size > 0 ? { found: 'otherMethods', allowed: [...allowed].sort() } : { found: 'nothing' })
  )
}

const operationMatch = (leaf: Leaf, values: readonly string[]): Match => ({
  found: 'operation',
  operation: leaf.operation,
  rawParams: Object.fromEntries(leaf.names.map((name, at) => [name, values[at] as string])),
  legacy: leaf.legacy,
})
