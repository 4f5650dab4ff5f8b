// Database users, their certificates and custom roles in the console: what is made there works.

import { createPrivateKey, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { MongoClient } from 'mongodb'
import { describe, expect } from 'vitest'
import { choose, click, gone, inGroup, tick } from './gestures.ts'
import { expectAccessible, withConsole } from './open-console.ts'

// What the API refuses on purpose, the browser complains of.
const test = withConsole({ up: { sample: true }, complaints: /status of 4\d\d/ })

describe('Database Access', () => {
  test('a user that is added there signs in through the private endpoint, and is edited and deleted', async (at) => {
    const page = await at.visit(inGroup(at, 'database-access/users'))
    await page.getByRole('cell', { name: 'app', exact: true }).waitFor()
    await expectAccessible(page, 'database-users')
    await click(page, 'Add New Database User')
    await page.getByLabel('Username').fill('shop')
    await page.getByRole('textbox', { name: 'Password', exact: true }).fill('short')
    await click(page, 'Add User')
    await page.getByRole('alert').waitFor()
    expect(await page.getByLabel('Username').inputValue()).toBe('shop')
    await click(page, 'Autogenerate Secure Password')
    const made = (await page.getByRole('status').locator('code').textContent()) ?? ''
    await choose(page.getByRole('group', { name: 'Role 1' }), /^Role/, 'readWrite')
    await page.getByRole('group', { name: 'Role 1' }).getByRole('textbox', { name: 'Database' }).fill('shop')
    await tick(page, 'Cluster0')
    await choose(page, /^Temporary User/, 'Delete after 6 hours')
    await expectAccessible(page, 'database-user-add')
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
    await expectAccessible(page, 'custom-role-add')
    await click(page, 'Add Custom Role')
    await gone(page)
    await page.getByText('FIND on shop; all of read@sales').waitFor()
    await expectAccessible(page, 'custom-roles')
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

  test('a user with a certificate: it is shown once with its key, and listed by its serial number after', async (at) => {
    const page = await at.visit(inGroup(at, 'database-access/users'))
    await click(page, 'Add New Database User')
    await choose(page, /^Authentication Method/, 'Certificate, made by this server')
    await page.getByLabel('Common Name').fill('CN=pipeline,O=Example')
    await click(page, 'Add User')
    await page.getByRole('alert').waitFor()
    await page.getByLabel('Common Name').fill('pipeline')
    await expectAccessible(page, 'database-user-certificate')
    await click(page, 'Add User')
    await gone(page)
    await page
      .getByRole('row', { name: /^pipeline X\.509/ })
      .getByText('Not managed')
      .waitFor()

    await click(page, 'Certificates of pipeline')
    await page.getByText('No certificate that is good.').waitFor()
    await choose(page, /^Good For/, '6 months')
    await click(page, 'Make a Certificate')
    const pem = (await page.getByRole('region', { name: 'certificate and key' }).textContent()) ?? ''
    const downloading = page.waitForEvent('download')
    await click(page, 'Download')
    const download = await downloading
    expect(download.suggestedFilename()).toBe('pipeline.pem')
    expect(readFileSync(await download.path(), 'utf8')).toBe(pem)
    await expectAccessible(page, 'database-user-certificate-made')
    await click(page, 'Done')
    await gone(page)

    const certificate = new X509Certificate(pem)
    const { certificate: authority } = (await at.running.client.call('getDatabaseUserAuthority')).body
    expect(certificate.verify(new X509Certificate(authority).publicKey)).toBe(true)
    expect(certificate.checkPrivateKey(createPrivateKey(pem))).toBe(true)
    await click(page, 'Certificates of pipeline')
    const serial = String(Number.parseInt(certificate.serialNumber, 16))
    await page.getByRole('row', { name: new RegExp(`${serial} CN=pipeline`) }).waitFor()
    expect(await page.content()).not.toContain('PRIVATE KEY')
    await expectAccessible(page, 'database-user-certificates')
    await click(page, 'Close')

    await click(page, 'Edit pipeline')
    expect(await page.getByRole('textbox', { name: 'Password', exact: true }).count()).toBe(0)
    await page.getByLabel('Description').fill('moves data')
    await click(page, 'Update User')
    await gone(page)
    await page.getByRole('row', { name: /^pipeline .*moves data/ }).waitFor()
  })
})
