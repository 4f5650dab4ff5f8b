import { AtlasError } from '@postern/contract/errors'
import { describe, expect, test } from 'vitest'
import { checkRoles, mongoRoles } from './roles.ts'

const role = (spelled: string) => {
  const [roleName = '', databaseName = '', collectionName] = spelled.split('@')
  return { roleName, databaseName, ...(collectionName !== undefined && { collectionName }) }
}

describe('roles that can be given', () => {
  test.each([
    { says: 'readWrite on one database', roles: ['readWrite@shop'], become: ['readWrite@shop'] },
    { says: 'read and dbAdmin too', roles: ['read@shop', 'dbAdmin@shop'], become: ['read@shop', 'dbAdmin@shop'] },
    { says: 'readWriteAnyDatabase', roles: ['readWriteAnyDatabase@admin'], become: ['readWriteAnyDatabase@admin'] },
    { says: 'readAnyDatabase', roles: ['readAnyDatabase@admin'], become: ['readAnyDatabase@admin'] },
    { says: 'dbAdminAnyDatabase', roles: ['dbAdminAnyDatabase@admin'], become: ['dbAdminAnyDatabase@admin'] },
    { says: 'clusterMonitor', roles: ['clusterMonitor@admin'], become: ['clusterMonitor@admin'] },
    { says: 'backup', roles: ['backup@admin'], become: ['backup@admin'] },
    { says: 'enableSharding', roles: ['enableSharding@admin'], become: ['enableSharding@admin'] },
    {
      says: 'atlasAdmin, as what it is made of',
      roles: ['atlasAdmin@admin'],
      become: [
        'readWriteAnyDatabase@admin',
        'readAnyDatabase@admin',
        'dbAdminAnyDatabase@admin',
        'clusterMonitor@admin',
        'enableSharding@admin',
      ],
    },
    {
      says: 'a role that another one brings is given once',
      roles: ['atlasAdmin@admin', 'clusterMonitor@admin', 'read@shop'],
      become: [
        'readWriteAnyDatabase@admin',
        'readAnyDatabase@admin',
        'dbAdminAnyDatabase@admin',
        'clusterMonitor@admin',
        'enableSharding@admin',
        'read@shop',
      ],
    },
    {
      says: 'custom roles, under their names',
      roles: ['mine@admin', 'constructor@admin'],
      become: ['mine@admin', 'constructor@admin'],
    },
  ])('$says', ({ roles, become }) => {
    checkRoles('u', roles.map(role), new Set(['mine', 'constructor']))
    expect(mongoRoles(roles.map(role)).map(({ role, db }) => `${role}@${db}`)).toEqual(become)
  })
})

describe('roles that cannot', () => {
  test.each([
    { says: 'none', roles: [], code: 'MISSING_ATTRIBUTE', parameters: ['roles'] },
    { says: 'a custom one', roles: ['myRole@admin'], code: 'ATLAS_CUSTOM_ROLE_NOT_FOUND', parameters: ['myRole'] },
    {
      says: 'a custom one on another database',
      roles: ['mine@shop'],
      code: 'UNSUPPORTED_ROLE',
      parameters: ['mine', 'shop'],
    },
    {
      says: 'one that only MongoDB has',
      roles: ['root@admin'],
      code: 'ATLAS_CUSTOM_ROLE_NOT_FOUND',
      parameters: ['root'],
    },
    {
      says: 'one by the name of a property of every object',
      roles: ['constructor@admin'],
      code: 'ATLAS_CUSTOM_ROLE_NOT_FOUND',
      parameters: ['constructor'],
    },
    {
      says: 'a role for all on one database',
      roles: ['read@a', 'atlasAdmin@shop'],
      code: 'INVALID_ATTRIBUTE',
      parameters: ['roles[1].databaseName'],
    },
    {
      says: 'a role on a collection',
      roles: ['read@shop@carts'],
      code: 'INVALID_ATTRIBUTE',
      parameters: ['roles[0].collectionName'],
    },
    {
      says: 'the same twice',
      roles: ['read@shop', 'read@shop'],
      code: 'DUPLICATE_DATABASE_ROLES',
      parameters: ['u', 'read@shop'],
    },
  ])('$says', ({ roles, code, parameters }) => {
    expect.assertions(2)
    try {
      checkRoles('u', roles.map(role), new Set(['mine']))
    } catch (error) {
      if (!(error instanceof AtlasError)) throw error
      expect(error.code).toBe(code)
      expect(error.parameters).toEqual(parameters)
    }
  })
})
