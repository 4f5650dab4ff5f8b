// Roles: who may do what, and where.
import { describe, expect, test } from 'vitest'
import { type Action, isRole, mayDo } from './authorize.ts'

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
  ['clusterMonitor', 'admin', 'monitor', 'admin', true],
  ['clusterMonitor', 'admin', 'manageSet', 'admin', false],
  ['clusterMonitor', 'admin', 'find', 'app', false],
  ['clusterAdmin', 'admin', 'manageSet', 'admin', true],
  ['backup', 'admin', 'find', 'app', true],
  ['enableSharding', 'admin', 'find', 'app', false],
  ['atlasAdmin', 'admin', 'manageSet', 'admin', true],
  ['root', 'admin', 'changeUser', 'app', true],
  ['no such role', 'admin', 'find', 'app', false],
  ['constructor', 'admin', 'find', 'app', false],
]

test.each(rows)('%s on %s: %s on %s is %s', (role, on, action, db, may) => {
  expect(mayDo([{ role, db: on }], action, db)).toBe(may)
})

test('nobody without a role may do anything', () => {
  expect(mayDo([], 'find', 'app')).toBe(false)
})

describe('which roles there are', () => {
  test.each([
    ['read', 'app', true],
    ['atlasAdmin', 'admin', true],
    ['root', 'app', false],
    ['toString', 'admin', false],
  ])('%s on %s: %s', (role, db, there) => {
    expect(isRole({ role, db })).toBe(there)
  })
})
