// A database user as its row keeps it and as the API shows it. The password is not part of either.

import type { DatabaseUserReply } from '@postern/contract/schemas/database-user'
import type { Selectable } from 'kysely'
import { z } from 'zod'
import type { Tables } from '../../store/tables.ts'

export type UserRow = Selectable<Tables['database_user']>

/**
 * PENDING: some deployment does not have the newest wish yet. READY: all that can have it do. NOT_MANAGED: the user
 * proves itself by something else than a password, which no deployment of ours is set up for; it is only remembered.
 */
export type UserState = 'PENDING' | 'READY' | 'NOT_MANAGED'

const keyValues = z.array(z.object({ key: z.string(), value: z.string() }))

const specSchema = z.object({
  awsIAMType: z.enum(['NONE', 'USER', 'ROLE']),
  ldapAuthType: z.enum(['NONE', 'GROUP', 'USER']),
  oidcAuthType: z.enum(['NONE', 'IDP_GROUP', 'USER']),
  x509Type: z.enum(['NONE', 'CUSTOMER', 'MANAGED']),
  description: z.string().nullable(),
  labels: keyValues,
  roles: z.array(z.object({ roleName: z.string(), databaseName: z.string() })),
  scopes: z.array(z.object({ name: z.string(), type: z.enum(['CLUSTER', 'DATA_LAKE', 'STREAM']) })),
})

export type UserSpec = z.output<typeof specSchema>

/** Parses the `spec` column. Throws ZodError on a row that this program never wrote. */
export const parseUserSpec = (column: unknown): UserSpec => specSchema.parse(column)

const appliedSchema = z.record(z.string(), z.int())

/** Parses the `applied` column: which wish each cluster has. */
export const parseApplied = (column: unknown): ReadonlyMap<string, number> =>
  new Map(Object.entries(appliedSchema.parse(column)))

const credentialsSchema = z.record(z.string(), z.string().nullable())

/** Parses the `credentials` column: the digest that each cluster showed. */
export const parseCredentials = (column: unknown): ReadonlyMap<string, string | null> =>
  new Map(Object.entries(credentialsSchema.parse(column)))

/** No proof but a password: SCRAM. */
export const usesPassword = (
  spec: Pick<UserSpec, 'awsIAMType' | 'ldapAuthType' | 'oidcAuthType' | 'x509Type'>,
): boolean => [spec.awsIAMType, spec.ldapAuthType, spec.oidcAuthType, spec.x509Type].every((type) => type === 'NONE')

/** True where the user's scopes let it into a cluster: no scope at all, or one that names it. */
export const isInScope = ({ scopes }: Pick<UserSpec, 'scopes'>, clusterName: string): boolean =>
  scopes.length === 0 || scopes.some(({ name, type }) => type === 'CLUSTER' && name === clusterName)

/** The API's view, keys in the recorded order. `api` is the base path that was asked: v2 or v1.0. */
export const userView = (
  row: UserRow,
  { link, api }: { readonly link: (path: string) => string; readonly api: string },
): DatabaseUserReply => {
  const spec = parseUserSpec(row.spec)
  const names = `${encodeURIComponent(row.database_name)}/${encodeURIComponent(row.username)}`
  return {
    awsIAMType: spec.awsIAMType,
    databaseName: row.database_name === '$external' ? '$external' : 'admin',
    ...(row.delete_after !== null && { deleteAfterDate: row.delete_after.toISOString().replace(/\.\d{3}Z$/, 'Z') }),
    ...(spec.description !== null && { description: spec.description }),
    groupId: row.group_id,
    labels: spec.labels,
    ldapAuthType: spec.ldapAuthType,
    links: [{ href: link(`${api}/groups/${row.group_id}/databaseUsers/${names}`), rel: 'self' }],
    oidcAuthType: spec.oidcAuthType,
    roles: spec.roles.map(({ databaseName, roleName }) => ({ databaseName, roleName })),
    scopes: spec.scopes,
    username: row.username,
    x509Type: spec.x509Type,
  }
}
