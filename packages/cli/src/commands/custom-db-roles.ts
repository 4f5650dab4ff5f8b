// `postern customDbRoles …`: custom database roles of a project.

import type { Argument, Flag, Leaf } from '../core/command.ts'
import type { Context } from '../core/context.ts'
import { output, pages, projectId } from '../core/global-flags.ts'
import { at, itemsOf, type Json, textAt } from '../print/json.ts'
import { column, sentence, type Template, table } from '../print/template.ts'
import { added, asBody, privilegeFlags, privilegesOf } from './custom-db-roles/privileges.ts'
import { deletion } from './deletion.ts'

const roleName: Argument = { name: 'roleName', usage: 'Name of the custom role.' }
const append: Flag = { name: 'append', kind: 'switch', usage: 'Adds to what the role has instead of replacing it.' }

const columns = [
  column('NAME', 'name'),
  column('ACTION', 'action'),
  column('INHERITED ROLES', 'role'),
  column('DB', 'db'),
  column('COLLECTION', 'collection'),
  column('CLUSTER', 'cluster'),
]
/** A line for each resource of each action, then one for each inherited role. */
const privilegeRows: Template = {
  plain: (reply) => table(columns, (Array.isArray(reply) ? reply : [reply]).flatMap(linesOf)),
}

export const customDbRoles: readonly Leaf[] = [
  {
    word: 'create',
    short: 'Create a custom database role for your project.',
    role: 'Project Owner',
    args: [roleName],
    flags: [...privilegeFlags, projectId, output],
    examples: [
      [
        'Create a role that reads a database and changes one collection of it:',
        'customDbRoles create clerk --privilege FIND@shop,UPDATE@shop.orders',
      ],
      ['Create a role that inherits another:', 'customDbRoles create reader --inheritedRole read@shop'],
    ],
    async run(context) {
      const privileges = privilegesOf(context)
      const { body } = await (await context.client()).call('createGroupCustomDbRoleRole', {
        params: { groupId: await context.groupId() },
        body: { ...asBody(privileges), roleName: context.arg('roleName') },
      })
      await context.print(
        body,
        sentence((role) => `Custom database role '${textAt(role, 'roleName')}' successfully created.`),
      )
    },
  },
  {
    word: 'describe',
    aliases: ['get'],
    short: 'Return one custom database role of your project.',
    role: 'Project Read Only',
    args: [roleName],
    flags: [projectId, output],
    examples: [['Show one as JSON:', 'customDbRoles describe clerk --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('getGroupCustomDbRoleRole', {
        params: await paramsOf(context),
      })
      await context.print(body, privilegeRows)
    },
  },
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all custom database roles of your project.',
    role: 'Project Read Only',
    flags: [
      ...pages
        .filter(({ name }) => name !== 'omitCount')
        .map((flag) => ({
          ...flag,
          deprecated: '--pageNum and --ItemsPerPage are not supported by customdbroles list',
        })),
      projectId,
      output,
    ],
    examples: [['List them as JSON:', 'customDbRoles list --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('listGroupCustomDbRoleRoles', {
        params: { groupId: await context.groupId() },
      })
      await context.print(body, privilegeRows)
    },
  },
  {
    word: 'update',
    short: 'Change one custom database role of your project.',
    long: 'Privileges and inherited roles replace the ones that it has, unless --append is given.',
    role: 'Project Owner',
    args: [roleName],
    flags: [...privilegeFlags, append, projectId, output],
    examples: [['Add a privilege:', 'customDbRoles update clerk --privilege INSERT@shop.orders --append']],
    async run(context) {
      const given = privilegesOf(context)
      const params = await paramsOf(context)
      const client = await context.client()
      const privileges = context.isOn('append')
        ? added(given, (await client.call('getGroupCustomDbRoleRole', { params })).body)
        : given
      const { body } = await client.call('updateGroupCustomDbRoleRole', { params, body: asBody(privileges) })
      await context.print(
        body,
        sentence((role) => `Custom database role '${textAt(role, 'roleName')}' successfully updated.`),
      )
    },
  },
  deletion({
    short: 'Remove one custom database role from your project.',
    role: 'Project Owner',
    arg: roleName,
    flags: [projectId],
    example: 'customDbRoles delete clerk',
    declined: 'Custom database role not deleted',
    deleted: (name) => `Custom database role '${name}' deleted`,
    params: (context) => paramsOf(context),
    call: (client, params) => client.call('deleteGroupCustomDbRoleRole', { params }),
  }),
]

const paramsOf = async (context: Context) => ({
  groupId: await context.groupId(),
  roleName: context.arg('roleName'),
})

function linesOf(role: Json): readonly Json[] {
  const name = textAt(role, 'roleName')
  const none = 'N/A'
  const actions = itemsOf(at(role, 'actions')).flatMap((action) =>
    itemsOf(at(action, 'resources')).map((resource) => {
      const cluster = textAt(resource, 'cluster') === 'true'
      return {
        name,
        action: textAt(action, 'action'),
        role: none,
        db: textAt(resource, 'db') || none,
        collection: textAt(resource, 'collection') || (cluster ? none : 'ALL COLLECTIONS'),
        cluster: cluster ? 'true' : none,
      }
    }),
  )
  const inherited = itemsOf(at(role, 'inheritedRoles')).map((one) => ({
    name,
    action: none,
    role: textAt(one, 'role'),
    db: textAt(one, 'db'),
    collection: none,
    cluster: none,
  }))
  return [...actions, ...inherited]
}
