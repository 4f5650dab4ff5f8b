import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandRow, checkRow } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, runTrial } from '../trial/run-trial.ts'

// Custom database roles: what each command sends and prints.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const path = `/api/atlas/v2/groups/${groupId}/customDBRoles/roles`
const orders = { cluster: false, collection: 'orders', db: 'shop' }
const shop = { cluster: false, collection: '', db: 'shop' }
const clerk = {
  actions: [
    {
      action: 'FIND',
      resources: [
        { collection: '', db: 'shop' },
        { collection: 'orders', db: 'shop' },
      ],
    },
    { action: 'LIST_DATABASES', resources: [{ cluster: true }] },
  ],
  inheritedRoles: [{ db: 'admin', role: 'read' }],
  roleName: 'clerk',
}
const clerkTable = [
  'NAME    ACTION           INHERITED ROLES   DB      COLLECTION        CLUSTER',
  'clerk   FIND             N/A               shop    ALL COLLECTIONS   N/A',
  'clerk   FIND             N/A               shop    orders            N/A',
  'clerk   LIST_DATABASES   N/A               N/A     N/A               true',
  'clerk   N/A              read              admin   N/A               N/A',
  '',
].join('\n')

describe('custom database roles', () => {
  test.each<CommandRow>([
    {
      says: 'create joins the resources of an action; a privilege without a database is of the cluster',
      line: 'customDbRoles create clerk --privilege FIND@shop,UPDATE@shop.orders,FIND@shop.orders --privilege LIST_DATABASES',
      answers: { [`POST ${path}`]: { body: clerk } },
      sent: [
        [
          `POST ${path}`,
          {
            actions: [
              { action: 'FIND', resources: [shop, orders] },
              { action: 'UPDATE', resources: [orders] },
              { action: 'LIST_DATABASES', resources: [{ cluster: true }] },
            ],
            inheritedRoles: [],
            roleName: 'clerk',
          },
        ],
      ],
      stdout: "Custom database role 'clerk' successfully created.\n",
    },
    {
      says: 'create by inheritance; a role without a database is of admin; a collection may have dots',
      line: 'customDBRoles create clerk --inheritedRole read@shop,reader --privilege FIND@shop.a.b',
      answers: { [`POST ${path}`]: { body: clerk } },
      sent: [
        [
          `POST ${path}`,
          {
            actions: [{ action: 'FIND', resources: [{ cluster: false, collection: 'a.b', db: 'shop' }] }],
            inheritedRoles: [
              { db: 'shop', role: 'read' },
              { db: 'admin', role: 'reader' },
            ],
            roleName: 'clerk',
          },
        ],
      ],
      stdout: "Custom database role 'clerk' successfully created.\n",
    },
    {
      says: 'list has a line for each privilege and inherited role',
      line: 'custom-db-roles ls',
      answers: { [`GET ${path}`]: { body: [clerk] } },
      sent: [[`GET ${path}`]],
      stdout: clerkTable,
    },
    {
      says: 'describe',
      line: 'customdbrole get clerk',
      answers: { [`GET ${path}/clerk`]: { body: clerk } },
      sent: [[`GET ${path}/clerk`]],
      stdout: clerkTable,
    },
    {
      says: 'update replaces',
      line: 'customDbRoles update clerk --privilege INSERT@shop.orders',
      answers: { [`PATCH ${path}/clerk`]: { body: clerk } },
      sent: [[`PATCH ${path}/clerk`, { actions: [{ action: 'INSERT', resources: [orders] }], inheritedRoles: [] }]],
      stdout: "Custom database role 'clerk' successfully updated.\n",
    },
    {
      says: 'update --append keeps what the role has, once',
      line: 'customDbRoles update clerk --privilege LIST_DATABASES,INSERT@shop.orders --append',
      answers: { [`GET ${path}/clerk`]: { body: clerk }, [`PATCH ${path}/clerk`]: { body: clerk } },
      sent: [
        [`GET ${path}/clerk`],
        [
          `PATCH ${path}/clerk`,
          {
            actions: [
              { action: 'LIST_DATABASES', resources: [{ cluster: true }] },
              { action: 'INSERT', resources: [orders] },
              { action: 'FIND', resources: clerk.actions[0]?.resources },
            ],
            inheritedRoles: [{ db: 'admin', role: 'read' }],
          },
        ],
      ],
      stdout: "Custom database role 'clerk' successfully updated.\n",
    },
    {
      says: 'delete',
      line: 'customDbRoles rm clerk --force',
      answers: { [`DELETE ${path}/clerk`]: { status: 204 } },
      sent: [[`DELETE ${path}/clerk`]],
      stdout: "Custom database role 'clerk' deleted\n",
    },
  ])('$says', (row) => checkRow(server, row))

  test.each([
    ['create clerk', 'you must provide either actions or inherited roles'],
    ['update clerk', 'you must provide either actions or inherited roles'],
    [
      'create clerk --privilege @shop',
      'invalid privilege "@shop"; required format is ACTION[@databaseName[.collectionName]]',
    ],
    [
      'create clerk --inheritedRole read@',
      'invalid inherited role "read@"; required format is roleName[@databaseName]',
    ],
  ])('customDbRoles %s is refused', async (line, error) => {
    const trial = await runTrial(['customDbRoles', ...line.split(' ')], { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '', stderr: `Error: ${error}\n` })
  })

  test('--page and --limit of list do nothing and say so', async () => {
    server.answers = { [`GET ${path}`]: { body: [] } }
    const trial = await runTrial(['customDbRoles', 'list', '--page', '2'], { url: server.url })
    expect(trial.code).toBe(0)
    expect(trial.stderr).toContain('Flag --page has been deprecated, --pageNum and --ItemsPerPage are not supported by')
  })
})
