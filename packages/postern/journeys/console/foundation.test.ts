// The console's frame in a real browser: getting in and out, back to where one was, menus, themes, deep links, and what
// is shown while the control plane is away.

import { afterAll, afterEach, beforeAll, describe, expect, test as vitestTest } from 'vitest'
import { createCluster } from '../running.ts'
import { missingBrowser } from './find-browser.ts'
import { type ConsoleUnderTest, expectAccessible, openConsole, screenshot, signIn } from './open-console.ts'

let opened: ConsoleUnderTest | null = null

beforeAll(async () => {
  opened = await openConsole({ sample: true })
})
afterAll(() => opened?.stop())
afterEach(async () => {
  await opened?.leave(complains)
  complains = undefined
})
/** What a test's browser may complain of. */
let complains: RegExp | undefined

const test = (name: string, body: (console: ConsoleUnderTest) => Promise<void>) =>
  vitestTest(name, async (context) => {
    if (opened === null) return context.skip(missingBrowser)
    await body(opened)
  })

const clustersOf = ({ running }: ConsoleUnderTest) => `/groups/${running.bootstrap.groupId}/clusters`
const privateEndpointOf = ({ running }: ConsoleUnderTest) =>
  `/groups/${running.bootstrap.groupId}/network-access/private-endpoint`

describe('getting in', () => {
  test('a wrong password is told in the API’s words, the right one leads to where one wanted to go', async (at) => {
    const page = await at.visit(privateEndpointOf(at), { signedIn: false })
    await page.getByRole('heading', { name: 'Log in to Postern' }).waitFor()
    await expectAccessible(page)
    await screenshot(page, 'log-in')
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
    await page.getByRole('link', { name: 'Network Access' }).click()
    await page.getByRole('heading', { name: 'Log in again' }).waitFor()
    await signIn(page, at.running)
    await page.getByRole('tab', { name: 'Dedicated Cluster' }).waitFor()
    await page.getByText('Atlas Endpoint Service Status').first().waitFor()
  })
})

describe('the frame', () => {
  test('`/` leads to the clusters of the project, under its title', async (at) => {
    const page = await at.visit()
    await page.getByRole('cell', { name: 'Cluster0', exact: true }).waitFor()
    expect(new URL(page.url()).pathname).toBe(clustersOf(at))
    expect(await page.title()).toMatch(/^Clusters \| .+ \| Postern$/)
    await expectAccessible(page)
    await screenshot(page, 'clusters')
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
    await expectAccessible(page)
    await screenshot(page, 'private-endpoint')
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

  test('while the control plane is away it says so, keeps what was read, and goes on when it is back', async (at) => {
    const page = await at.visit(clustersOf(at))
    await page.getByRole('cell', { name: 'Cluster0', exact: true }).waitFor()
    complains = /Failed to load resource|ERR_CONNECTION_RE(FUSED|SET)|ERR_INCOMPLETE|ERR_EMPTY_RESPONSE/
    process.kill(Number(at.running.children.server.pid()), 'SIGKILL')
    await page.getByText('Reconnecting').waitFor()
    await page.getByRole('cell', { name: 'Cluster0', exact: true }).waitFor()
    await page.getByText('Reconnecting').waitFor({ state: 'detached', timeout: 45_000 })
  })
})
