// `postern dbusers …`. A password comes from standard input or a prompt; `-p` works, as in the Atlas CLI, and is warned
// about, because other processes can read it.

import type { Argument, Flag, Leaf } from '../core/command.ts'
import { force, output, pages, projectId } from '../core/global-flags.ts'
import { textAt } from '../print/json.ts'
import { column, row, rows, sentence } from '../print/template.ts'
import {
  authDatabase,
  builtInRoles,
  changedDatabaseUser,
  databaseUserFlags,
  newDatabaseUser,
} from './database-users/database-user.ts'
import { pageQuery } from './pages.ts'

const username: Argument = { name: 'username', usage: 'Name of the database user.' }
const authDB: Flag = {
  name: 'authDB',
  kind: 'text',
  default: 'admin',
  usage: 'Authentication database of the user: admin or $external.',
}
const columns = [column('USERNAME', 'username'), column('DATABASE', 'databaseName')] as const

export const databaseUsers: readonly Leaf[] = [
  {
    word: 'create',
    short: 'Create a database user for your project.',
    long: 'Without -p the password is the first line of standard input, or is asked for on a terminal.',
    role: 'Project Owner',
    args: [
      {
        name: 'builtInRole',
        usage: `Roles on every database: ${builtInRoles.join(', ')}.`,
        many: true,
        optional: true,
        oneOf: builtInRoles,
      },
    ],
    flags: [
      { name: 'username', short: 'u', kind: 'text', required: true, usage: 'Name of the user.' },
      ...databaseUserFlags,
      projectId,
      output,
    ],
    examples: [
      ['Create an administrator:', 'dbusers create atlasAdmin --username admin'],
      [
        'Create a user of one database, the password from a file:',
        'dbusers create --username shop --role readWrite@shop < password.txt',
      ],
    ],
    async run(context) {
      const body = await newDatabaseUser(context)
      const reply = await (await context.client()).call('createGroupDatabaseUser', {
        params: { groupId: await context.groupId() },
        body,
      })
      await context.print(
        reply.body,
        sentence((user) => `Database user '${textAt(user, 'username')}' successfully created.`),
      )
    },
  },
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return all database users of your project.',
    role: 'Project Read Only',
    flags: [...pages, projectId, output],
    examples: [['List them as JSON:', 'dbusers list --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('listGroupDatabaseUsers', {
        params: { groupId: await context.groupId() },
        query: pageQuery(context),
      })
      await context.print(body, rows(...columns))
    },
  },
  {
    word: 'describe',
    aliases: ['get'],
    short: 'Return one database user of your project.',
    role: 'Project Read Only',
    args: [username],
    flags: [authDB, projectId, output],
    examples: [['Show one as JSON:', 'dbusers describe shop --output json']],
    async run(context) {
      const { body } = await (await context.client()).call('getGroupDatabaseUser', {
        params: {
          groupId: await context.groupId(),
          databaseName: authDatabase(context.text('authDB')),
          username: context.arg('username'),
        },
      })
      await context.print(body, row(...columns))
    },
  },
  {
    word: 'update',
    short: 'Change one database user of your project.',
    long: 'Roles and scopes replace the ones that the user has.',
    role: 'Project Owner',
    args: [username],
    flags: [
      { name: 'username', short: 'u', kind: 'text', usage: 'New name of the user.' },
      ...databaseUserFlags,
      authDB,
      projectId,
      output,
    ],
    examples: [['Give a user other roles:', 'dbusers update shop --role readWriteAnyDatabase']],
    async run(context) {
      const body = changedDatabaseUser(context)
      const reply = await (await context.client()).call('updateGroupDatabaseUser', {
        params: {
          groupId: await context.groupId(),
          databaseName: authDatabase(context.text('authDB')),
          username: context.arg('username'),
        },
        body,
      })
      await context.print(
        reply.body,
        sentence((user) => `Successfully updated database user '${textAt(user, 'username')}'.`),
      )
    },
  },
  {
    word: 'delete',
    aliases: ['rm'],
    short: 'Remove one database user from your project.',
    long: 'The command asks before it deletes, unless --force is given.',
    role: 'Project Owner',
    args: [username],
    flags: [authDB, force, projectId],
    examples: [['Remove one without a question:', 'dbusers delete shop --force']],
    async run(context) {
      const params = {
        groupId: await context.groupId(),
        databaseName: authDatabase(context.text('authDB')),
        username: context.arg('username'),
      }
      const question = `Are you sure you want to delete: ${params.username}`
      if (!(await context.confirmed(question, 'DB user not deleted'))) return
      await (await context.client()).call('deleteGroupDatabaseUser', { params })
      context.say(`DB user '${params.username}' deleted`)
    },
  },
]
