// Database users. A password is never told by the server, so it is set when the user is made, and again only when asked for
// (`--passwords`).

import type { DatabaseUserReply } from '@postern/contract/schemas/database-user'
import { readRole } from '../../commands/database-users/database-user.ts'
import type { UserWish } from '../form.ts'
import { databaseOf, userKey } from '../keys.ts'
import { compare, everyItem, type Kind, momentOf } from '../kind.ts'

type Found = DatabaseUserReply

export const userKind: Kind<UserWish, Found> = {
  noun: 'user',
  // The answer to its making comes when its clusters have it, or after a while: better they are there.
  waitsFor: { noun: 'cluster', always: false },
  wishes: ({ users }) => users,
  keyOf: (wish) => userKey({ username: wish.username, database: databaseOf(wish) }),
  keyOfFound: ({ username, databaseName }) => userKey({ username, database: databaseName }),
  look: (client, { groupId }) =>
    everyItem((query) => client.call('listGroupDatabaseUsers', { params: { groupId }, query })),
  changes: (wish, found) =>
    compare([
      ['x509', wish.x509, found.x509Type],
      ['roles', wish.roles.map((text) => roleName(readRole(text))), found.roles.map(roleName)],
      ['scopes', wish.scopes, found.scopes.map(({ name }) => name)],
      ['description', wish.description, found.description],
      ['labels', wish.labels, Object.fromEntries(found.labels.map(({ key, value }) => [key, value]))],
      ['deleteAfter', momentOf(wish.deleteAfter), found.deleteAfterDate],
    ]),
  secretOf: ({ password, passwordFrom, x509 }) => ({
    field: 'password',
    clear: password,
    from: passwordFrom,
    needed: x509 === undefined,
  }),
  async make({ client, secrets }, { groupId }, wish) {
    const password = secrets.get(wish)
    await client.call('createGroupDatabaseUser', {
      params: { groupId },
      body: {
        username: wish.username,
        databaseName: databaseOf(wish),
        ...(wish.x509 !== undefined && { x509Type: wish.x509 }),
        ...(password !== undefined && { password }),
        ...settingsOf(wish),
      },
    })
  },
  async change({ client, secrets }, { groupId }, { wish, changes }) {
    const password = secrets.get(wish)
    const sets = changes.some(({ field }) => field === 'password')
    await client.call('updateGroupDatabaseUser', {
      params: { groupId, databaseName: databaseOf(wish), username: wish.username },
      body: {
        ...settingsOf(wish),
        ...(wish.x509 !== undefined && { x509Type: wish.x509 }),
        ...(sets && password !== undefined && { password }),
      },
    })
  },
  isPruned: (_, { wish }) => wish.users !== undefined,
  async remove({ client }, { groupId }, { databaseName, username }) {
    await client.call('deleteGroupDatabaseUser', { params: { groupId, databaseName, username } })
  },
  async standings(client, { groupId }) {
    const { body } = await client.call('listGroupDatabaseAccess', { params: { groupId } })
    return new Map(
      body.results
        .filter(({ kind }) => kind === 'USER')
        .map(({ name, databaseName, state, errorMessage }) => [
          userKey({ username: name, database: databaseName }),
          { state, settled: state !== 'PENDING', ...(errorMessage !== null && { why: errorMessage }) },
        ]),
    )
  },
}

const settingsOf = ({ roles, scopes, description, labels, deleteAfter }: UserWish) => ({
  roles: roles.map(readRole),
  ...(scopes && { scopes: scopes.map((name) => ({ name, type: 'CLUSTER' as const })) }),
  ...(description !== undefined && { description }),
  ...(labels && { labels: Object.entries(labels).map(([key, value]) => ({ key, value })) }),
  ...(deleteAfter !== undefined && { deleteAfterDate: momentOf(deleteAfter) ?? '' }),
})

interface Role {
  readonly roleName: string
  readonly databaseName: string
  readonly collectionName?: string | undefined
}

const roleName = ({ roleName: name, databaseName, collectionName }: Role): string =>
  `${name}@${databaseName}${collectionName ? `.${collectionName}` : ''}`
