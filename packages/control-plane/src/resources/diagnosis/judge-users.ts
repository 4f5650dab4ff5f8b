// The database user of the string, as the project has it. Pure.

import { type Finding, finding, quoted } from '@postern/contract/diagnosis'
import { isInScope, parseApplied, parseUserSpec, type UserSpec, usesPassword } from '../database-user/user.ts'
import type { Facts } from './facts.ts'

export const userKnown = ({ question, user, clusters }: Facts): Finding => {
  const { username } = question
  if (username === undefined) return finding('user-known', 'NOT_APPLICABLE', 'The string names no user.')
  if (user !== undefined) return finding('user-known', 'OK', `The project has the database user ${username}.`)
  if (clusters.length === 0 || clusters.some(({ row }) => row.engine === 'registered')) {
    return finding('user-known', 'NOT_APPLICABLE', `${username} is none of the project’s; the deployment may have it.`)
  }
  return finding(
    'user-known',
    'FAILED',
    `The project has no database user ${username} in ${question.databaseName ?? 'admin'}.`,
    {
      why: 'A user that was deleted, or that belongs to another database, is not let in.',
      whatToDo: 'Create it, or correct user name and authSource in the string.',
      command: `postern dbusers create readWriteAnyDatabase --username ${quoted(username)}`,
    },
  )
}

export const userInScope = ({ user, clusters }: Facts): Finding => {
  if (user === undefined) return finding('user-in-scope', 'NOT_APPLICABLE', 'No user of the project is concerned.')
  const closed = clusters.find(({ row }) => !isInScope(parseUserSpec(user.spec), row.name))
  if (closed === undefined) return finding('user-in-scope', 'OK', 'The user’s scopes let it in.')
  return finding('user-in-scope', 'FAILED', `User ${user.username} is not for cluster ${closed.row.name}.`, {
    why: 'Its scopes name other clusters, so that this one does not have it.',
    whatToDo: 'Add the cluster to its scopes, or take another user.',
    command: `postern dbusers describe ${quoted(user.username)} -o json`,
  })
}

export const userApplied = ({ user, clusters }: Facts): Finding => {
  if (user === undefined) return finding('user-applied', 'NOT_APPLICABLE', 'No user of the project is concerned.')
  const spec = parseUserSpec(user.spec)
  if (!usesPassword(spec)) return notManaged(user, spec, clusters)
  const applied = parseApplied(user.applied)
  const late = clusters.find(({ row }) => applied.get(row.id) !== user.wish)
  if (late === undefined) return finding('user-applied', 'OK', 'The deployment has the newest wish for the user.')
  return finding(
    'user-applied',
    'WARNING',
    `Cluster ${late.row.name} does not have user ${user.username} as it is wished.`,
    {
      why: user.error_message ?? 'It is given to the deployment as soon as that can be reached.',
      whatToDo: 'Wait a moment, and look again.',
      command: `postern dbusers describe ${quoted(user.username)}`,
    },
  )
}

const otherProofs = {
  x509Type: 'an X.509 certificate',
  ldapAuthType: 'LDAP',
  oidcAuthType: 'OIDC',
  awsIAMType: 'AWS IAM',
} as const

/** Nothing to wait for: users without a password are made nowhere. A deployment of one's own may have them. */
const notManaged = (user: NonNullable<Facts['user']>, spec: UserSpec, clusters: Facts['clusters']): Finding => {
  const proof = (['x509Type', 'ldapAuthType', 'oidcAuthType', 'awsIAMType'] as const).find(
    (field) => spec[field] !== 'NONE',
  )
  const certificate = proof === 'x509Type'
  return finding(
    'user-applied',
    clusters.some(({ row }) => row.engine === 'registered') ? 'WARNING' : 'FAILED',
    `User ${user.username} proves itself by ${proof === undefined ? 'no password' : otherProofs[proof]}; Postern makes only users with a password on deployments.`,
    {
      why: certificate
        ? 'A gateway that ends TLS hands no client certificate on, so the deployment never sees the user’s.'
        : 'A deployment lets such a user in only where somebody has set it up for them.',
      whatToDo: certificate
        ? 'Take a user with a password, or reach a deployment of your own without a gateway that ends TLS.'
        : 'Take a user with a password, or set up a deployment of your own for this one.',
      command: `postern dbusers describe ${quoted(user.username)} --authDB ${quoted(user.database_name)}`,
    },
  )
}
