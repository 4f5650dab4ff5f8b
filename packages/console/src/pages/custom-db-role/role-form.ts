// A custom role as a form has it, and as the API takes it: a row for each action and each place where it applies. Pure.

import { type PrivilegeActionName, privilegeActions } from '@postern/contract/database-privilege'
import type { BodyInputOf, ReplyOf } from '@postern/contract/schemas/operations'

export type CustomRole = ReplyOf<'listGroupCustomDbRoleRoles'>[number]

export interface ActionField {
  readonly action: PrivilegeActionName
  /** Of an action on data; both empty: of one on the whole cluster, or on every database. */
  readonly database: string
  readonly collection: string
}

export interface InheritedField {
  readonly role: string
  readonly database: string
}

export interface CustomRoleFields {
  readonly name: string
  readonly actions: readonly ActionField[]
  readonly inherited: readonly InheritedField[]
}

export const newRole: CustomRoleFields = {
  name: '',
  actions: [{ action: 'FIND', database: '', collection: '' }],
  inherited: [],
}

/** Whether an action is given on the cluster alone, so that there is no database to name. */
export const isOfCluster = (action: PrivilegeActionName): boolean => privilegeActions[action].on === 'cluster'

export const fieldsOf = ({ roleName, actions, inheritedRoles }: CustomRole): CustomRoleFields => ({
  name: roleName,
  actions: actions.flatMap(({ action, resources }) =>
    resources.map(({ db = '', collection = '' }) => ({ action, database: db, collection })),
  ),
  inherited: inheritedRoles.map(({ role, db }) => ({ role, database: db })),
})

export const changedRoleBody = ({
  actions,
  inherited,
}: CustomRoleFields): BodyInputOf<'updateGroupCustomDbRoleRole'> => {
  const names = [...new Set(actions.map(({ action }) => action))]
  return {
    actions: names.map((name) => ({
      action: name,
      resources: actions
        .filter(({ action }) => action === name)
        .map(({ database, collection }) =>
          isOfCluster(name) ? { cluster: true } : { db: database.trim(), collection: collection.trim() },
        ),
    })),
    inheritedRoles: inherited.map(({ role, database }) => ({ role: role.trim(), db: database.trim() })),
  }
}

export const newRoleBody = (fields: CustomRoleFields): BodyInputOf<'createGroupCustomDbRoleRole'> => ({
  ...changedRoleBody(fields),
  roleName: fields.name.trim(),
})

const place = ({ cluster, db = '', collection = '' }: CustomRole['actions'][number]['resources'][number]): string => {
  if (cluster === true) return 'the cluster'
  if (db === '') return collection === '' ? 'every database' : `*.${collection}`
  return collection === '' ? db : `${db}.${collection}`
}

/** What a role allows, one line per action. */
export const privilegesTold = ({ actions, inheritedRoles }: CustomRole): readonly string[] => [
  ...actions.map(({ action, resources }) => `${action} on ${resources.map(place).join(', ')}`),
  ...inheritedRoles.map(({ role, db }) => `all of ${role}@${db}`),
]
