// Clusters in the console: created on the sandbox, looked at member by member, edited, paused, terminated; a deployment of
// one's own, checked and registered; and what a reader of the project is told.

import { describe, expect } from 'vitest'
import { until } from '../../src/up/wait.ts'
import { drills } from '../running.ts'
import { type ConsoleUnderTest, expectAccessible, withConsole } from './open-console.ts'
import type { Page } from './playwright.ts'

// Refusals are part of it.
const test = withConsole({ up: { sample: true }, complaints: /status of 4\d\d/ })

const clustersOf = ({ running }: ConsoleUnderTest) => `/groups/${running.bootstrap.groupId}/clusters`

const rowOf = (page: Page, name: string) =>
  page.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) })

async function select(page: Page, label: string, option: string): Promise<void> {
  await page.getByRole('button', { name: new RegExp(`^${label} `) }).click()
  await page.getByRole('option', { name: option }).first().click()
}

async function act(page: Page, name: string, action: string): Promise<void> {
  await page.getByRole('button', { name: `Actions on ${name}` }).click()
  await page.getByRole('menuitem', { name: new RegExp(`^${action}`) }).click()
}

test('a project without one says what to do first, and what role it takes', async (at) => {
  const { client, bootstrap } = at.running
  const { body } = await client.call('createGroup', { body: { name: 'Empty', orgId: bootstrap.orgId } })
  const page = await at.visit(`/groups/${body.id}/clusters`)
  await page.getByText('No cluster yet').waitFor()
  // It was made by a key: the organization's owner has no role on it yet, and is told the way to one.
  const create = page.getByRole('button', { name: 'Create' })
  await until('Create being disabled', 20_000, async () => ((await create.isEnabled()) ? undefined : true))
  await create.hover()
  await page.getByText(/As Organization Owner, add yourself to the project as Project Owner first/).waitFor()
  await client.call('addGroupUsers', {
    params: { groupId: body.id },
    body: { username: bootstrap.ownerEmail, roles: ['GROUP_OWNER'] },
  })
  await page.reload()
  await until('Create being enabled', 20_000, async () => ((await create.isEnabled()) ? true : undefined))
  await expectAccessible(page, 'clusters-empty')
  await page.getByRole('button', { name: 'Register a deployment' }).click()
  await page.getByRole('heading', { name: 'Register a deployment' }).waitFor()
  await page.goBack()
  await page.getByRole('button', { name: 'Create' }).click()
  await page.getByRole('dialog').waitFor()
  await page.getByLabel('Name').fill('Sharded')
  await select(page, 'Region', 'N. Virginia (us-east-1)')
  await select(page, 'Cluster Type', 'Sharded cluster')
  await page.getByRole('button', { name: 'Create cluster' }).click()
  await rowOf(page, 'Sharded').getByText('Active', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Sharded', exact: true }).click()
  await page.getByText('Sharded cluster of 2 shards').waitFor()
  await page.getByRole('region', { name: 'Members' }).getByText('Router').first().waitFor()
  await page.getByText('No AVAILABLE private endpoint in: AWS US_EAST_1.').waitFor()
})

test('one is created; a refusal stands in the form, and nothing typed is lost by it', async (at) => {
  const page = await at.visit(clustersOf(at))
  await page.getByRole('button', { name: 'Create' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('A name and a region are needed.').waitFor()
  await dialog.getByLabel('Name').fill('Cluster0')
  // What was typed outlives the page.
  await page.reload()
  await dialog.waitFor()
  expect(await dialog.getByLabel('Name').inputValue()).toBe('Cluster0')
  await dialog.getByRole('radio', { name: 'Azure' }).focus()
  await page.keyboard.press('Space')
  await select(page, 'Region', 'Netherlands (westeurope)')
  await expectAccessible(page, 'cluster-create')
  await dialog.getByRole('button', { name: 'Create cluster' }).click()
  await dialog.getByRole('alert').waitFor()
  expect(await dialog.getByLabel('Name').inputValue()).toBe('Cluster0')
  await dialog.getByLabel('Name').fill('not a name')
  await dialog.getByRole('button', { name: 'Create cluster' }).click()
  await dialog.locator('#cluster-name[aria-invalid="true"]').waitFor()
  await expectAccessible(page, 'cluster-create-refused')
  await dialog.getByLabel('Name').fill('Shop')
  await dialog.getByRole('button', { name: 'Create cluster' }).click()
  await dialog.waitFor({ state: 'detached' })
  const row = rowOf(page, 'Shop')
  await row.getByText('Active', { exact: true }).waitFor()
  expect(await row.textContent()).toContain('Netherlands (westeurope)')
  await expectAccessible(page, 'clusters')
})

test('a shared tier and a Flex cluster are created by the same form', async (at) => {
  const page = await at.visit(clustersOf(at))
  for (const [name, tier] of [
    ['Free', 'M0'],
    ['Flexible', 'FLEX'],
  ] as const) {
    await page.goto(`${at.url}${clustersOf(at)}?dialog=create`)
    await page.getByLabel('Name').fill(name)
    await select(page, 'Region', 'N. Virginia (us-east-1)')
    await select(page, 'Cluster Tier', tier)
    await page.getByRole('button', { name: 'Create cluster' }).click()
    await rowOf(page, name).getByText('Active', { exact: true }).waitFor()
    expect(await rowOf(page, name).textContent()).toContain(tier)
    await page.getByRole('button', { name: `Actions on ${name}` }).click()
    await page.getByText(`A ${tier} cluster cannot be paused.`).waitFor()
    await page.keyboard.press('Escape')
  }
})

test('its page shows members with role and health, live, and every way to it', async (at) => {
  const page = await at.visit(clustersOf(at))
  await page.getByRole('link', { name: 'Cluster0', exact: true }).click()
  await page.getByRole('heading', { name: 'Cluster0', level: 1 }).waitFor()
  expect(await page.title()).toMatch(/^Cluster0 \| /)
  const members = page.getByRole('region', { name: 'Members' })
  await members.getByText('Primary', { exact: true }).waitFor()
  expect(await members.getByText('Healthy').count()).toBe(3)
  await page.getByRole('region', { name: /^Connection string through vpce-/ }).waitFor()
  await page.getByRole('link', { name: /^vpce-/ }).waitFor()
  await expectAccessible(page, 'cluster-detail')

  const { client, bootstrap } = at.running
  const params = { groupId: bootstrap.groupId, clusterName: 'Cluster0' }
  const { body } = await client.call('getGroupCluster', { params })
  const [, second] = await drills(at.running).members(body.id)
  await drills(at.running).killMember(body.id, String(second?.id))
  await members.getByText('Not reachable').waitFor()
  await drills(at.running).reviveMember(body.id, String(second?.id))
  await members.getByText('Not reachable').waitFor({ state: 'detached' })
})

test('it is edited, protected against its end, paused and resumed', async (at) => {
  const page = await at.visit(clustersOf(at))
  await act(page, 'Shop', 'Edit')
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Nothing is changed yet.').waitFor()
  await select(page, 'Cluster Tier', 'M20')
  await dialog.getByRole('checkbox', { name: 'Termination protection' }).focus()
  await page.keyboard.press('Space')
  await expectAccessible(page, 'cluster-edit')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.waitFor({ state: 'detached' })
  await rowOf(page, 'Shop').getByText('M20').waitFor()
  await page.getByRole('button', { name: 'Actions on Shop' }).click()
  await page.getByText('Its termination protection is on: Edit turns it off.').waitFor()
  await expectAccessible(page, 'cluster-actions')
  await page.getByRole('menuitem', { name: 'Pause' }).click()
  await expectAccessible(page, 'cluster-pause')
  await page.getByRole('dialog').getByRole('button', { name: 'Pause' }).click()
  await rowOf(page, 'Shop').getByText('Paused').waitFor()
  await act(page, 'Shop', 'Resume')
  await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click()
  await rowOf(page, 'Shop').getByText('Active', { exact: true }).waitFor()
})

test('it is terminated by its name, once nothing protects it', async (at) => {
  const page = await at.visit(clustersOf(at))
  await act(page, 'Shop', 'Edit')
  await page.getByRole('checkbox', { name: 'Termination protection' }).focus()
  await page.keyboard.press('Space')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await act(page, 'Shop', 'Terminate')
  const dialog = page.getByRole('dialog')
  const terminate = dialog.getByRole('button', { name: 'Terminate' })
  expect(await terminate.isEnabled()).toBe(false)
  await expectAccessible(page, 'cluster-terminate')
  await dialog.getByRole('textbox').fill('Shop')
  await terminate.click()
  await rowOf(page, 'Shop').waitFor({ state: 'detached' })
  await page.goto(`${at.url}${clustersOf(at)}/Shop`)
  await page.getByText('No cluster Shop').waitFor()
  await expectAccessible(page)
})

describe('a deployment of one’s own', () => {
  test('is checked before it is kept, and registered', async (at) => {
    const { client, bootstrap } = at.running
    const params = { groupId: bootstrap.groupId, clusterName: 'Cluster0' }
    const { standard } = (await client.call('getGroupClusterConnectionStrings', { params })).body
    const page = await at.visit(clustersOf(at))
    await page.getByRole('button', { name: 'Register a deployment' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('Mine')
    await dialog.getByLabel('Connection string', { exact: true }).fill('mongodb://127.0.0.1:9')
    await select(page, 'Region', 'N. Virginia (us-east-1)')
    await dialog.getByRole('button', { name: 'Check connection' }).click()
    await dialog.getByText(/ECONNREFUSED/).waitFor()
    await dialog.getByLabel('Connection string', { exact: true }).fill(String(standard))
    await dialog.getByRole('button', { name: 'Check connection' }).click()
    await dialog.getByText('It can be registered.').waitFor()
    await dialog.getByText(/It answers: MongoDB .* replica set .* \(primary\)/).waitFor()
    await expectAccessible(page, 'cluster-register')
    const none = await client.call('listGroupClusters', { params: { groupId: bootstrap.groupId } })
    expect(none.body.results.map(({ name }) => name)).not.toContain('Mine')
    await dialog.getByRole('button', { name: 'Register' }).click()
    await rowOf(page, 'Mine').getByText('Active', { exact: true }).waitFor()
    await page.getByText('Mine is registered with 3 members.').waitFor()
    await rowOf(page, 'Mine').getByText('Registered', { exact: true }).waitFor()
    await expectAccessible(page, 'clusters-registered')
    await page.getByRole('button', { name: 'Actions on Mine' }).click()
    await page.getByText('It is a registered deployment: it runs, or stands still, where it is.').waitFor()
    await page.getByRole('menuitem', { name: /^Edit/ }).click()
    const edit = page.getByRole('dialog')
    await edit.getByText('they are changed where it runs').waitFor()
    expect(await edit.getByRole('button', { name: /^Cluster Tier/ }).count()).toBe(0)
    await expectAccessible(page, 'cluster-edit-registered')
    await edit.getByText('Termination protection', { exact: true }).click()
    await edit.getByRole('button', { name: 'Save' }).click()
    await edit.waitFor({ state: 'detached' })
  })
})

describe('whoever may only read the project', () => {
  test('sees everything, and why they may change nothing', async (at) => {
    const { client, bootstrap } = at.running
    const { orgId, groupId } = bootstrap
    const username = 'reader@example.com'
    const password = 'correct-horse-battery'
    const groupRoleAssignments = [{ groupId, groupRoles: ['GROUP_READ_ONLY' as const] }]
    const { body: invited } = await client.call('createOrgUser', {
      params: { orgId },
      body: { username, roles: { orgRoles: ['ORG_MEMBER'], groupRoleAssignments } },
    })
    const { body } = await client.call('createInvitationToken', { params: { orgId, userId: invited.id } })
    await client.call('acceptInvitation', {
      body: { invitationToken: body.invitationToken, password, firstName: 'Rea', lastName: 'Der' },
    })
    const page = await at.visit(clustersOf(at), { signedIn: false })
    await page.locator('#username').fill(username)
    await page.locator('#password').fill(password)
    await page.getByRole('button', { name: 'Log In' }).click()
    await rowOf(page, 'Cluster0').waitFor()
    const create = page.getByRole('button', { name: 'Create' })
    await until('Create being disabled', 10_000, async () => ((await create.isEnabled()) ? undefined : true))
    await create.hover()
    await page.getByText(/This takes the role Project Cluster Creator/).waitFor()
    await page.getByRole('button', { name: 'Actions on Cluster0' }).click()
    await page
      .getByText(/This takes the role Project Owner/)
      .first()
      .waitFor()
    await expectAccessible(page, 'clusters-reader')
    await page.keyboard.press('Escape')
    await page.getByRole('button', { name: 'Connect to Cluster0' }).click()
    await page.getByRole('button', { name: 'Choose Your Connection Method' }).click()
    await page.getByRole('heading', { name: 'Choose a connection method' }).waitFor()
  })
})
