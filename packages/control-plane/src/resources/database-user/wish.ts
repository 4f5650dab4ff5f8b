// What a caller wishes for a database user, checked: from a create request, or from a change of one that exists. Pure;
// everything that no deployment could have is refused here, and the refusal names the field.

import { AtlasError } from '@postern/contract/errors'
import type { BodyOf } from '@postern/contract/schemas/operations'
import { endOfLife, type TemporaryRules } from '../../fidelity/temporary.ts'
import { commonName } from './managed-name.ts'
import { checkRoles } from './roles.ts'
import { parseUserSpec, type UserRow, type UserSpec, usesPassword } from './user.ts'

export interface UserWish {
  readonly spec: UserSpec
  /** Null: none was given (a change that leaves it), or the user has none. */
  readonly password: string | null
  readonly deleteAfter: Date | null
}

const invalid = (field: string, description: string): AtlasError =>
  new AtlasError('INVALID_ATTRIBUTE', { attribute: field }, { fields: [{ field, description }] })
const missing = (field: string): AtlasError =>
  new AtlasError('MISSING_ATTRIBUTE', { attribute: field }, { fields: [{ field, description: 'is missing' }] })

/** The control plane's own administrators are called so. */
const reservedPrefix = '__postern'

export interface Circumstances extends TemporaryRules {
  /** Names of the group's own roles. */
  readonly customRoles: ReadonlySet<string>
}

/**
 * Throws AtlasError: MISSING_ATTRIBUTE, INVALID_ATTRIBUTE, ATLAS_CUSTOM_ROLE_NOT_FOUND, DUPLICATE_DATABASE_ROLES,
 * DATABASE_NAME_INVALID_ADMIN, DATABASE_NAME_INVALID_EXTERNAL, EXPIRATION_DATE_IN_PAST, UNSUPPORTED_ROLE,
 * and the ATLAS_X509_… of `checkCertificate`.
 */
export const newUser = (body: BodyOf<'createGroupDatabaseUser'>, circumstances: Circumstances): UserWish => {
  if (body.username.startsWith(reservedPrefix)) throw invalid('username', `must not begin with ${reservedPrefix}`)
  if (body.roles === undefined) throw missing('roles')
  checkRoles(body.username, body.roles, circumstances.customRoles)
  const spec: UserSpec = {
    awsIAMType: body.awsIAMType ?? 'NONE',
    ldapAuthType: body.ldapAuthType ?? 'NONE',
    oidcAuthType: body.oidcAuthType ?? 'NONE',
    x509Type: body.x509Type ?? 'NONE',
    description: body.description ?? null,
    labels: body.labels ?? [],
    roles: body.roles.map(({ roleName, databaseName }) => ({ roleName, databaseName })),
    scopes: body.scopes ?? [],
  }
  checkCertificate(spec, body)
  checkProof(spec, body)
  return {
    spec,
    password: body.password ?? null,
    deleteAfter: endOfLife(body.deleteAfterDate, 'deleteAfterDate', circumstances),
  }
}

/** What an X.509 user cannot have besides, with Atlas's own codes. */
const checkCertificate = (spec: UserSpec, body: BodyOf<'createGroupDatabaseUser'>): void => {
  if (spec.x509Type === 'NONE') return
  if (body.password !== undefined) throw new AtlasError('ATLAS_X509_USER_CANNOT_USE_SCRAM', {})
  if (spec.ldapAuthType !== 'NONE') throw new AtlasError('ATLAS_X509_USER_CANNOT_USE_LDAP', {})
  if (body.deleteAfterDate) throw new AtlasError('ATLAS_X509_USER_CANNOT_BE_TEMPORARY', {})
  if (spec.x509Type === 'MANAGED') commonName(body.username)
}

/** One way to prove oneself, on the database that it belongs to. */
const checkProof = (spec: UserSpec, { databaseName, password }: BodyOf<'createGroupDatabaseUser'>): void => {
  const others = (['awsIAMType', 'ldapAuthType', 'oidcAuthType', 'x509Type'] as const).filter(
    (field) => spec[field] !== 'NONE',
  )
  const [only, second] = others
  if (second !== undefined) throw invalid(second, `cannot be combined with ${only}`)
  if (only === undefined) {
    if (databaseName !== 'admin')
      throw new AtlasError('DATABASE_NAME_INVALID_ADMIN', { users: 'Users with a password' })
    if (password === undefined) throw missing('password')
    return
  }
  if (password !== undefined) throw invalid('password', `cannot be combined with ${only}`)
  if (spec.oidcAuthType === 'IDP_GROUP') {
    if (databaseName !== 'admin') {
      throw new AtlasError('DATABASE_NAME_INVALID_ADMIN', { users: 'Groups of an identity provider' })
    }
  } else if (databaseName !== '$external') {
    throw new AtlasError('DATABASE_NAME_INVALID_EXTERNAL', {})
  }
}

/**
 * The user with what the body changes. Throws as `newUser` does, and DATABASE_USERNAME_CANNOT_BE_CHANGED,
 * DATABASE_NAME_CANNOT_BE_CHANGED, AUTH_TYPE_CANNOT_BE_CHANGED, PERMANENT_ENTITY_CANNOT_BE_MADE_TEMPORARY.
 */
export const changedUser = (
  row: UserRow,
  body: BodyOf<'updateGroupDatabaseUser'>,
  circumstances: Circumstances,
): UserWish => {
  const spec = parseUserSpec(row.spec)
  if ((body.username ?? row.username) !== row.username) throw new AtlasError('DATABASE_USERNAME_CANNOT_BE_CHANGED', {})
  if ((body.databaseName ?? row.database_name) !== row.database_name) {
    throw new AtlasError('DATABASE_NAME_CANNOT_BE_CHANGED', {})
  }
  for (const field of ['awsIAMType', 'ldapAuthType', 'oidcAuthType', 'x509Type'] as const) {
    if ((body[field] ?? spec[field]) !== spec[field]) throw new AtlasError('AUTH_TYPE_CANNOT_BE_CHANGED', {})
  }
  if (body.password !== undefined && !usesPassword(spec)) throw invalid('password', 'this user has no password')
  if (body.roles !== undefined) checkRoles(row.username, body.roles, circumstances.customRoles)
  if (body.deleteAfterDate && row.delete_after === null) {
    throw new AtlasError('PERMANENT_ENTITY_CANNOT_BE_MADE_TEMPORARY', {})
  }
  return {
    spec: {
      ...spec,
      ...(body.description !== undefined && { description: body.description }),
      ...(body.labels !== undefined && { labels: body.labels }),
      ...(body.scopes !== undefined && { scopes: body.scopes }),
      ...(body.roles !== undefined && {
        roles: body.roles.map(({ roleName, databaseName }) => ({ roleName, databaseName })),
      }),
    },
    password: body.password ?? null,
    deleteAfter:
      body.deleteAfterDate === undefined
        ? row.delete_after
        : endOfLife(body.deleteAfterDate, 'deleteAfterDate', circumstances),
  }
}
