// Every page, as the table of routes has them, walked through: its title and heading, its width on the narrowest phone, and
// what is disabled there for whom, with which reason. And every dialog that no other journey looks at.

import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { follow } from './gestures.ts'
import { type ConsoleUnderTest, expectAccessible, withConsole } from './open-console.ts'
import type { Page } from './playwright.ts'

const routes = readFileSync(new URL('../../../console/src/routes.tsx', import.meta.url), 'utf8')
/** Each page's title by its path. */
const titles = new Map(
  [...routes.matchAll(/path: '([^']+)',\n *title: '([^']+)'/g)].map(([, path = '', title = '']) => [path, title]),
)
const paths = [...titles.keys()]

/** What is there to change something, by page; a page without a row has at least nothing that may be pressed. */
const changing: Readonly<Record<string, readonly string[]>> = {
  '/groups/$groupId/clusters': ['Create', 'Register a deployment'],
  '/groups/$groupId/database-access/users': ['Add New Database User', 'Edit app', 'Delete app'],
  '/groups/$groupId/database-access/custom-roles': ['Add New Custom Role'],
  '/groups/$groupId/network-access/private-endpoint': ['Create Endpoint Service', 'Add Endpoint', 'Edit', 'Terminate'],
  '/groups/$groupId/network-access/private-endpoint/$cloudProvider/$endpointServiceId/$endpointId': [
    'Terminate',
    'Edit Policy',
    'Edit Limits',
  ],
  '/groups/$groupId/network-access/ip-access-list': ['Add IP Address'],
  '/groups/$groupId/network-access/gateways': ['Enrol Gateway', 'Revoke local', 'Forget local'],
  '/groups/$groupId/access/users': ['Invite to Project'],
  '/groups/$groupId/access/api-keys': ['Create API Key'],
  '/groups/$groupId/access/service-accounts': ['Create Service Account'],
  '/groups/$groupId/settings': ['Save Name', 'Delete Project'],
  '/orgs/$orgId/projects': ['Create Project'],
  '/orgs/$orgId/gateways': ['Enrol Gateway', 'Revoke local', 'Forget local'],
  '/orgs/$orgId/access/users': ['Invite to Organization'],
  '/orgs/$orgId/access/api-keys': ['Create API Key'],
  '/orgs/$orgId/access/service-accounts': ['Create Service Account'],
  '/orgs/$orgId/settings': ['Save Name'],
}
const changes =
  /^(Accept|Add|Create|Delete|Edit|Enrol|Forget|Generate|Invite|Kill|Pause|Register|Remove|Resume|Retry|Revoke|Save|Terminate|Undo)\b/

const endpointPage = '/groups/$groupId/network-access/private-endpoint/$cloudProvider/$endpointServiceId/$endpointId'
const username = 'reader@example.com'
const password = 'a-password-of-the-journey'
/** Of people, keys and accounts that dialogs are about. */
const ids = { reader: '', invited: '', key: '', account: '', foreignGroup: '' }
const endpoint = { cloudProvider: 'AWS', endpointServiceId: '', endpointId: '' }
const test = withConsole({
  up: { sample: true },
  // A member of the organization may not list its service accounts.
  complaints: /status of 403/,
  prepare: async ({ running }) => {
    const { client, bootstrap } = running
    const { orgId, groupId } = bootstrap
    const roles = {
      orgRoles: ['ORG_MEMBER' as const],
      groupRoleAssignments: [{ groupId, groupRoles: ['GROUP_READ_ONLY' as const] }],
    }
    const invite = async (name: string): Promise<string> =>
      (await client.call('createOrgUser', { params: { orgId }, body: { username: name, roles } })).body.id
    ids.reader = await invite(username)
    ids.invited = await invite('invited@example.com')
    const token = await client.call('createInvitationToken', { params: { orgId, userId: ids.reader } })
    const { invitationToken } = token.body
    await client.call('acceptInvitation', { body: { invitationToken, password, firstName: 'Rea', lastName: 'Der' } })
    const key = { desc: 'for a program', roles: ['GROUP_READ_ONLY' as const] }
    ids.key = (await client.call('createGroupApiKey', { params: { groupId }, body: key })).body.id ?? ''
    const account = await client.call('createGroupServiceAccount', {
      params: { groupId },
      body: { name: 'deployer', description: 'Deploys.', roles: ['GROUP_READ_ONLY'], secretExpiresAfterHours: 24 },
    })
    ids.account = account.body.clientId ?? ''
    ids.foreignGroup = (await client.call('createGroup', { body: { name: 'Made by a key', orgId } })).body.id ?? ''
    const [attached] = (await client.call('listGroupPrivateEndpoints', { params: { groupId } })).body.results
    Object.assign(endpoint, attached)
  },
})

const addressOf = (path: string, { running }: ConsoleUnderTest, groupId = running.bootstrap.groupId): string => {
  const { orgId, clusterName } = running.bootstrap
  const values: Readonly<Record<string, string>> = { ...endpoint, orgId, groupId, clusterName }
  return path.replace(/\$(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
}

/** The page is there, under its own title. */
async function show(page: Page, path: string, at: ConsoleUnderTest, groupId?: string): Promise<void> {
  await follow(page, addressOf(path, at, groupId))
  const title = (titles.get(path) ?? '').replace('$clusterName', at.running.bootstrap.clusterName)
  await expect
    .poll(() => page.title(), { message: path, timeout: 10_000 })
    .toMatch(new RegExp(`^${title} \\| [^|]+ \\| Postern$`))
  await page.getByRole('heading', { level: 1 }).waitFor()
}

interface Shown {
  readonly name: string
  readonly disabled: boolean
  readonly reason: string
}

const shownButtons = (page: Page): Promise<readonly Shown[]> =>
  page.locator('main').evaluate((main) =>
    [...main.querySelectorAll('button')].map((button) => ({
      name: button.getAttribute('aria-label') ?? button.textContent,
      disabled: button.getAttribute('aria-disabled') === 'true',
      reason: button.getAttribute('aria-description') ?? '',
    })),
  )

/** Nothing on the page that changes something may be pressed, and each of it says why. */
async function expectDisabled(page: Page, path: string, reason: RegExp): Promise<void> {
  for (const name of changing[path] ?? []) await page.getByRole('button', { name, exact: true }).first().waitFor()
  await expect
    .poll(async () => (await shownButtons(page)).filter(({ name, disabled }) => !disabled && changes.test(name)), {
      message: path,
      timeout: 10_000,
    })
    .toEqual([])
  const shown = await shownButtons(page)
  const named = shown.filter(({ name }) => changes.test(name) && !/^Save/.test(name))
  expect(
    named.filter((one) => !reason.test(one.reason)),
    path,
  ).toEqual([])
}

test('Project Read Only sees every page under its title, as wide as a phone, and on each why nothing may be changed', async (at) => {
  const page = await at.visit('/', { signedIn: false })
  await page.locator('#username').fill(username)
  await page.locator('#password').fill(password)
  await page.getByRole('button', { name: 'Log In' }).click()
  await page.locator('#password').waitFor({ state: 'detached' })
  await page.setViewportSize({ width: 360, height: 780 })
  for (const path of paths) {
    await show(page, path, at)
    await expectDisabled(page, path, /^This takes the role /)
    expect(await page.getByRole('heading', { level: 1 }).count(), path).toBe(1)
    expect(await page.evaluate('document.documentElement.scrollWidth'), path).toBeLessThanOrEqual(360)
  }
})

test('an Organization Owner who is no Project Owner is told so on every page, and makes themselves one', async (at) => {
  const page = await at.visit('/')
  const ofGroups = paths.filter((path) => path.startsWith('/groups/') && !/\$(clusterName|endpointId)$/.test(path))
  expect(ofGroups.length).toBeGreaterThan(8)
  for (const path of ofGroups) {
    await show(page, path, at, ids.foreignGroup)
    await page.getByText(/^You are Organization Owner, and not Project Owner of this project/).waitFor()
    const [create] = changing[path] ?? []
    // A name that is not changed yet is not to be saved; by inviting, an owner of the organization adds themselves; and
    // gateways are theirs.
    if (create === undefined || /settings|access\/users$|gateways$/.test(path)) continue
    const button = page.getByRole('button', { name: create, exact: true }).first()
    await expect
      .poll(() => button.getAttribute('aria-description'), { message: path, timeout: 10_000 })
      .toMatch(/As Organization Owner, add yourself to the project as Project Owner first\.$/)
  }
  await show(page, '/groups/$groupId/clusters', at, ids.foreignGroup)
  await page.getByRole('button', { name: 'Add me as Project Owner' }).click()
  const create = page.getByRole('button', { name: 'Create', exact: true })
  await expect.poll(() => create.getAttribute('aria-disabled'), { timeout: 10_000 }).not.toBe('true')
})

test('dialogs that only ask can be read by everybody', async (at) => {
  const dialogs: readonly (readonly [path: string, query: Readonly<Record<string, string>>])[] = [
    ['/groups/$groupId/access/users', { dialog: 'edit', user: ids.reader }],
    ['/groups/$groupId/access/users', { dialog: 'remove', user: ids.reader }],
    ['/orgs/$orgId/access/users', { dialog: 'invitation', user: ids.invited }],
    ['/groups/$groupId/access/api-keys', { dialog: 'edit', key: ids.key }],
    ['/groups/$groupId/access/api-keys', { dialog: 'remove', key: ids.key }],
    ['/groups/$groupId/access/service-accounts', { dialog: 'edit', account: ids.account }],
    ['/groups/$groupId/access/service-accounts', { dialog: 'remove', account: ids.account }],
    ['/groups/$groupId/access/service-accounts', { dialog: 'access-list', account: ids.account }],
    ['/groups/$groupId/database-access/users', { dialog: 'edit', user: 'app', database: 'admin' }],
    ['/groups/$groupId/database-access/users', { dialog: 'delete', user: 'app', database: 'admin' }],
    [endpointPage, { dialog: 'policy' }],
    [endpointPage, { dialog: 'limits' }],
    ['/orgs/$orgId/gateways', { dialog: 'enrol' }],
    ['/orgs/$orgId/gateways', { dialog: 'forget', edge: 'local' }],
    ['/orgs/$orgId/projects', { dialog: 'create' }],
  ]
  const page = await at.visit('/')
  await page.setViewportSize({ width: 360, height: 780 })
  for (const [path, query] of dialogs) {
    const address = `${addressOf(path, at)}?${new URLSearchParams(query)}`
    const dialog = page.locator('dialog[open]')
    await show(page, path, at)
    await dialog.waitFor({ state: 'detached' })
    await follow(page, address)
    await dialog.getByRole('heading').first().waitFor()
    await expectAccessible(page)
    expect(await dialog.evaluate((shown) => shown.scrollWidth <= shown.clientWidth), address).toBe(true)
  }
})
