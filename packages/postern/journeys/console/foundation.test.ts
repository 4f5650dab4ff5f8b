// The console's frame in a real browser: getting in and out, back to where one was, menus, themes, deep links, and what
// is shown while the control plane is away.

import { describe, expect } from 'vitest'
import { createCluster } from '../running.ts'
import { type ConsoleUnderTest, expectAccessible, signIn, withConsole } from './open-console.ts'
import type { Locator, Page } from './playwright.ts'

const test = withConsole({ up: { sample: true } })
const awayComplaints = /Failed to load resource|ERR_CONNECTION_RE(FUSED|SET)|ERR_INCOMPLETE|ERR_EMPTY_RESPONSE/

const clustersOf = ({ running }: ConsoleUnderTest) => `/groups/${running.bootstrap.groupId}/clusters`
const privateEndpointOf = ({ running }: ConsoleUnderTest) =>
  `/groups/${running.bootstrap.groupId}/network-access/private-endpoint`

async function fillCluster(page: Page, name: string): Promise<void> {
  await page.getByRole('dialog').getByLabel('Name').fill(name)
  await page.getByRole('button', { name: /^Region / }).click()
  await page.getByRole('option').first().click()
}

/** Presses Tab until this has the focus. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let pressed = 0; pressed < 60; pressed += 1) {
    await page.keyboard.press('Tab')
    if ((await page.locator(':focus').and(wanted).count()) > 0) return
  }
  throw new Error(`Tab does not lead to ${wanted}`)
}

describe('getting in', () => {
  test('a wrong password is told in the API’s words, the right one leads to where one wanted to go', async (at) => {
    const page = await at.visit(privateEndpointOf(at), { signedIn: false })
    await page.getByRole('heading', { name: 'Log in to Postern' }).waitFor()
    await expectAccessible(page, 'log-in')
    await signIn(page, at.running, 'not the password')
    await page.getByRole('alert').waitFor()
    await signIn(page, at.running)
    await page.getByRole('tab', { name: 'Dedicated Cluster' }).waitFor()
    expect(new URL(page.url()).pathname).toBe(privateEndpointOf(at))
  })

  test('who signs out sees the log-in page, and nothing else after a reload', async (at) => {
    const page = await at.visit()
    await page.getByRole('button', { name: /^User/ }).click()
    await page.getByRole('menuitem', { name: 'Sign Out' }).click()
    await page.getByRole('heading', { name: 'Log in to Postern' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Log in to Postern' }).waitFor()
  })

  test('the link that was printed logs in at once, and only once', async (at) => {
    const link = String(at.running.loginUrl).replace(/^.*(?=\/login)/, '')
    const page = await at.visit(link, { signedIn: false })
    await page.getByRole('cell', { name: 'Cluster0', exact: true }).waitFor()
    expect(new URL(page.url()).hash).toBe('')
    const again = await at.visit(link, { signedIn: false })
    await again.getByRole('alert').waitFor()
    await expectAccessible(again)
    await signIn(again, at.running)
    await again.getByRole('cell', { name: 'Cluster0', exact: true }).waitFor()
  })

  test('a password is changed, and changed back', async (at) => {
    const page = await at.visit(clustersOf(at))
    const { ownerPassword } = at.running.bootstrap
    for (const [from, to] of [
      [ownerPassword, 'another-password'],
      ['another-password', ownerPassword],
    ] as const) {
      await page.getByRole('button', { name: /^User/ }).click()
      await page.getByRole('menuitem', { name: 'Change Password' }).click()
      const dialog = page.getByRole('dialog', { name: 'Change Password' })
      await page.locator('#current-password').fill(from)
      await page.locator('#new-password').fill(to)
      await expectAccessible(page)
      await dialog.getByRole('button', { name: 'Change Password' }).click()
      await dialog.waitFor({ state: 'detached' })
    }
    const other = await at.visit(clustersOf(at))
    await other.getByRole('cell', { name: 'Cluster0', exact: true }).waitFor()
  })

  test('a session that ends under one’s hands is begun again over the page', async (at) => {
    const page = await at.visit(clustersOf(at))
    await page.getByRole('cell', { name: 'Cluster0', exact: true }).waitFor()
    await page.context().clearCookies()
    // Whatever the page asks for by itself meanwhile may have brought the dialog already, over the link.
    await page.getByRole('link', { name: 'Network Access', includeHidden: true }).dispatchEvent('click')
    await page.getByRole('heading', { name: 'Log in again' }).waitFor()
    await signIn(page, at.running)
    await page.getByRole('tab', { name: 'Dedicated Cluster' }).waitFor()
    await page.getByText('Atlas Endpoint Service Status').first().waitFor()
  })
})

test('by Tab, Enter and Escape alone a service is created, looked at and terminated', async (at) => {
  const page = await at.visit(clustersOf(at))
  await page.getByRole('cell', { name: 'Cluster0', exact: true }).waitFor()
  const button = (name: string): Locator => page.getByRole('button', { name, exact: true })
  const press = async (wanted: Locator): Promise<void> => {
    await tabTo(page, wanted)
    await page.keyboard.press('Enter')
  }
  await press(page.getByRole('link', { name: 'Skip to content' }))
  await page.locator('main:focus').waitFor()
  await page.reload()
  await press(page.getByRole('link', { name: 'Network Access' }))
  await page.getByRole('columnheader', { name: 'VPC Endpoint ID' }).waitFor()

  await press(button('Create Endpoint Service'))
  const dialog = page.getByRole('dialog', { name: 'Create Endpoint Service' })
  await dialog.waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  expect(await page.locator(':focus').textContent()).toBe('Create Endpoint Service')
  await page.keyboard.press('Enter')
  await dialog.getByRole('radio', { name: 'AWS' }).and(page.locator(':focus')).waitFor()
  await page.keyboard.press('ArrowRight')
  await press(dialog.getByRole('button', { name: /^Atlas Region / }))
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await press(dialog.getByRole('button', { name: 'Create Endpoint Service', exact: true }))
  await dialog.getByRole('status').filter({ hasText: 'Available' }).waitFor()
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })

  const card = page.getByRole('region', { name: /^Azure / })
  await press(card.getByRole('button', { name: 'Terminate', exact: true }))
  const terminate = page.getByRole('dialog', { name: 'Terminate endpoint service' })
  await terminate.waitFor()
  await press(terminate.getByRole('button', { name: 'Confirm' }))
  await card.waitFor({ state: 'detached' })
})

describe('the frame', () => {
  test('`/` leads to the clusters of the project, under its title', async (at) => {
    const page = await at.visit()
    await page.getByRole('cell', { name: 'Cluster0', exact: true }).waitFor()
    expect(new URL(page.url()).pathname).toBe(clustersOf(at))
    expect(await page.title()).toMatch(/^Clusters \| .+ \| Postern$/)
    await expectAccessible(page, 'clusters')
  })

  test('the menus name the organizations and projects that one may see', async (at) => {
    const page = await at.visit(clustersOf(at))
    for (const menu of ['Organizations', 'Projects']) {
      await page.getByRole('button', { name: new RegExp(`^${menu}`) }).click()
      await page.getByRole('menuitem').first().waitFor()
      await page.keyboard.press('Escape')
    }
  })

  test('dark is remembered', async (at) => {
    const page = await at.visit(clustersOf(at))
    await page.getByRole('button', { name: /^User/ }).click()
    await page.getByRole('menuitem', { name: 'Dark', exact: true }).click()
    await page.locator('html[data-theme="dark"]').waitFor()
    await page.reload()
    await page.locator('html[data-theme="dark"]').waitFor()
  })

  test('private endpoints are there after a reload of their own address', async (at) => {
    const page = await at.visit(privateEndpointOf(at))
    await page.reload()
    await page.getByRole('columnheader', { name: 'VPC Endpoint ID' }).waitFor()
    await expectAccessible(page, 'private-endpoint')
  })

  test('an address without a page says so', async (at) => {
    const page = await at.visit('/no/such/page')
    await page.getByRole('heading', { name: 'Page not found' }).waitFor()
    await expectAccessible(page)
  })

  test('what happens elsewhere is seen without a reload', async (at) => {
    const page = await at.visit(clustersOf(at))
    await page.getByRole('cell', { name: 'Cluster0', exact: true }).waitFor()
    await createCluster(at.running, 'Elsewhere')
    await page.getByRole('cell', { name: 'Elsewhere', exact: true }).waitFor()
  })

  test('a form that is half filled outlives the end of its session', async (at) => {
    const page = await at.visit(`${clustersOf(at)}?dialog=create`)
    const dialog = page.getByRole('dialog', { name: 'Create a cluster' })
    await fillCluster(page, 'AfterSession')
    await page.context().clearCookies()
    await dialog.getByRole('button', { name: 'Create cluster' }).click()
    await page.getByRole('heading', { name: 'Log in again' }).waitFor()
    await expectAccessible(page)
    await signIn(page, at.running)
    await page.getByRole('heading', { name: 'Log in again' }).waitFor({ state: 'hidden' })
    expect(await dialog.getByLabel('Name').inputValue()).toBe('AfterSession')
    await dialog.getByRole('button', { name: 'Create cluster' }).click()
    await page.getByRole('cell', { name: 'AfterSession', exact: true }).waitFor()
  })

  test('while the control plane is away it says so, keeps what was read and what is half filled, and goes on when it is back', async (at) => {
    const page = await at.visit(`${clustersOf(at)}?dialog=create`)
    const dialog = page.getByRole('dialog', { name: 'Create a cluster' })
    await fillCluster(page, 'AfterAway')
    at.expectComplaints(awayComplaints)
    process.kill(Number(at.running.children.server.pid()), 'SIGKILL')
    await page.getByText('Reconnecting').waitFor()
    await page.getByRole('cell', { name: 'Cluster0', exact: true, includeHidden: true }).waitFor()
    await dialog.getByRole('button', { name: 'Create cluster' }).click()
    await dialog.getByText('What you entered is kept: try again.').waitFor()
    await page.getByText('Reconnecting').waitFor({ state: 'detached', timeout: 45_000 })
    expect(await dialog.getByLabel('Name').inputValue()).toBe('AfterAway')
    await dialog.getByRole('button', { name: 'Create cluster' }).click()
    await page.getByRole('cell', { name: 'AfterAway', exact: true }).waitFor()
  })
})
