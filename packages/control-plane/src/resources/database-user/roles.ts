// Atlas's database roles, and what each is on a MongoDB deployment. All but one are MongoDB's own built-in roles under
// the same name; `atlasAdmin` exists only in Atlas and becomes the built-in roles that it is made of there, so far as a
// deployment of one's own has them. Custom roles of the group live on `admin`, under their name. Pure.

import { AtlasError } from '@postern/contract/errors'
import type { DatabaseUserRole } from '@postern/contract/schemas/database-user'

export interface MongoRole {
  readonly role: string
  readonly db: string
}

/** Roles that exist on `admin` alone. */
const adminRoles: Readonly<Record<string, readonly string[]>> = {
  atlasAdmin: ['readWriteAnyDatabase', 'readAnyDatabase', 'dbAdminAnyDatabase', 'clusterMonitor', 'enableSharding'],
  backup: ['backup'],
  clusterMonitor: ['clusterMonitor'],
  dbAdminAnyDatabase: ['dbAdminAnyDatabase'],
  enableSharding: ['enableSharding'],
  readAnyDatabase: ['readAnyDatabase'],
  readWriteAnyDatabase: ['readWriteAnyDatabase'],
}

/** Roles that are given on one database. */
const databaseRoles: ReadonlySet<string> = new Set(['dbAdmin', 'read', 'readWrite'])

/** Built into MongoDB and not given by Atlas: a custom role of the name would hide what it is. */
const mongoRolesOnly: ReadonlySet<string> = new Set([
  '__queryableBackup',
  '__system',
  'clusterAdmin',
  'clusterManager',
  'dbOwner',
  'directShardOperations',
  'hostManager',
  'restore',
  'root',
  'searchCoordinator',
  'userAdmin',
  'userAdminAnyDatabase',
])

/** Where a role that Atlas has built in is given: on `admin` alone, on any database; null: it is none. */
export const builtInScope = (role: string): 'admin' | 'database' | null =>
  Object.hasOwn(adminRoles, role) ? 'admin' : databaseRoles.has(role) ? 'database' : null

/** True for a name that a custom role cannot have. */
export const isBuiltInName = (role: string): boolean => builtInScope(role) !== null || mongoRolesOnly.has(role)

const invalid = (field: string, description: string): AtlasError =>
  new AtlasError('INVALID_ATTRIBUTE', { attribute: field }, { fields: [{ field, description }] })

/** The custom roles among them, by name. */
export const customRoleNames = (roles: readonly Pick<DatabaseUserRole, 'roleName'>[]): readonly string[] =>
  roles.map(({ roleName }) => roleName).filter((name) => builtInScope(name) === null)

/**
 * Throws where a role cannot be given: ATLAS_CUSTOM_ROLE_NOT_FOUND for one that is neither built in nor among `custom`,
 * UNSUPPORTED_ROLE for a custom one on another database than admin, INVALID_ATTRIBUTE for the wrong database or a
 * collection, MISSING_ATTRIBUTE for none, DUPLICATE_DATABASE_ROLES.
 */
export const checkRoles = (username: string, roles: readonly DatabaseUserRole[], custom: ReadonlySet<string>): void => {
  if (roles.length === 0) {
    const fields = [{ field: 'roles', description: 'must name at least one role' }]
    throw new AtlasError('MISSING_ATTRIBUTE', { attribute: 'roles' }, { fields })
  }
  for (const [index, { roleName, databaseName, collectionName }] of roles.entries()) {
    const scope = builtInScope(roleName)
    if (scope === null && !custom.has(roleName)) throw new AtlasError('ATLAS_CUSTOM_ROLE_NOT_FOUND', { roleName })
    if (scope === null && databaseName !== 'admin') {
      const field = `roles[${index}].databaseName`
      const fields = [{ field, description: `${roleName} is a custom role: it is given on the admin database` }]
      throw new AtlasError('UNSUPPORTED_ROLE', { roleName, databaseName }, { fields })
    }
    if (scope === 'admin' && databaseName !== 'admin') {
      throw invalid(`roles[${index}].databaseName`, `${roleName} is given on the admin database`)
    }
    if (collectionName) {
      throw invalid(
        `roles[${index}].collectionName`,
        'roles on one collection are not supported here; a custom role can be limited to one',
      )
    }
  }
  const spelled = roles.map(({ roleName, databaseName }) => `${roleName}@${databaseName}`)
  const twice = spelled.filter((each, index) => spelled.indexOf(each) !== index)
  if (twice.length > 0) throw new AtlasError('DUPLICATE_DATABASE_ROLES', { username, roles: twice.join(', ') })
}

/** What a user with these roles is given on a deployment. Roles that were checked before. */
export const mongoRoles = (roles: readonly DatabaseUserRole[]): readonly MongoRole[] => {
  const all = roles.flatMap(({ roleName, databaseName }) =>
    ((Object.hasOwn(adminRoles, roleName) && adminRoles[roleName]) || [roleName]).map((role) => ({
      role,
      db: databaseName,
    })),
  )
  return [...new Map(all.map((each) => [`${each.role}@${each.db}`, each])).values()]
}
