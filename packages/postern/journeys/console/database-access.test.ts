// Database users, their certificates and custom roles in the console: what is made there works.

import { MongoClient } from 'mongodb'
import { afterAll, afterEach, beforeAll, describe, expect, test as vitestTest } from 'vitest'
import { missingBrowser } from './find-browser.ts'
import { choose, click, gone, inGroup, tick } from './gestures.ts'
import { type ConsoleUnderTest, expectAccessible, openConsole, screenshot } from './open-console.ts'

let opened: ConsoleUnderTest | null = null

beforeAll(async () => {
  opened = await openConsole({ sample: true })
})
afterAll(() => opened?.stop())
// What the API refuses on purpose, the browser complains of.
afterEach(() => opened?.leave(/status of 4\d\d/))

const test = (name: string, body: (console: ConsoleUnderTest) => Promise<void>) =>
  vitestTest(name, async (context) => {
    if (opened === null) return context.skip(missingBrowser)
    await body(opened)
  })

describe('Database Access', () => {
  test('a user that is added there signs in through the private endpoint, and is edited and deleted', async (at) => {
    const page = await at.visit(inGroup(at, 'database-access/users'))
    await page.getByRole('cell', { name: 'app', exact: true }).waitFor()
    await expectAccessible(page)
    await screenshot(page, 'database-users')
    await click(page, 'Add New Database User')
    await page.getByLabel('Username').fill('shop')
    await page.getByLabel('Password', { exact: true }).fill('short')
    await click(page, 'Add User')
    await page.getByRole('alert').waitFor()
    expect(await page.getByLabel('Username').inputValue()).toBe('shop')
    await click(page, 'Autogenerate Secure Password')
    const made = (await page.getByRole('status').locator('code').textContent()) ?? ''
    await choose(page.getByRole('group', { name: 'Role 1' }), /^Role/, 'readWrite')
    await page.getByRole('group', { name: 'Role 1' }).getByRole('textbox', { name: 'Database' }).fill('shop')
    await tick(page, 'Cluster0')
    await choose(page, /^Temporary User/, 'Delete after 6 hours')
    await expectAccessible(page)
    await screenshot(page, 'database-user-add')
    await click(page, 'Add User')
    await gone(page)
    const row = page.getByRole('row', { name: /^shop / })
    await row.getByText('readWrite@shop').waitFor()
    await row.getByText('Applied').waitFor()

    const uri = String(at.running.bootstrap.connectionStrings[0])
    const driver = new MongoClient(uri, {
      auth: { username: 'shop', password: made },
      serverSelectionTimeoutMS: 10_000,
    })
    try {
      await driver.db('shop').collection('orders').insertOne({ through: 'the console' })
      await expect(driver.db('other').collection('orders').insertOne({})).rejects.toThrow(/not authorized/)
    } finally {
      await driver.close()
    }

    await row.getByText(/hours/).waitFor()

    await click(page, 'Edit shop')
    await page.getByLabel('Description').fill('takes orders')
    await click(page, 'Update User')
    await gone(page)
    await row.getByText('takes orders').waitFor()
    await click(page, 'Delete shop')
    await page.goBack()
    await gone(page)
    await page.goForward()
    await click(page, 'Confirm')
    await row.waitFor({ state: 'detached' })
  })

  test('a custom role is made of actions and inherited roles, and given to a user', async (at) => {
    const page = await at.visit(inGroup(at, 'database-access/custom-roles'))
    await page.getByText('No custom role yet').waitFor()
    await page.getByRole('main').getByRole('button', { name: 'Add New Custom Role' }).first().click()
    await page.getByLabel('Custom Role Name').fill('reporter')
    await page.getByRole('group', { name: 'Action 1' }).getByRole('textbox', { name: 'Database' }).fill('shop')
    await click(page, 'Add an Inherited Role')
    const inherited = page.getByRole('group', { name: 'Inherited role 1' })
    await inherited.getByRole('textbox', { name: 'Role' }).fill('read')
    await inherited.getByRole('textbox', { name: 'Database' }).fill('sales')
    await expectAccessible(page)
    await screenshot(page, 'custom-role-add')
    await click(page, 'Add Custom Role')
    await gone(page)
    await page.getByText('FIND on shop; all of read@sales').waitFor()
    await expectAccessible(page)
    await screenshot(page, 'custom-roles')
    await page.getByRole('tab', { name: 'Database Users' }).click()
    await click(page, 'Edit app')
    await click(page, 'Add Another Role')
    await choose(page.getByRole('group', { name: 'Role 2' }), /^Role/, 'reporter')
    await click(page, 'Update User')
    await gone(page)
    await page.getByText('reporter@admin').waitFor()
    await page.getByRole('tab', { name: 'Custom Roles' }).click()
    await click(page, 'Delete reporter')
    await click(page, 'Confirm')
    await page.getByText('No custom role yet').waitFor()
    await page.getByRole('tab', { name: 'Database Users' }).click()
    await page.getByRole('row', { name: /^app / }).getByText('Applied').waitFor()
    await page.getByText('reporter@admin').waitFor({ state: 'detached' })
  })
})
