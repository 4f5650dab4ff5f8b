// A custom role's body from flags: privileges as `ACTION[@database[.collection]]` (without a database they hold on the
// cluster), inherited roles as `role[@database]`. The API wants each action once, with all of its resources.

import type { BodyInputOf } from '@postern/contract/schemas/operations'
import type { Flag } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'

type Body = BodyInputOf<'updateGroupCustomDbRoleRole'>
type Action = NonNullable<Body['actions']>[number]
type InheritedRole = NonNullable<Body['inheritedRoles']>[number]
interface Privileges {
  readonly actions: readonly Action[]
  readonly inheritedRoles: readonly InheritedRole[]
}

export const privilegeFlags: readonly Flag[] = [
  { name: 'privilege', kind: 'list', usage: 'Privileges, each as ACTION[@databaseName[.collectionName]].' },
  { name: 'inheritedRole', kind: 'list', usage: 'Inherited roles, each as roleName[@databaseName].' },
]

/** Throws UsageError where there are neither privileges nor inherited roles, or one cannot be read. */
export function privilegesOf(context: Context): Privileges {
  const actions = readPrivileges(context.list('privilege'))
  const inheritedRoles = context.list('inheritedRole').map(readInheritedRole)
  if (actions.length === 0 && inheritedRoles.length === 0) {
    throw new UsageError('you must provide either actions or inherited roles')
  }
  return { actions, inheritedRoles }
}

/** Those of both, the new ones first. */
export const added = (given: Privileges, before: Privileges): Privileges => ({
  actions: joined([...given.actions, ...before.actions]),
  inheritedRoles: once([...given.inheritedRoles, ...before.inheritedRoles], ({ db, role }) => `${role}@${db}`),
})

/** As a body wants it, which the server does not change. */
export const asBody = ({ actions, inheritedRoles }: Privileges) => ({
  actions: [...actions],
  inheritedRoles: [...inheritedRoles],
})

/** `ACTION[@database[.collection]]`, each action once with all of its resources. Throws UsageError. */
export const readPrivileges = (texts: readonly string[]): Action[] => [...joined(texts.map(readPrivilege))]

function joined(actions: readonly Action[]): readonly Action[] {
  const all = new Map<Action['action'], Action>()
  for (const { action, resources } of actions) {
    const both = [...(all.get(action)?.resources ?? []), ...resources]
    all.set(action, { action, resources: [...once(both, nameOf)] })
  }
  return [...all.values()]
}

const nameOf = ({ cluster, db, collection }: Action['resources'][number]): string =>
  cluster === true ? '' : `${db ?? ''}.${collection ?? ''}`

const once = <Item>(items: readonly Item[], name: (item: Item) => string): readonly Item[] => [
  ...new Map(items.map((item) => [name(item), item])).values(),
]

/** The server knows which actions there are: its error names the one that is wrong. */
function readPrivilege(text: string): Action {
  const [, action, db, collection = ''] = /^([^@]+)(?:@([^.]+)(?:\.(.+))?)?$/.exec(text) ?? []
  if (action === undefined) {
    throw new UsageError(`invalid privilege "${text}"; required format is ACTION[@databaseName[.collectionName]]`)
  }
  const resource = db === undefined ? { cluster: true } : { cluster: false, collection, db }
  return { action: action as Action['action'], resources: [resource] }
}

/** `role[@database]`. Throws UsageError. */
export function readInheritedRole(text: string): InheritedRole {
  const [, role, db = 'admin'] = /^([^@]+)(?:@([^@]+))?$/.exec(text) ?? []
  if (role === undefined) {
    throw new UsageError(`invalid inherited role "${text}"; required format is roleName[@databaseName]`)
  }
  return { db, role }
}
