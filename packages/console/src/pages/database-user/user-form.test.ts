import { expect, test } from 'vitest'
import {
  certificateFile,
  changedUserBody,
  type DatabaseUser,
  fieldsOf,
  methodOf,
  newUser,
  newUserBody,
  rolesTold,
} from './user-form.ts'

const now = new Date('2026-03-01T12:00:00.000Z')
const user: DatabaseUser = {
  awsIAMType: 'NONE',
  ldapAuthType: 'NONE',
  oidcAuthType: 'NONE',
  x509Type: 'NONE',
  databaseName: 'admin',
  groupId: '65f1a2b3c4d5e6f7a8b9c0d1',
  labels: [],
  links: [],
  roles: [
    { roleName: 'readWrite', databaseName: 'shop' },
    { roleName: 'clusterMonitor', databaseName: 'admin' },
  ],
  scopes: [{ name: 'Cluster0', type: 'CLUSTER' }],
  username: 'app',
  deleteAfterDate: '2026-03-02T12:00:00Z',
}

test('a new user: a role of everything is given on admin, one of a database there', () => {
  const roles = [
    { role: 'readWrite', database: ' shop ' },
    { role: 'atlasAdmin', database: '' },
  ]
  expect(newUserBody({ ...newUser, username: 'app', password: 'secret word', roles, life: '6' }, now)).toEqual({
    databaseName: 'admin',
    username: 'app',
    password: 'secret word',
    roles: [
      { roleName: 'readWrite', databaseName: 'shop' },
      { roleName: 'atlasAdmin', databaseName: 'admin' },
    ],
    scopes: [],
    deleteAfterDate: '2026-03-01T18:00:00.000Z',
  })
})

test.each([
  { proof: 'managed', x509Type: 'MANAGED' },
  { proof: 'customer', x509Type: 'CUSTOMER' },
] as const)(
  'a user with a certificate ($proof) is on $external, without a password and without an end',
  ({ proof, x509Type }) => {
    const fields = { ...newUser, proof, username: 'CN=app', password: 'typed before', life: '6' } as const
    expect(newUserBody(fields, now)).toEqual({
      databaseName: '$external',
      x509Type,
      username: 'CN=app',
      roles: [{ roleName: 'readWriteAnyDatabase', databaseName: 'admin' }],
      scopes: [],
    })
    expect(changedUserBody(fieldsOf({ ...user, x509Type, deleteAfterDate: undefined }), now)).toEqual({
      roles: user.roles,
      scopes: user.scopes,
      description: '',
    })
  },
)

test('a certificate is saved under its user’s name, without what a file system does not take', () => {
  expect(certificateFile('CN=ada/../x y')).toBe('ada-..-x-y.pem')
  expect(certificateFile('app')).toBe('app.pem')
})

test('what is read into the form and not touched changes nothing', () => {
  expect(changedUserBody(fieldsOf(user), now)).toEqual({
    roles: user.roles,
    scopes: user.scopes,
    description: '',
  })
})

test('a temporary user is made lasting by null', () => {
  expect(changedUserBody({ ...fieldsOf(user), life: '' }, now)).toMatchObject({ deleteAfterDate: null })
})

test('roles and methods in the page’s words', () => {
  expect(rolesTold({ roles: [{ roleName: 'atlasAdmin', databaseName: 'admin' }] })).toEqual(['Atlas admin@admin'])
  expect(methodOf(user)).toBe('SCRAM')
  expect(methodOf({ ...user, x509Type: 'MANAGED' })).toBe('X.509')
})
