// People, keys and roles in the console: what is made there works, what a role may not do is said, and
// the activity feed has it all.

import type { GroupRole } from '@postern/contract/roles'
import { describe, expect } from 'vitest'
import { digestFetch } from '../../../cli/src/digest.ts'
import { startReceiver } from '../../../control-plane/src/resources/webhook/receiver.testing.ts'
import { choose, click, gone, inGroup, inOrg, shownOnce, tick } from './gestures.ts'
import { type ConsoleUnderTest, expectAccessible, withConsole } from './open-console.ts'

// What the API refuses on purpose, the browser complains of.
const test = withConsole({ up: { sample: true }, complaints: /status of 4\d\d/ })

const password = 'a-password-of-the-journey'

/** Another person with an account, signed in at a path; the role is of the project, none of the organization's owner. */
async function visitAs(
  at: ConsoleUnderTest,
  username: string,
  path: string,
  roles: readonly GroupRole[] | 'ORG_OWNER' | 'ORG_MEMBER',
) {
  const { groupId, orgId } = at.running.bootstrap
  const { client } = at.running
  const { body: invited } = await client.call('createOrgUser', {
    params: { orgId },
    body: {
      username,
      roles:
        typeof roles === 'string'
          ? { orgRoles: [roles] }
          : { orgRoles: ['ORG_MEMBER'], groupRoleAssignments: [{ groupId, groupRoles: [...roles] }] },
    },
  })
  const { invitationToken } = (await client.call('createInvitationToken', { params: { orgId, userId: invited.id } }))
    .body
  await client.call('acceptInvitation', {
    body: { invitationToken, password, firstName: 'Grace', lastName: 'Hopper' },
  })
  const page = await at.visit(path, { signedIn: false })
  await page.locator('#username').fill(username)
  await page.locator('#password').fill(password)
  await page.getByRole('button', { name: 'Log In' }).click()
  await page.locator('#password').waitFor({ state: 'detached' })
  return page
}

describe('Access Manager', () => {
  test('somebody is invited to the project, waits, gets other roles and is removed', async (at) => {
    const page = await at.visit(inGroup(at, 'access/users'))
    await page.getByRole('cell', { name: at.running.bootstrap.ownerEmail, exact: true }).waitFor()
    await click(page, 'Invite to Project')
    await page.getByLabel('Email').fill('ada')
    await tick(page, 'Project Read Only')
    await click(page, 'Invite')
    await page.getByText('must be an e-mail address').first().waitFor()
    await page.getByLabel('Email').fill('ada@example.com')
    await expectAccessible(page, 'member-invite')
    await click(page, 'Invite')
    await gone(page)
    await page.getByText('Invitation pending').waitFor()
    await click(page, 'Invitation of ada@example.com')
    await click(page, 'Create Invitation Link')
    const link = new URL(await shownOnce(page, 'Invitation link'))
    await expectAccessible(page, 'invitation-link')
    await click(page, 'Done')

    const ada = await at.visit(`${link.pathname}${link.hash}`, { signedIn: false })
    await ada.getByText(/invites you to the organization .*, with roles in project /).waitFor()
    expect(await ada.getByLabel('Email Address').inputValue()).toBe('ada@example.com')
    await ada.getByLabel('Password').fill('short')
    await click(ada, 'Accept Invitation')
    await ada.getByText('must have at least 8 characters').first().waitFor()
    await ada.getByLabel('First Name').fill('Ada')
    await ada.getByLabel('Last Name').fill('Lovelace')
    await expectAccessible(ada, 'invitation')
    await ada.getByLabel('Password').fill(password)
    await click(ada, 'Accept Invitation')
    await ada.getByRole('button', { name: 'User: Ada' }).waitFor()
    await ada.getByRole('link', { name: 'Network Access' }).waitFor()
    await ada.goto(link.href)
    await ada.getByRole('alert').waitFor()
    await click(ada, 'Go on as ada@example.com')
    await ada.getByRole('link', { name: 'Network Access' }).waitFor()

    // Told in the project's own stream: nobody reloads.
    await page.getByRole('cell', { name: 'Ada Lovelace' }).waitFor()
    await expectAccessible(page, 'members')
    await click(page, 'Edit roles of ada@example.com')
    await tick(page, 'Project Cluster Manager')
    await click(page, 'Save')
    await gone(page)
    const row = page.getByRole('row', { name: /ada@example.com/ })
    await row.getByText(/Project Cluster Manager/).waitFor()
    await click(page, 'Remove ada@example.com')
    await click(page, 'Confirm')
    await row.waitFor({ state: 'detached' })
  })

  test('whoever is in a team has the roles that it is given in a project, as long as it has them', async (at) => {
    const grace = await visitAs(at, 'grace@example.com', inOrg(at, 'projects'), 'ORG_MEMBER')
    const page = await at.visit(inOrg(at, 'access/teams'))
    await page.getByText('No team yet').waitFor()
    await page.getByRole('main').getByRole('button', { name: 'Create Team' }).first().click()
    await click(page, 'Create')
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Team Name').fill('Platform')
    await expectAccessible(page, 'team-create')
    await click(page, 'Create')
    await page.getByText('Nobody is in this team.').waitFor()
    await choose(page, /^Add a member/, 'grace@example.com')
    await click(page, 'Add')
    await page.getByRole('list', { name: 'Members' }).getByText('grace@example.com').waitFor()
    await expectAccessible(page, 'team-members')
    await click(page, 'Close')
    await click(page, 'Rename Platform')
    await page.getByLabel('Team Name').fill('Operations')
    await click(page, 'Save')
    await gone(page)
    await page.getByRole('row', { name: /Operations.*grace@example.com/ }).waitFor()
    await expectAccessible(page, 'teams')

    await page.goto(`${at.url}${inGroup(at, 'access/teams')}`)
    await page.getByText('No team has a role of this project').waitFor()
    await page.getByRole('main').getByRole('button', { name: 'Add Team to Project' }).first().click()
    await choose(page, /^Team/, 'Operations')
    await click(page, 'Add')
    await page.getByRole('alert').waitFor()
    await tick(page, 'Project Read Only')
    await expectAccessible(page, 'group-team-add')
    await click(page, 'Add')
    await gone(page)
    await page.getByRole('row', { name: /Operations.*grace@example.com.*Project Read Only/ }).waitFor()
    await expectAccessible(page, 'group-teams')
    await click(page, 'Edit roles of Operations')
    await tick(page, 'Project Cluster Manager')
    await click(page, 'Save')
    await gone(page)
    await page.getByRole('row', { name: /Operations.*Project Cluster Manager, Project Read Only/ }).waitFor()

    await grace.goto(`${at.url}${inGroup(at, 'clusters')}`)
    const cluster = grace.getByRole('link', { name: 'Cluster0' })
    await cluster.waitFor()
    await click(page, 'Remove Operations')
    await page.getByText(/Everybody in Operations loses/).waitFor()
    await expectAccessible(page)
    await click(page, 'Confirm')
    await gone(page)
    await page.getByText('No team has a role of this project').waitFor()
    await grace.reload()
    await grace.getByRole('main').waitFor()
    await cluster.waitFor({ state: 'detached' })

    await page.getByRole('link', { name: 'Teams of the organization' }).click()
    await click(page, 'Members of Operations')
    await click(page, 'Remove grace@example.com')
    await page.getByText('Nobody is in this team.').waitFor()
    await click(page, 'Close')
    await click(page, 'Delete Operations')
    await click(page, 'Confirm')
    await page.getByText('No team yet').waitFor()
  })

  test('a key that is made there calls the API by digest, and its secret is not to be found again', async (at) => {
    const page = await at.visit(inGroup(at, 'access/api-keys'))
    await page.getByText('No API key yet').waitFor()
    await page.getByRole('main').getByRole('button', { name: 'Create API Key' }).first().click()
    await click(page, 'Create')
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Description').fill('of the journey')
    await tick(page, 'Project Owner')
    await click(page, 'Create')
    const keys = { publicKey: await shownOnce(page, 'Public key'), privateKey: await shownOnce(page, 'Private key') }
    await expectAccessible(page, 'api-key-made')
    await click(page, 'Done')
    await gone(page)
    await page.getByRole('cell', { name: keys.publicKey, exact: true }).waitFor()
    const called = await digestFetch((url, init) => fetch(url, init as RequestInit) as never, keys)(
      `${at.url}/api/atlas/v2/groups/${at.running.bootstrap.groupId}`,
      { method: 'GET', redirect: 'manual', headers: { accept: 'application/vnd.atlas.2023-01-01+json' } },
    )
    expect(called.status).toBe(200)
    await page.reload()
    await page.getByRole('cell', { name: keys.publicKey, exact: true }).waitFor()
    expect(await page.content()).not.toContain(keys.privateKey)
    await expectAccessible(page, 'api-keys')
    await expectAccessible(page)

    await click(page, `Access list of ${keys.publicKey}`)
    await page.getByLabel('Add an address').fill('not an address')
    await click(page, 'Add')
    await page
      .getByText(/not a|must be|invalid/i)
      .first()
      .waitFor()
    await page.getByLabel('Add an address').fill('203.0.113.7')
    await click(page, 'Add')
    await page.getByRole('list', { name: 'Access list' }).getByText('203.0.113.7').waitFor()
    await expectAccessible(page, 'api-key-access-list')
    await click(page, /^Remove 203\.0\.113\.7/)
    await page.getByText('No address is on the list.').waitFor()
    await click(page, 'Close')
    await click(page, `Remove ${keys.publicKey}`)
    await click(page, 'Confirm')
    await page.getByRole('cell', { name: keys.publicKey, exact: true }).waitFor({ state: 'detached' })
  })

  test('a service account’s secret is good for a token; a new one takes its place', async (at) => {
    const page = await at.visit(inGroup(at, 'access/service-accounts'))
    await page.getByText('No service account yet').waitFor()
    await page.getByRole('main').getByRole('button', { name: 'Create Service Account' }).first().click()
    await page.getByLabel('Name', { exact: true }).fill('deployer')
    await page.getByLabel('Description').fill('of the journey')
    await tick(page, 'Project Owner')
    await expectAccessible(page, 'service-account-create')
    await click(page, 'Create')
    const clientId = await shownOnce(page, 'Client ID')
    const first = await shownOnce(page, 'Client secret')
    await click(page, 'Done')
    await gone(page)
    expect(await tokenStatus(at, clientId, first)).toBe(200)
    await expectAccessible(page, 'service-accounts')

    await click(page, 'Secrets of deployer')
    await page.getByRole('list', { name: 'Secrets' }).waitFor()
    await expectAccessible(page, 'service-account-secrets')
    await click(page, 'Generate New Client Secret')
    const second = await shownOnce(page, 'Client secret')
    await click(page, 'Done')
    await click(page, 'Secrets of deployer')
    const secrets = page.getByRole('list', { name: 'Secrets' }).getByRole('listitem')
    await secrets.nth(1).waitFor()
    await secrets
      .filter({ hasText: first.slice(-4) })
      .getByRole('button')
      .click()
    await secrets.nth(1).waitFor({ state: 'detached' })
    expect(await tokenStatus(at, clientId, first)).toBe(401)
    expect(await tokenStatus(at, clientId, second)).toBe(200)
  })
})

/** What asking for a token answers with. */
async function tokenStatus({ url }: ConsoleUnderTest, clientId: string, secret: string): Promise<number> {
  const answer = await fetch(`${url}/api/oauth/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${secret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
  })
  return answer.status
}

describe('roles', () => {
  test('Project Read Only sees all and can do nothing, and is told which role it takes', async (at) => {
    const page = await visitAs(at, 'reader@example.com', inGroup(at, 'database-access/users'), ['GROUP_READ_ONLY'])
    await page.getByRole('cell', { name: 'app', exact: true }).waitFor()
    const add = page.getByRole('button', { name: 'Add New Database User' })
    await page.waitForFunction('document.querySelector("main button[aria-disabled=true]") !== null')
    for (const button of [add, page.getByRole('button', { name: 'Delete app' })]) {
      expect(await button.getAttribute('aria-disabled')).toBe('true')
      expect(await button.getAttribute('aria-description')).toMatch(/Project Database Access Admin/)
    }
    await page.goto(`${at.url}${inGroup(at, 'network-access/private-endpoint')}`)
    const terminate = page.getByRole('button', { name: /^Terminate/ }).first()
    await terminate.waitFor()
    await page.waitForFunction('document.querySelector("main button[aria-disabled=true]") !== null')
    expect(await terminate.getAttribute('aria-description')).toBe('This takes the role Project Owner.')
    await page.goto(`${at.url}${inGroup(at, 'network-access/ip-access-list')}`)
    await page.locator('button[aria-disabled=true]', { hasText: 'Add IP Address' }).first().waitFor()
    await page.goto(`${at.url}${inGroup(at, 'settings')}`)
    await page.getByRole('button', { name: 'Delete Project' }).waitFor()
    await page.waitForFunction('document.querySelector("main button[aria-disabled=true]") !== null')
    await expectAccessible(page, 'project-settings-read-only')
    const { groupId } = at.running.bootstrap
    const refused = await page.evaluate<string>(
      `fetch('/api/atlas/v2/groups/${groupId}', { method: 'DELETE', headers: { accept: 'application/vnd.atlas.2023-01-01+json' } })
        .then((answer) => answer.text())`,
    )
    expect(JSON.parse(refused)).toMatchObject({ error: 403, errorCode: 'USER_UNAUTHORIZED' })
  })

  test('an Organization Owner adds themselves as Project Owner, and can terminate an endpoint then', async (at) => {
    const page = await visitAs(at, 'owner@example.com', inGroup(at, 'network-access/private-endpoint'), 'ORG_OWNER')
    const terminate = page.getByRole('button', { name: /^Terminate.*vpce-/ }).first()
    await terminate.waitFor()
    const addMe = page.getByRole('button', { name: 'Add me as Project Owner' })
    await addMe.waitFor()
    expect(await terminate.getAttribute('aria-description')).toMatch(/add yourself to the project as Project Owner/)
    await expectAccessible(page, 'add-me')
    await addMe.click()
    await addMe.waitFor({ state: 'detached' })
    await terminate.click()
    await click(page, 'Confirm')
    await gone(page)
    await terminate.waitFor({ state: 'detached' })
  })
})

describe('Activity Feed', () => {
  test('it has what was done, filtered by the URL, and what is done meanwhile', async (at) => {
    const page = await at.visit(inGroup(at, 'activity-feed'))
    for (const words of ['MongoDB user added', 'Invited to project', 'API key created', 'Service account created'])
      await page.getByRole('cell', { name: words }).first().waitFor()
    await page.getByRole('row', { name: /Interface endpoint deleted vpce-/ }).waitFor()
    await expectAccessible(page, 'activity-feed')
    await page.getByLabel('Event type').selectOption({ label: 'API key created' })
    await page.getByRole('cell', { name: 'MongoDB user added' }).first().waitFor({ state: 'detached' })
    expect(new URL(page.url()).searchParams.get('type')).toBe('API_KEY_CREATED')
    await page.reload()
    await page.getByRole('cell', { name: 'API key created' }).first().waitFor()
    expect(await page.getByRole('cell', { name: 'MongoDB user added' }).count()).toBe(0)
    await page.getByRole('button', { name: 'Details of API key created' }).first().click()
    await page.getByRole('dialog').getByText(at.running.bootstrap.ownerEmail).first().waitFor()
    await expectAccessible(page, 'event')
    await page.goBack()
    await gone(page)
    await click(page, 'Clear filters')
    await page.getByLabel('Who', { exact: true }).selectOption('Postern')
    await page.getByRole('cell', { name: 'API key created' }).first().waitFor({ state: 'detached' })
    await page.getByLabel('Cluster', { exact: true }).selectOption('Cluster0')
    await page.getByRole('cell', { name: 'Cluster0', exact: true }).first().waitFor()
    const { searchParams } = new URL(page.url())
    expect([searchParams.get('who'), searchParams.get('cluster')]).toEqual(['Postern', 'Cluster0'])
    await page.reload()
    await page.getByRole('cell', { name: 'Cluster0', exact: true }).first().waitFor()
    expect(await page.getByRole('cell', { name: at.running.bootstrap.ownerEmail }).count()).toBe(0)
    await expectAccessible(page, 'activity-feed-filtered')
    await click(page, 'Clear filters')
    const { groupId } = at.running.bootstrap
    await at.running.client.call('createGroupDatabaseUser', {
      params: { groupId },
      body: {
        username: 'meanwhile',
        password,
        databaseName: 'admin',
        roles: [{ roleName: 'read', databaseName: 'shop' }],
      },
    })
    await page.getByRole('row', { name: /meanwhile/ }).waitFor()
  })
})

describe('Project Settings and organizations', () => {
  test('the regionalized mode names what stands in its way, the end of a project too', async (at) => {
    const page = await at.visit(inGroup(at, 'settings'))
    const regionalized = page.getByRole('switch', { name: 'Multiple Regionalized Private Endpoints' })
    await page.getByText(/these are not: Cluster0/).waitFor()
    expect(await regionalized.isDisabled()).toBe(true)
    expect(await regionalized.getAttribute('aria-description')).toContain('Cluster0')
    await page.getByRole('switch', { name: 'Using Custom DNS on AWS with VPC Peering' }).click()
    await page
      .locator('[role=switch][aria-label="Using Custom DNS on AWS with VPC Peering"][aria-checked=true]')
      .waitFor()
    const privateOnly = page.getByRole('switch', { name: 'Private Connection Strings Only' })
    await privateOnly.click()
    await page.locator('[role=switch][aria-label="Private Connection Strings Only"][aria-checked=true]').waitFor()
    const { groupId } = at.running.bootstrap
    const shown = await at.running.client.call('getGroupCluster', { params: { groupId, clusterName: 'Cluster0' } })
    expect(shown.body.connectionStrings).not.toHaveProperty('standard')
    await privateOnly.click()
    await page.locator('[role=switch][aria-label="Private Connection Strings Only"][aria-checked=false]').waitFor()
    await tick(page, /^Atlas/)
    await page.getByText('Now it is Atlas.').waitFor()
    await tick(page, /^As the server/)
    await page.getByText('Now it is Postern.').waitFor()
    await page.getByRole('list', { name: 'In the way' }).getByText('Cluster Cluster0').waitFor()
    await expectAccessible(page, 'project-settings')
    await page.getByLabel('Project Name').fill('Project Zero')
    await click(page, 'Save Name')
    await page.getByRole('button', { name: 'Projects: Project Zero' }).waitFor()
  })

  test('a webhook is sent what happens, signed with the secret that was shown once', async (at) => {
    const receiver = await startReceiver()
    try {
      const page = await at.visit(inGroup(at, 'settings'))
      await page.getByRole('tab', { name: 'Webhooks' }).click()
      await page.getByText('No webhook yet').waitFor()
      await page.getByRole('main').getByRole('button', { name: 'Create Webhook' }).first().click()
      await page.getByLabel('URL').fill('http://hooks.example.com')
      await click(page, 'Create')
      await page
        .getByText(/must be https/)
        .first()
        .waitFor()
      await page.getByLabel('URL').fill(receiver.url)
      await page
        .getByText(/must be https/)
        .first()
        .waitFor({ state: 'detached' })
      await tick(page, 'Only some events')
      await page.getByText('Choose at least one type of event.').waitFor()
      await tick(page, /^Project created/)
      await page.getByRole('searchbox', { name: 'Find a type of event' }).fill('user added')
      await page.getByText('GROUP_CREATED').waitFor({ state: 'detached' })
      await tick(page, /^MongoDB user added/)
      await page.getByText('2 types are chosen').waitFor()
      await expectAccessible(page, 'webhook-create')
      await click(page, 'Create')
      const secret = await shownOnce(page, 'Secret')
      receiver.trust(secret)
      await expectAccessible(page, 'webhook-made')
      await click(page, 'Done')
      await page.getByText('None yet').waitFor()

      await click(page, `Deliveries to ${receiver.url}`)
      await click(page, 'Send a Test')
      await page.getByRole('cell', { name: 'HTTP status 204' }).waitFor()
      expect(receiver.messages.map(({ type }) => type)).toEqual(['POSTERN_WEBHOOK_TEST'])
      receiver.answer(410)
      await click(page, 'Send a Test')
      await page.getByRole('dialog').getByRole('cell', { name: /410/ }).waitFor()
      await expectAccessible(page, 'webhook-deliveries')
      await click(page, 'Close')
      await page.getByText('Disabled', { exact: true }).waitFor()
      await expectAccessible(page, 'webhooks')

      receiver.answer(204)
      await click(page, `Edit ${receiver.url}`)
      await tick(page, 'Enabled')
      await page.getByRole('textbox', { name: 'Description' }).fill('of the journey')
      await click(page, 'Save')
      await gone(page)
      await page.getByText('Enabled', { exact: true }).waitFor()
      const { groupId } = at.running.bootstrap
      await at.running.client.call('createGroupDatabaseUser', {
        params: { groupId },
        body: { username: 'told', password, roles: [{ roleName: 'read', databaseName: 'shop' }] },
      })
      await expect.poll(() => receiver.messages.at(-1)?.type).toBe('MONGODB_USER_ADDED')
      expect(await page.content()).not.toContain(secret)
      expect(receiver.refused).toEqual([])
      await click(page, `Delete ${receiver.url}`)
      await click(page, 'Confirm')
      await page.getByText('No webhook yet').waitFor()
    } finally {
      await receiver.close()
    }
  })

  test('a project is made in its organization, and deleted by its name', async (at) => {
    const page = await at.visit(inOrg(at, 'projects'))
    await page.getByRole('link', { name: 'Project Zero' }).waitFor()
    await expectAccessible(page, 'projects')
    await click(page, 'Create Project')
    await page.getByLabel('Name Your Project').fill('Second')
    await page.getByRole('dialog').getByRole('button', { name: 'Create Project' }).click()
    await page.getByRole('button', { name: 'Projects: Second' }).waitFor()
    await page.getByRole('link', { name: 'Project Settings' }).click()
    await click(page, 'Delete Project')
    const dialog = page.getByRole('dialog')
    expect(await dialog.getByRole('button', { name: 'Delete Project' }).getAttribute('aria-disabled')).toBe('true')
    await dialog.getByLabel('Type Second to confirm').fill('Second')
    await expectAccessible(page)
    await dialog.getByRole('button', { name: 'Delete Project' }).click()
    await page.getByRole('button', { name: 'Projects: Project Zero' }).waitFor()
  })

  test('the organization has its own members, keys, feed and name', async (at) => {
    const page = await at.visit(inOrg(at, 'access/users'))
    await page.getByRole('row', { name: /owner@example.com.*Organization Owner/ }).waitFor()
    await expectAccessible(page, 'org-members')
    await page.getByRole('tab', { name: 'API Keys' }).click()
    await click(page, 'Create API Key')
    await page.getByLabel('Description').fill('reads the organization')
    await tick(page, 'Organization Read Only')
    await click(page, 'Create')
    await shownOnce(page, 'Private key')
    await click(page, 'Done')
    await page.getByRole('link', { name: 'Activity Feed' }).click()
    await page.getByRole('cell', { name: 'API key created' }).first().waitFor()
    await page.getByRole('link', { name: 'Organization Settings' }).click()
    await page.getByRole('tab', { name: 'Webhooks' }).click()
    await page.getByText('No webhook yet').waitFor()
    await expectAccessible(page, 'org-webhooks')
    await page.getByRole('tab', { name: 'General' }).click()
    await page.getByLabel('Organization Name').fill('Acme')
    await expectAccessible(page, 'organization-settings')
    await click(page, 'Save Name')
    await page.getByRole('button', { name: 'Organizations: Acme' }).waitFor()
  })
})
