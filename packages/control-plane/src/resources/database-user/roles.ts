// Atlas's database roles, and what each is on a MongoDB deployment. All but one are MongoDB's own built-in roles under
// the same name; `atlasAdmin` exists only in Atlas and becomes the built-in roles that it is made of there, so far as a
// deployment of one's own has them. Pure.

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

const invalid = (field: string, description: string): AtlasError =>
  new AtlasError('INVALID_ATTRIBUTE', { attribute: field }, { fields: [{ field, description }] })

/**
 * Throws where a role cannot be given: ATLAS_CUSTOM_ROLE_NOT_FOUND for one that Atlas has not built in,
 * INVALID_ATTRIBUTE for the wrong database or a collection, MISSING_ATTRIBUTE for none, DUPLICATE_DATABASE_ROLES.
 */
export const checkRoles = (username: string, roles: readonly DatabaseUserRole[]): void => {
  if (roles.length === 0) {
    const fields = [{ field: 'roles', description: 'must name at least one role' }]
    throw new AtlasError('MISSING_ATTRIBUTE', { attribute: 'roles' }, { fields })
  }
  for (const [index, { roleName, databaseName, collectionName }] of roles.entries()) {
    const onAdmin = Object.hasOwn(adminRoles, roleName)
    if (!onAdmin && !databaseRoles.has(roleName)) throw new AtlasError('ATLAS_CUSTOM_ROLE_NOT_FOUND', { roleName })
    if (onAdmin && databaseName !== 'admin') {
      throw invalid(`roles[${index}].databaseName`, `${roleName} is given on the admin database`)
    }
    if (collectionName) {
      throw invalid(`roles[${index}].collectionName`, 'roles on one collection are not supported here')
    }
  }
  const spelled = roles.map(({ roleName, databaseName }) => `${roleName}@${databaseName}`)
  const twice = spelled.filter((each, index) => spelled.indexOf(each) !== index)
  if (twice.length > 0) throw new AtlasError('DUPLICATE_DATABASE_ROLES', { username, roles: twice.join(', ') })
}

/** What a user with these roles is given on a deployment. Roles that were checked before. */
export const mongoRoles = (roles: readonly DatabaseUserRole[]): readonly MongoRole[] => {
  const all = roles.flatMap(({ roleName, databaseName }) =>
    (adminRoles[roleName] ?? [roleName]).map((role) => ({ role, db: databaseName })),
  )
  return [...new Map(all.map((each) => [`${each.role}@${each.db}`, each])).values()]
}
