import { expect, test } from 'vitest'
import { type DatabaseUser, usersOf } from './database-user.ts'

const user = (username: string, more: Partial<DatabaseUser> = {}): DatabaseUser => ({
  username,
  databaseName: 'admin',
  awsIAMType: 'NONE',
  ldapAuthType: 'NONE',
  oidcAuthType: 'NONE',
  x509Type: 'NONE',
  groupId: 'g',
  labels: [],
  links: [],
  roles: [],
  scopes: [],
  ...more,
})

test('users with a password whom their scopes let in', () => {
  const users = [
    user('anywhere'),
    user('here', { scopes: [{ type: 'CLUSTER', name: 'Shop' }] }),
    user('elsewhere', { scopes: [{ type: 'CLUSTER', name: 'Cellar' }] }),
    user('CN=certificate', { databaseName: '$external', x509Type: 'MANAGED' }),
  ]
  expect(usersOf('Shop', users).map(({ username }) => username)).toEqual(['anywhere', 'here'])
})
