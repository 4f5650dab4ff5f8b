// A database user as a form has it, and as the API takes it. Pure.

import type { BodyInputOf, ReplyOf } from '@postern/contract/schemas/operations'
import { needsDatabase, roleWord } from '../database-access/built-in-roles.ts'

export type DatabaseUser = ReplyOf<'listGroupDatabaseUsers'>['results'][number]

/** How long a temporary user lives, in hours; the choices that Atlas offers. */
export const lives = { '6': '6 hours', '24': '1 day', '168': '1 week' } as const

export interface RoleField {
  readonly role: string
  /** Only where the role is given on one database. */
  readonly database: string
}

/** How a new user proves who they are: by a password, by certificates of this server's, or by those of somebody else's. */
export const proofs = {
  password: 'Password',
  managed: 'Certificate, made by this server',
  customer: 'Certificate, of an authority of your own',
} as const
export type Proof = keyof typeof proofs

export interface UserFields {
  /** Of an edited user it stays. */
  readonly proof: Proof
  readonly username: string
  /** Of an edited user: empty leaves it as it is. */
  readonly password: string
  readonly roles: readonly RoleField[]
  /** Clusters that the user is good for; none: all. */
  readonly clusters: readonly string[]
  /** `''`: until it is deleted; `'as it is'`: of an edited user. */
  readonly life: keyof typeof lives | '' | 'as it is'
  readonly description: string
}

export const newUser: UserFields = {
  proof: 'password',
  username: '',
  password: '',
  roles: [{ role: 'readWriteAnyDatabase', database: '' }],
  clusters: [],
  life: '',
  description: '',
}

const proofOf = ({ x509Type }: DatabaseUser): Proof =>
  x509Type === 'NONE' ? 'password' : x509Type === 'MANAGED' ? 'managed' : 'customer'

export const fieldsOf = (user: DatabaseUser): UserFields => ({
  proof: proofOf(user),
  username: user.username,
  password: '',
  roles: user.roles.map(({ roleName, databaseName }) => ({
    role: roleName,
    database: needsDatabase(roleName) ? databaseName : '',
  })),
  clusters: user.scopes.map(({ name }) => name),
  life: user.deleteAfterDate === undefined ? '' : 'as it is',
  description: user.description ?? '',
})

const rolesOf = ({ roles }: UserFields) =>
  roles.map(({ role, database }) => ({
    roleName: role,
    databaseName: needsDatabase(role) ? database.trim() : 'admin',
  }))

const endOf = ({ life }: UserFields, now: Date) => {
  if (life === 'as it is') return {}
  return { deleteAfterDate: life === '' ? null : new Date(now.getTime() + Number(life) * 3_600_000).toISOString() }
}

const scopesOf = ({ clusters }: UserFields) => clusters.map((name) => ({ name, type: 'CLUSTER' as const }))

/** A user with certificates is on $external, has no password, and no end: their certificates have one. */
const proofFields = ({ proof, password, life }: UserFields, end: ReturnType<typeof endOf>) =>
  proof === 'password'
    ? ({ databaseName: 'admin', password, ...(life === '' ? {} : end) } as const)
    : ({ databaseName: '$external', x509Type: proof === 'managed' ? 'MANAGED' : 'CUSTOMER' } as const)

export const newUserBody = (fields: UserFields, now: Date): BodyInputOf<'createGroupDatabaseUser'> => ({
  ...proofFields(fields, endOf(fields, now)),
  username: fields.username,
  roles: rolesOf(fields),
  scopes: scopesOf(fields),
  ...(fields.description === '' ? {} : { description: fields.description }),
})

export const changedUserBody = (fields: UserFields, now: Date): BodyInputOf<'updateGroupDatabaseUser'> => ({
  ...(fields.password === '' ? {} : { password: fields.password }),
  roles: rolesOf(fields),
  scopes: scopesOf(fields),
  ...(fields.proof === 'password' ? endOf(fields, now) : {}),
  description: fields.description,
})

/** By the API's names what is sent; an end is the same one as long as its choice is. */
export const toldFields = (fields: UserFields) => ({
  username: fields.username,
  password: fields.password,
  roles: rolesOf(fields),
  scopes: scopesOf(fields),
  deleteAfterDate: fields.life,
  description: fields.description,
})

/** What a user may do, one line per role. */
export const rolesTold = ({ roles }: Pick<DatabaseUser, 'roles'>): readonly string[] =>
  roles.map(({ roleName, databaseName }) => `${roleWord(roleName)}@${databaseName}`)

/** How a user proves who they are, as Atlas's page calls it. */
export const methodOf = ({ x509Type, awsIAMType, ldapAuthType, oidcAuthType }: DatabaseUser): string => {
  if (x509Type !== 'NONE') return 'X.509'
  if (awsIAMType !== 'NONE') return 'AWS IAM'
  if (oidcAuthType !== 'NONE') return 'OIDC'
  return ldapAuthType === 'NONE' ? 'SCRAM' : 'LDAP'
}

/** A name that file systems take, for a user's certificate with its key. */
export const certificateFile = (username: string): string =>
  `${username.replace(/^CN=/i, '').replace(/[^\w.-]+/g, '-')}.pem`
