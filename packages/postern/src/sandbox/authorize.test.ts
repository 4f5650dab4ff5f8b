// Roles: who may do what, and where.
import { describe, expect, test } from 'vitest'
import { type Action, isBuiltIn, mayDo, maySee, type Resource, type RoleRecord } from './authorize.ts'

type Row = readonly [role: string, on: string, action: Action, db: string, may: boolean]

const rows: readonly Row[] = [
  ['read', 'app', 'find', 'app', true],
  ['read', 'app', 'insert', 'app', false],
  ['read', 'app', 'find', 'other', false],
  ['readWrite', 'app', 'insert', 'app', true],
  ['readWrite', 'app', 'createIndex', 'app', true],
  ['readWrite', 'app', 'dropDatabase', 'app', false],
  ['readWrite', 'app', 'insert', 'other', false],
  ['dbAdmin', 'app', 'dropDatabase', 'app', true],
  ['dbAdmin', 'app', 'find', 'app', false],
  ['dbOwner', 'app', 'changeUser', 'app', true],
  ['userAdmin', 'app', 'changeUser', 'other', false],
  ['readAnyDatabase', 'admin', 'find', 'other', true],
  ['readAnyDatabase', 'admin', 'find', 'local', false],
  ['readAnyDatabase', 'admin', 'insert', 'other', false],
  ['readWriteAnyDatabase', 'admin', 'remove', 'other', true],
  ['readWriteAnyDatabase', 'admin', 'changeUser', 'admin', false],
  ['dbAdminAnyDatabase', 'admin', 'dropCollection', 'other', true],
  ['dbAdminAnyDatabase', 'admin', 'insert', 'other', false],
  ['clusterMonitor', 'admin', 'serverStatus', 'admin', true],
  ['clusterMonitor', 'admin', 'replSetStateChange', 'admin', false],
  ['clusterMonitor', 'admin', 'find', 'app', false],
  ['clusterAdmin', 'admin', 'replSetStateChange', 'admin', true],
  ['backup', 'admin', 'find', 'app', true],
  ['enableSharding', 'admin', 'find', 'app', false],
  ['atlasAdmin', 'admin', 'replSetStateChange', 'admin', true],
  ['root', 'admin', 'changeUser', 'app', true],
  ['no such role', 'admin', 'find', 'app', false],
  ['constructor', 'admin', 'find', 'app', false],
]

test.each(rows)('%s on %s: %s on %s is %s', (role, on, action, db, may) => {
  expect(mayDo({ roles: [{ role, db: on }], known: new Map() }, action, { db, collection: 'things' })).toBe(may)
})

test('nobody without a role may do anything', () => {
  expect(mayDo({ roles: [], known: new Map() }, 'find', { db: 'app', collection: 'things' })).toBe(false)
})

describe('which roles there are', () => {
  test.each([
    ['read', 'app', true],
    ['atlasAdmin', 'admin', true],
    ['root', 'app', false],
    ['toString', 'admin', false],
  ])('%s on %s: %s', (role, db, there) => {
    expect(isBuiltIn({ role, db })).toBe(there)
  })
})

describe('roles of one’s own', () => {
  const role = (name: string, more: Partial<RoleRecord>): RoleRecord => ({
    id: `admin.${name}`,
    role: name,
    db: 'admin',
    privileges: [],
    roles: [],
    ...more,
  })
  const roles = [
    role('one', { privileges: [{ resource: { db: 'app', collection: 'things' }, actions: ['find'] }] }),
    role('all', { privileges: [{ resource: { db: 'app', collection: '' }, actions: ['find', 'listCollections'] }] }),
    role('everywhere', { privileges: [{ resource: { db: '', collection: 'things' }, actions: ['insert'] }] }),
    role('cluster', { privileges: [{ resource: { cluster: true }, actions: ['serverStatus', 'find'] }] }),
    role('any', { privileges: [{ resource: { anyResource: true }, actions: ['serverStatus'] }] }),
    role('heir', {
      roles: [
        { role: 'one', db: 'admin' },
        { role: 'read', db: 'other' },
      ],
    }),
    role('self', { roles: [{ role: 'self', db: 'admin' }] }),
  ]
  const known = new Map(roles.map((each) => [each.id, each]))
  const things = { db: 'app', collection: 'things' }
  const app = { db: 'app', collection: '' }
  const cluster = { cluster: true } as const
  test.each<readonly [says: string, held: string, action: Action, on: Resource, may: boolean]>([
    ['the collection it names', 'one', 'find', things, true],
    ['no other collection', 'one', 'find', { db: 'app', collection: 'secrets' }, false],
    ['no other action', 'one', 'insert', things, false],
    ['a collection is not its database', 'one', 'find', app, false],
    ['every collection of a database', 'all', 'find', things, true],
    ['the database itself', 'all', 'listCollections', app, true],
    ['no other database', 'all', 'find', { db: 'other', collection: 'things' }, false],
    ['a collection of any database', 'everywhere', 'insert', { db: 'other', collection: 'things' }, true],
    ['the cluster', 'cluster', 'serverStatus', cluster, true],
    ['the cluster is no database', 'cluster', 'find', app, false],
    ['a database is no cluster', 'all', 'serverStatus', cluster, false],
    ['any resource', 'any', 'serverStatus', cluster, true],
    ['what another role of one’s own gives', 'heir', 'find', things, true],
    ['what a built-in role gives', 'heir', 'find', { db: 'other', collection: 'x' }, true],
    ['nothing by inheriting from itself', 'self', 'find', things, false],
    ['nothing where there is no such role', 'gone', 'find', things, false],
  ])('%s', (_, held, action, on, may) => {
    expect(mayDo({ roles: [{ role: held, db: 'admin' }], known }, action, on)).toBe(may)
  })

  test('whoever may read one collection sees its database', () => {
    const one = { roles: [{ role: 'one', db: 'admin' }], known }
    expect([maySee(one, 'app'), maySee(one, 'other')]).toEqual([true, false])
  })
})
