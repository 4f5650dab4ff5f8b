// Which role may do what, and where: the built-in roles, each as a list of grants (MongoDB manual, "Built-In Roles"),
// and roles of the user's own, as privileges. Actions have MongoDB's names; `changeUser` stands for all that change users
// and roles. Atlas hands out `atlasAdmin`; here it may do everything, like `root`. Pure.

const actions = [
  'find',
  'insert',
  'update',
  'remove',
  'createCollection',
  'dropCollection',
  'createIndex',
  'dropIndex',
  'dropDatabase',
  'listCollections',
  'listIndexes',
  'collStats',
  'dbStats',
  'listDatabases',
  'inprog',
  'serverStatus',
  'hostInfo',
  'getLog',
  'getParameter',
  'getCmdLineOpts',
  'replSetGetStatus',
  'replSetGetConfig',
  'replSetStateChange',
  'viewUser',
  'changeUser',
] as const
export type Action = (typeof actions)[number]
export type Role = { readonly role: string; readonly db: string }

/** What somebody wants to act on: the cluster, or a collection; `collection` is '' for the database itself. */
export type Resource = { readonly cluster: true } | { readonly db: string; readonly collection: string }

/** As in `createRole`: '' stands for any database, or any collection. */
export type PrivilegeResource =
  | { readonly cluster: true }
  | { readonly anyResource: true }
  | { readonly db: string; readonly collection: string }
export type Privilege = { readonly resource: PrivilegeResource; readonly actions: readonly string[] }

/** A role of the user's own. Its id is `<db>.<role>`. */
export type RoleRecord = Role & {
  readonly id: string
  readonly privileges: readonly Privilege[]
  readonly roles: readonly Role[]
}

export const roleIdOf = ({ role, db }: Role): string => `${db}.${role}`

/** Who asks: the roles that they hold, and every role of the user's own that there is, by id. */
export type Holder = { readonly roles: readonly Role[]; readonly known: ReadonlyMap<string, RoleRecord> }

/** `own`: the database that the role is granted on. `any`: every one but `local` and `config`. `all`: really all. */
type Scope = 'own' | 'any' | 'all'
type Grant = { readonly scope: Scope; readonly actions: readonly Action[] }

const sizes: readonly Action[] = ['collStats', 'dbStats']
const reading: readonly Action[] = ['find', 'listCollections', 'listIndexes', ...sizes]
const writing: readonly Action[] = [
  'insert',
  'update',
  'remove',
  'createCollection',
  'dropCollection',
  'createIndex',
  'dropIndex',
]
const tending: readonly Action[] = [
  'createCollection',
  'dropCollection',
  'createIndex',
  'dropIndex',
  'dropDatabase',
  'listCollections',
  'listIndexes',
  ...sizes,
]
const monitoring: readonly Action[] = [
  'serverStatus',
  'hostInfo',
  'getLog',
  'getParameter',
  'getCmdLineOpts',
  'replSetGetStatus',
  'replSetGetConfig',
]
const users: readonly Action[] = ['viewUser', 'changeUser']

const grant = (scope: Scope, ...lists: readonly (readonly Action[])[]): Grant => ({ scope, actions: lists.flat() })

const builtInRoles: Readonly<Record<string, readonly Grant[]>> = {
  read: [grant('own', reading)],
  readWrite: [grant('own', reading, writing)],
  dbAdmin: [grant('own', tending)],
  userAdmin: [grant('own', users)],
  dbOwner: [grant('own', reading, writing, tending, users)],
  readAnyDatabase: [grant('any', reading), grant('all', ['listDatabases'])],
  readWriteAnyDatabase: [grant('any', reading, writing), grant('all', ['listDatabases'])],
  dbAdminAnyDatabase: [grant('any', tending), grant('all', ['listDatabases'])],
  userAdminAnyDatabase: [grant('all', users, ['listDatabases'])],
  clusterMonitor: [grant('all', monitoring, sizes, ['inprog', 'listDatabases', 'listCollections', 'listIndexes'])],
  clusterManager: [grant('all', monitoring, ['replSetStateChange'])],
  hostManager: [grant('all', monitoring)],
  clusterAdmin: [
    grant('all', monitoring, sizes, [
      'inprog',
      'replSetStateChange',
      'listDatabases',
      'dropDatabase',
      'listCollections',
      'listIndexes',
    ]),
  ],
  backup: [grant('all', reading, ['listDatabases'])],
  restore: [grant('all', writing, tending, ['changeUser'])],
  enableSharding: [],
  atlasAdmin: [grant('all', actions)],
  root: [grant('all', actions)],
}

/** Roles that exist on every database; the others exist on `admin` alone. */
const databaseRoles: ReadonlySet<string> = new Set(['read', 'readWrite', 'dbAdmin', 'userAdmin', 'dbOwner'])

export const isBuiltIn = ({ role, db }: Role): boolean =>
  Object.hasOwn(builtInRoles, role) && (db === 'admin' || databaseRoles.has(role))

/** May they do `action` there? */
export function mayDo(holder: Holder, action: Action, on: Resource): boolean {
  const held = allRoles(holder)
  return (
    held.some((role) => grantsOf(role).some((one) => one.actions.includes(action) && covers(one.scope, role, on))) ||
    privilegesOf(holder, held).some((one) => one.actions.includes(action) && includes(one.resource, on))
  )
}

/** Has this database anything for them? Whoever may read one collection of it sees that it is there. */
export const maySee = (holder: Holder, db: string): boolean =>
  mayDo(holder, 'find', { db, collection: '' }) ||
  privilegesOf(holder, allRoles(holder)).some(
    ({ resource }) => 'anyResource' in resource || ('db' in resource && (resource.db === '' || resource.db === db)),
  )

/** The roles held, and those that they inherit. */
function allRoles({ roles, known }: Holder): readonly Role[] {
  const all = new Map<string, Role>()
  const add = (role: Role): void => {
    const id = roleIdOf(role)
    if (all.has(id)) return
    all.set(id, role)
    for (const inherited of known.get(id)?.roles ?? []) add(inherited)
  }
  for (const role of roles) add(role)
  return [...all.values()]
}

const privilegesOf = ({ known }: Holder, roles: readonly Role[]): readonly Privilege[] =>
  roles.flatMap((role) => known.get(roleIdOf(role))?.privileges ?? [])

function grantsOf({ role }: Role): readonly Grant[] {
  return (Object.hasOwn(builtInRoles, role) && builtInRoles[role]) || []
}

/** What is done to the whole cluster counts as done to `admin`. */
function covers(scope: Scope, role: Role, on: Resource): boolean {
  const db = 'cluster' in on ? 'admin' : on.db
  switch (scope) {
    case 'own':
      return role.db === db
    case 'any':
      return db !== 'local' && db !== 'config'
    case 'all':
      return true
    default:
      return scope satisfies never
  }
}

function includes(resource: PrivilegeResource, on: Resource): boolean {
  if ('anyResource' in resource) return true
  if ('cluster' in resource || 'cluster' in on) return 'cluster' in resource && 'cluster' in on
  return ['', on.db].includes(resource.db) && ['', on.collection].includes(resource.collection)
}
