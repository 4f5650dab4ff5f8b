// Which role may do what, and where: the built-in roles, each as a list of grants (MongoDB manual, "Built-In Roles").
// Atlas hands out `atlasAdmin`; here it may do everything, like `root`. Pure.

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
  'stats',
  'listDatabases',
  'monitor',
  'manageSet',
  'viewUser',
  'changeUser',
  'killAnyCursor',
] as const
export type Action = (typeof actions)[number]
export type Role = { readonly role: string; readonly db: string }

/** `own`: the database that the role is granted on. `any`: every one but `local` and `config`. `all`: really all. */
type Scope = 'own' | 'any' | 'all'
type Grant = { readonly scope: Scope; readonly actions: readonly Action[] }

const reading: readonly Action[] = ['find', 'listCollections', 'listIndexes', 'stats']
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
  'stats',
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
  clusterMonitor: [grant('all', ['monitor', 'listDatabases', 'stats', 'listCollections', 'listIndexes'])],
  clusterManager: [grant('all', ['monitor', 'manageSet'])],
  hostManager: [grant('all', ['monitor', 'killAnyCursor'])],
  clusterAdmin: [
    grant('all', [
      'monitor',
      'manageSet',
      'listDatabases',
      'dropDatabase',
      'stats',
      'listCollections',
      'listIndexes',
      'killAnyCursor',
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

export const isRole = ({ role, db }: Role): boolean =>
  Object.hasOwn(builtInRoles, role) && (db === 'admin' || databaseRoles.has(role))

/** May somebody with these roles do `action` on database `db`? Actions on the whole cluster are asked for on `admin`. */
export function mayDo(roles: readonly Role[], action: Action, db: string): boolean {
  return roles.some((role) => grantsOf(role).some((one) => one.actions.includes(action) && covers(one.scope, role, db)))
}

function grantsOf({ role }: Role): readonly Grant[] {
  return (Object.hasOwn(builtInRoles, role) && builtInRoles[role]) || []
}

function covers(scope: Scope, role: Role, db: string): boolean {
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
