import { expect, test } from 'vitest'
import { changedRoleBody, fieldsOf, newRoleBody, privilegesTold } from './role-form.ts'

const role = {
  roleName: 'reporter',
  actions: [
    {
      action: 'FIND' as const,
      resources: [
        { db: 'shop', collection: '' },
        { db: 'shop', collection: 'orders' },
      ],
    },
    { action: 'LIST_DATABASES' as const, resources: [{ cluster: true }] },
  ],
  inheritedRoles: [{ role: 'read', db: 'sales' }],
}

test('what is read into the form and not touched changes nothing', () => {
  const { actions, inheritedRoles } = role
  expect(changedRoleBody(fieldsOf(role))).toEqual({ actions, inheritedRoles })
})

test('a new role has a name, rows of one action become one', () => {
  const actions = [
    { action: 'FIND', database: ' shop ', collection: '' },
    { action: 'FIND', database: 'sales', collection: '' },
  ] as const
  expect(newRoleBody({ name: ' reporter ', actions, inherited: [] })).toEqual({
    roleName: 'reporter',
    actions: [
      {
        action: 'FIND',
        resources: [
          { db: 'shop', collection: '' },
          { db: 'sales', collection: '' },
        ],
      },
    ],
    inheritedRoles: [],
  })
})

test('privileges in words', () => {
  expect(privilegesTold(role)).toEqual([
    'FIND on shop, shop.orders',
    'LIST_DATABASES on the cluster',
    'all of read@sales',
  ])
})
