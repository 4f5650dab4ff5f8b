// A database user's body from flags: roles as `role[@database[.collection]]`, scopes as `cluster[:type]`, at most one
// way of external authentication. Sentences are the Atlas CLI's.

import type { BodyInputOf } from '@postern/contract/schemas/operations'
import type { Flag } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'
import { momentOf } from '../moment.ts'

type NewUser = BodyInputOf<'createGroupDatabaseUser'>
type ChangedUser = BodyInputOf<'updateGroupDatabaseUser'>

export const builtInRoles = [
  'atlasAdmin',
  'readWriteAnyDatabase',
  'readAnyDatabase',
  'clusterMonitor',
  'backup',
  'dbAdminAnyDatabase',
  'enableSharding',
] as const

const externalTypes = {
  x509Type: ['NONE', 'MANAGED', 'CUSTOMER'],
  awsIAMType: ['NONE', 'USER', 'ROLE'],
  ldapType: ['NONE', 'USER', 'GROUP'],
  oidcType: ['NONE', 'USER', 'IDP_GROUP'],
} as const
type ExternalType = keyof typeof externalTypes

/** Groups are kept in admin, single users outside of MongoDB in $external. */
const groupKinds = new Set(['GROUP', 'IDP_GROUP'])

export const databaseUserFlags: readonly Flag[] = [
  { name: 'password', short: 'p', kind: 'text', usage: 'Password of the user; better by standard input or prompt.' },
  { name: 'role', kind: 'list', usage: 'Roles, each as roleName[@databaseName[.collectionName]].' },
  { name: 'scope', kind: 'list', usage: 'Clusters that the user may use, each as name[:type]; without it, all.' },
  { name: 'deleteAfter', kind: 'text', usage: 'Date and time, ISO 8601, when the user is deleted.' },
  { name: 'desc', kind: 'text', usage: 'Description of the user.' },
  ...Object.entries(externalTypes).map(
    ([name, values]): Flag => ({
      name,
      kind: 'text',
      default: 'NONE',
      usage: `External authentication of this kind: ${values.join(', ')}.`,
    }),
  ),
]

/** Asks for the password where one is needed. Throws UsageError. */
export async function newDatabaseUser(context: Context): Promise<NewUser> {
  const roles = [...context.list('role'), ...context.args]
  if (roles.length === 0) throw new UsageError('missing role for the user')
  const external = externalAuthentication(context)
  const settable = settings(context, roles)
  if (external !== undefined && settable.password !== undefined) {
    throw new UsageError("can't supply both $external authentication and password")
  }
  const base = { ...settable, username: context.text('username') }
  if (external !== undefined) {
    const databaseName = groupKinds.has(external.kind) ? ('admin' as const) : ('$external' as const)
    return { ...base, ...external.field, databaseName }
  }
  const password = settable.password ?? (await context.secret('Password:'))
  if (password === '') {
    throw new UsageError('no password: give it as the first line of standard input, or on a terminal when asked')
  }
  return { ...base, password, databaseName: 'admin' }
}

/** Only what was given. Throws UsageError where nothing was. */
export function changedDatabaseUser(context: Context): ChangedUser {
  const username = context.optional('username')
  const external = externalAuthentication(context)
  const body = {
    ...settings(context, context.list('role')),
    ...(external === undefined ? {} : external.field),
    ...(username === undefined ? {} : { username }),
  }
  if (Object.keys(body).length === 0) throw new UsageError('nothing to change: give at least one flag')
  return body
}

export function authDatabase(text: string): 'admin' | '$external' {
  if (text === 'admin' || text === '$external') return text
  throw new UsageError(`invalid value "${text}" for --authDB; accepted values: admin, $external`)
}

function settings(context: Context, roles: readonly string[]) {
  const password = context.optional('password')
  const description = context.optional('desc')
  const deleteAfterDate = momentOf(context, 'deleteAfter')
  const scopes = context.list('scope').map(readScope)
  if (password !== undefined) {
    context.warn('a password on the command line can be read by other processes; standard input or the prompt is safer')
  }
  return {
    ...(roles.length === 0 ? {} : { roles: roles.map(readRole) }),
    ...(scopes.length === 0 ? {} : { scopes }),
    ...(password === undefined ? {} : { password }),
    ...(description === undefined ? {} : { description }),
    ...(deleteAfterDate === undefined ? {} : { deleteAfterDate }),
  }
}

function externalAuthentication(context: Context) {
  const chosen = (Object.keys(externalTypes) as ExternalType[]).flatMap((name) => {
    const typed = context.text(name)
    const values: readonly string[] = externalTypes[name]
    if (!values.includes(typed)) {
      throw new UsageError(`invalid value "${typed}" for --${name}; accepted values: ${values.join(', ')}`)
    }
    return typed === 'NONE' ? [] : [{ name, kind: typed }]
  })
  const [first, second] = chosen
  if (second !== undefined) throw new UsageError("can't supply more than one $external type")
  if (first === undefined) return undefined
  return { kind: first.kind, field: externalField(first.name, first.kind) }
}

function externalField(name: ExternalType, kind: string): Partial<NewUser> {
  switch (name) {
    case 'x509Type':
      return { x509Type: kind as 'MANAGED' | 'CUSTOMER' }
    case 'awsIAMType':
      return { awsIAMType: kind as 'USER' | 'ROLE' }
    case 'ldapType':
      return { ldapAuthType: kind as 'USER' | 'GROUP' }
    case 'oidcType':
      return { oidcAuthType: kind as 'USER' | 'IDP_GROUP' }
  }
}

/** `role[@database[.collection]]`. Throws UsageError. */
export function readRole(text: string) {
  const [, roleName, databaseName = 'admin', collectionName] = /^([^@]+)(?:@([^.]+)(?:\.(.+))?)?$/.exec(text) ?? []
  if (roleName === undefined) {
    throw new UsageError(`invalid role "${text}"; required format is roleName[@databaseName[.collectionName]]`)
  }
  return { roleName, databaseName, ...(collectionName === undefined ? {} : { collectionName }) }
}

function readScope(text: string) {
  const [name = '', type = 'CLUSTER'] = text.split(':')
  const known = (['CLUSTER', 'DATA_LAKE', 'STREAM'] as const).find((one) => one === type.toUpperCase())
  if (name === '' || known === undefined) {
    throw new UsageError(`invalid scope "${text}"; required format is clusterName or name:type`)
  }
  return { name, type: known }
}
