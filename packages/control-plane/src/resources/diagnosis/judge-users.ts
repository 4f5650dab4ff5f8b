// The database user of the string, as the project has it. Pure.

import { type Finding, finding, quoted } from '@postern/contract/diagnosis'
import { isInScope, parseApplied, parseUserSpec } from '../database-user/user.ts'
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
