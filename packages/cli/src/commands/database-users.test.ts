import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type CommandRow, checkRow, page } from '../trial/command-row.ts'
import { type RecordingServer, startRecordingServer } from '../trial/recording-server.ts'
import { groupId, runTrial } from '../trial/run-trial.ts'

// Database users: bodies from flags, passwords from where they may come, and what is refused.

let server: RecordingServer
beforeAll(async () => {
  server = await startRecordingServer()
})
afterAll(() => server.close())

const inGroup = `/api/atlas/v2/groups/${groupId}`

describe('database users', () => {
  const path = `${inGroup}/databaseUsers`
  const reply = { status: 201, body: { username: 'shop', databaseName: 'admin' } }
  const printed = "Database user 'shop' successfully created.\n"
  const created = (line: string, body: Record<string, unknown>, parts: Partial<CommandRow> = {}): CommandRow => ({
    says: line,
    line: `dbusers create ${line}`,
    stdin: 'from-standard-input\nsecond line\n',
    answers: { [`POST ${path}`]: reply },
    sent: [[`POST ${path}`, body]],
    stdout: printed,
    ...parts,
  })
  const admin = [{ roleName: 'atlasAdmin', databaseName: 'admin' }]

  test.each<CommandRow>([
    created('atlasAdmin --username shop', {
      roles: admin,
      username: 'shop',
      password: 'from-standard-input',
      databaseName: 'admin',
    }),
    created(
      'atlasAdmin -u shop -p from-argv',
      { roles: admin, username: 'shop', password: 'from-argv', databaseName: 'admin' },
      { stderr: /^Warning: a password on the command line can be read by other processes/ },
    ),
    created(
      'atlasAdmin -u shop',
      { roles: admin, username: 'shop', password: 'from-prompt', databaseName: 'admin' },
      { terminal: ['from-prompt'] },
    ),
    created('-u shop --role readWrite@shop.orders.2026,read@shop clusterMonitor --scope Shop,lake:data_lake', {
      roles: [
        { roleName: 'readWrite', databaseName: 'shop', collectionName: 'orders.2026' },
        { roleName: 'read', databaseName: 'shop' },
        { roleName: 'clusterMonitor', databaseName: 'admin' },
      ],
      scopes: [
        { name: 'Shop', type: 'CLUSTER' },
        { name: 'lake', type: 'DATA_LAKE' },
      ],
      username: 'shop',
      password: 'from-standard-input',
      databaseName: 'admin',
    }),
    created('atlasAdmin -u shop --deleteAfter 2026-12-01T10:00:00+02:00 --desc short', {
      roles: admin,
      username: 'shop',
      description: 'short',
      deleteAfterDate: '2026-12-01T08:00:00.000Z',
      password: 'from-standard-input',
      databaseName: 'admin',
    }),
    created('atlasAdmin -u CN=shop --x509Type CUSTOMER', {
      roles: admin,
      username: 'CN=shop',
      x509Type: 'CUSTOMER',
      databaseName: '$external',
    }),
    created('atlasAdmin -u CN=all --ldapType GROUP', {
      roles: admin,
      username: 'CN=all',
      ldapAuthType: 'GROUP',
      databaseName: 'admin',
    }),
    {
      says: 'list',
      line: 'dbusers ls',
      answers: { [`GET ${path}${page}`]: { body: { results: [{ username: 'shop', databaseName: 'admin' }] } } },
      sent: [[`GET ${path}${page}`]],
      stdout: 'USERNAME   DATABASE\nshop       admin\n',
    },
    {
      says: 'describe of a user outside of MongoDB',
      line: 'dbuser get CN=a/b --authDB $external',
      answers: { [`GET ${path}/%24external/CN%3Da%2Fb`]: { body: { username: 'CN=a/b', databaseName: '$external' } } },
      sent: [[`GET ${path}/%24external/CN%3Da%2Fb`]],
      stdout: 'USERNAME   DATABASE\nCN=a/b     $external\n',
    },
    {
      says: 'update sends only what was given',
      line: 'dbusers update shop --role readAnyDatabase',
      answers: { [`PATCH ${path}/admin/shop`]: { body: { username: 'shop' } } },
      sent: [[`PATCH ${path}/admin/shop`, { roles: [{ roleName: 'readAnyDatabase', databaseName: 'admin' }] }]],
      stdout: "Successfully updated database user 'shop'.\n",
    },
    {
      says: 'delete',
      line: 'dbusers delete shop --force',
      answers: { [`DELETE ${path}/admin/shop`]: { status: 204 } },
      sent: [[`DELETE ${path}/admin/shop`]],
      stdout: "DB user 'shop' deleted\n",
    },
  ])('$says', (row) => checkRow(server, row))

  test.each([
    ['create -u shop', 'missing role for the user'],
    ['create atlasAdmin -u shop', 'no password'],
    ['create admin -u shop', 'invalid argument "admin" for "postern dbusers create"; valid ones are atlasAdmin,'],
    ['create atlasAdmin', 'required flag(s) "username" not set'],
    ['create atlasAdmin -u s -p x --x509Type MANAGED', "can't supply both $external authentication and password"],
    ['create atlasAdmin -u s --ldapType USER --x509Type MANAGED', "can't supply more than one $external type"],
    ['create atlasAdmin -u s --x509Type maybe', 'invalid value "maybe" for --x509Type; accepted values: NONE,'],
    ['create -u s --role @db', 'invalid role "@db"'],
    ['create atlasAdmin -u s --scope a:b', 'invalid scope "a:b"'],
    ['create atlasAdmin -u s --deleteAfter soon', 'not an ISO 8601 date'],
    ['update shop', 'nothing to change'],
    ['describe shop --authDB test', 'invalid value "test" for --authDB'],
  ])('%s is refused', async (line, error) => {
    server.requests.length = 0
    const trial = await runTrial(['dbusers', ...line.split(' ')], { url: server.url })
    expect(trial).toMatchObject({ code: 1, stdout: '' })
    expect(trial.stderr).toContain(error)
    expect(server.requests).toEqual([])
  })
})
