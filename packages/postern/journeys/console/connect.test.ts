// Connect from a private endpoint, as the Atlas documentation tells it: from the Clusters page to a string that the
// official driver takes as it was copied, with nothing but the password put in.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MongoClient, type MongoClientOptions } from 'mongodb'
import { describe, expect } from 'vitest'
import { attachAvailable } from '../attached.ts'
import { askFrom } from '../resolver.ts'
import { createCluster } from '../running.ts'
import { type ConsoleUnderTest, expectAccessible, withConsole } from './open-console.ts'
import type { Page } from './playwright.ts'

// A password that is too short is tried once.
const test = withConsole({ up: { sample: true }, complaints: /status of 400/ })

const clustersOf = ({ running }: ConsoleUnderTest) => `/groups/${running.bootstrap.groupId}/clusters`

/** What a copy button puts into the clipboard. */
async function copied(page: Page, what: string): Promise<string> {
  await page.getByRole('button', { name: `Copy ${what}`, exact: true }).click()
  await page.getByText(`${what} copied`, { exact: true }).waitFor()
  return page.evaluate<string>('navigator.clipboard.readText()')
}

async function openConnect(at: ConsoleUnderTest, clusterName: string): Promise<Page> {
  const page = await at.visit(clustersOf(at))
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: at.url })
  await page.getByRole('button', { name: `Connect to ${clusterName}` }).click()
  await page.getByRole('heading', { name: `Connect to ${clusterName}` }).waitFor()
  return page
}

/** Writes and reads through the official driver, by this very string. */
async function works(copiedString: string, password: string, options: MongoClientOptions = {}): Promise<void> {
  expect(copiedString).toContain(':<db_password>@')
  const driver = new MongoClient(copiedString.replace('<db_password>', encodeURIComponent(password)), {
    serverSelectionTimeoutMS: 10_000,
    ...options,
  })
  try {
    const documents = driver.db('journeys').collection<{ _id: string }>('console')
    await documents.updateOne({ _id: copiedString }, { $set: { _id: copiedString } }, { upsert: true })
    expect(await documents.findOne({ _id: copiedString })).toEqual({ _id: copiedString })
  } finally {
    await driver.close()
  }
}

/** A direct string may lead to a member that takes no write: it says as whom it let the driver in. */
async function letsIn(copiedString: string, username: string, password: string): Promise<void> {
  const driver = new MongoClient(copiedString.replace('<db_password>', encodeURIComponent(password)))
  try {
    expect(await driver.db('admin').command({ connectionStatus: 1 })).toMatchObject({
      authInfo: { authenticatedUsers: [{ user: username }] },
    })
  } finally {
    await driver.close()
  }
}

/** By the keyboard: the design system hides the input itself behind what it paints. */
async function pick(page: Page, name: RegExp): Promise<void> {
  await page.getByRole('radio', { name }).first().focus()
  await page.keyboard.press('Space')
}

const next = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Choose Your Connection Method' }).click()
  await page.getByRole('heading', { name: 'Choose a connection method' }).waitFor()
}

describe('with a database user that exists', () => {
  test('the only endpoint is chosen, the user step is skipped, and the Node.js string connects', async (at) => {
    const page = await openConnect(at, 'Cluster0')
    expect(await page.getByRole('radio', { name: 'Private Endpoint' }).isChecked()).toBe(true)
    expect(await page.getByRole('radio', { name: /^vpce-/ }).isChecked()).toBe(true)
    await page.getByText('This project has at least one database user configured').waitFor()
    await page.getByRole('dialog').getByRole('link', { name: 'Database Access' }).waitFor()
    expect(await page.getByLabel('Username').count()).toBe(0)
    await expectAccessible(page, 'connect-security')
    await next(page)
    await expectAccessible(page, 'connect-method')
    await page.getByRole('button', { name: /^Drivers/ }).click()
    await page.getByRole('heading', { name: 'Install the driver' }).waitFor()
    expect(await page.getByRole('radio', { name: /^Standard connection string/ }).isChecked()).toBe(true)
    expect(await page.getByRole('radio', { name: 'SRV connection string needs DNS' }).isChecked()).toBe(false)
    await expectAccessible(page, 'connect-drivers')
    const { dbPassword, connectionStrings } = at.running.bootstrap
    const uri = await copied(page, 'Connection string')
    expect(uri.replace('app:<db_password>@', '')).toBe(connectionStrings[0])
    await works(uri, String(dbPassword))
    expect(runs(await copied(page, 'Program'), String(dbPassword))).toBe('You are connected.\n')
  })

  test('SRV says that it needs DNS, and connects through the DNS server of this installation', async (at) => {
    const page = await openConnect(at, 'Cluster0')
    await next(page)
    await page.getByRole('button', { name: /^Compass/ }).click()
    await pick(page, /^SRV connection string/)
    await page.getByText('are known to the DNS server of this installation').waitFor()
    const uri = await copied(page, 'Connection string')
    expect(uri).toMatch(/^mongodb\+srv:\/\/app:<db_password>@cluster0-pl-0\./)
    const { dnsAddress, dbPassword } = at.running.bootstrap
    await page.getByRole('list', { name: 'DNS server' }).getByText(String(dnsAddress), { exact: true }).waitFor()
    await expectAccessible(page, 'connect-srv')
    const end = askFrom(String(dnsAddress))
    try {
      await works(uri, String(dbPassword))
    } finally {
      end()
    }
  })

  test('each member has a string of its own', async (at) => {
    const page = await openConnect(at, 'Cluster0')
    await next(page)
    await page.getByRole('button', { name: /^Direct connection strings/ }).click()
    await page.getByRole('heading', { name: 'Direct connection strings' }).waitFor()
    await expectAccessible(page, 'connect-direct')
    const buttons = page.getByRole('button', { name: /^Copy Connection string of / })
    expect(await buttons.count()).toBe(3)
    for (const button of await buttons.all()) {
      const what = String(await button.getAttribute('aria-label')).replace('Copy ', '')
      await letsIn(await copied(page, what), 'app', String(at.running.bootstrap.dbPassword))
    }
  })

  test('mongosh is told everything but the password', async (at) => {
    const page = await openConnect(at, 'Cluster0')
    await next(page)
    await page.getByRole('button', { name: /^Shell/ }).click()
    const [uri] = at.running.bootstrap.connectionStrings
    expect(await copied(page, 'Command')).toBe(`mongosh '${uri}' --username app`)
    await expectAccessible(page, 'connect-shell')
  })

  test('each step has an address: a reload keeps it, Back leaves it, and at last the dialog', async (at) => {
    const page = await openConnect(at, 'Cluster0')
    await next(page)
    await page.getByRole('button', { name: /^Drivers/ }).click()
    await page.getByRole('button', { name: 'Driver Node.js' }).click()
    await page.getByRole('option', { name: 'Python' }).click()
    await page.getByRole('heading', { name: 'A program that connects: connect.py' }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'A program that connects: connect.py' }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { name: 'Choose a connection method' }).waitFor()
    await page.goBack()
    await page.getByRole('button', { name: 'Choose Your Connection Method' }).waitFor()
    await page.goBack()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: 'Clusters' }).waitFor()
  })

  test('Test connection tells what the control plane sees, and what to run at the application', async (at) => {
    const page = await openConnect(at, 'Cluster0')
    await next(page)
    await page.getByRole('button', { name: /^Compass/ }).click()
    await page.getByRole('button', { name: 'Test connection' }).click()
    await page.getByText(/as far as the control plane sees/).waitFor()
    const checks = page.getByRole('list', { name: 'Checks by the control plane' })
    await checks.getByText('The project has the database user app.').waitFor()
    await page.getByText('These checks are made by the control plane, not by your application').waitFor()
    const [uri] = at.running.bootstrap.connectionStrings
    expect(await copied(page, 'Command for the application’s side')).toBe(`postern doctor '${uri}'`)
    await expectAccessible(page, 'connect-test')
  })
})

describe('an endpoint that is advertised by name', () => {
  test('comes with SRV first, and with the authority to trust', async (at) => {
    const { client, bootstrap } = at.running
    const { groupId } = bootstrap
    const { endpointId } = await attachAvailable(client, { groupId, advertised: 'name' })
    const page = await openConnect(at, 'Cluster0')
    await page.getByText('Choose a private endpoint first.').waitFor()
    expect(await page.getByRole('button', { name: 'Choose Your Connection Method' }).isEnabled()).toBe(false)
    await page.getByText(endpointId, { exact: true }).click()
    await next(page)
    await page.getByRole('button', { name: /^Drivers/ }).click()
    await page.getByText('This endpoint speaks TLS').waitFor()
    expect(await page.getByRole('radio', { name: /^SRV/ }).isChecked()).toBe(true)
    await expectAccessible(page, 'connect-by-name')
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download ca.pem' }).click(),
    ])
    const caFile = await download.path()
    expect(readFileSync(caFile, 'utf8')).toBe(readFileSync(String(bootstrap.caFile), 'utf8'))
    expect(await copied(page, 'Program')).toContain('{ tlsCAFile: "ca.pem" }')
    const srv = await copied(page, 'Connection string')
    await pick(page, /^Standard connection string/)
    const standard = await copied(page, 'Connection string')
    const end = askFrom(String(bootstrap.dnsAddress))
    try {
      for (const uri of [srv, standard]) await works(uri, String(bootstrap.dbPassword), { tlsCAFile: caFile })
    } finally {
      end()
    }
  })
})

describe('clusters without a private endpoint', () => {
  test('a region without one is named, with the way to it; Standard still connects', async (at) => {
    await createCluster(at.running, 'West', { regionName: 'US_WEST_2' })
    const page = await openConnect(at, 'West')
    expect(await page.getByRole('radio', { name: 'Private Endpoint' }).isEnabled()).toBe(false)
    await page.getByText('No AVAILABLE private endpoint in: AWS US_WEST_2.').waitFor()
    await expectAccessible(page, 'connect-missing')
    await next(page)
    await page.getByRole('button', { name: /^Compass/ }).click()
    await works(await copied(page, 'Connection string'), String(at.running.bootstrap.dbPassword))
    await page.goBack()
    await page.goBack()
    await page.getByRole('link', { name: 'Set up a private endpoint' }).click()
    await page.getByRole('tab', { name: 'Dedicated Cluster' }).waitFor()
  })

  test('a standard listener is switched on, lets this address in once it is listed, and its string connects', async (at) => {
    const { client, bootstrap } = at.running
    const params = { groupId: bootstrap.groupId }
    const page = await at.visit(`${clustersOf(at)}/West`)
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: at.url })
    const part = page.getByRole('region', { name: 'Standard connection' })
    const toggle = part.getByRole('switch', { name: 'Standard connection through the gateway' })
    await part.getByText('Off', { exact: true }).waitFor()
    await toggle.click()
    await part.getByText('Open', { exact: true }).waitFor()
    await part.getByRole('link', { name: 'The IP access list lets no one in' }).waitFor()
    await part.getByText(/access list is empty, so nobody is let in/).waitFor()
    await expectAccessible(page, 'standard-listener-empty')
    const address = /^Your address, 127\.0\.0\.1 as the control plane sees it, is not on the IP access list/
    await part.getByText(address).waitFor()
    await page.goto(`${at.url}${clustersOf(at)}?dialog=connect&cluster=West`)
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Through the gateways, from addresses of the IP access list.').waitFor()
    await dialog.getByText(address).waitFor()
    await expectAccessible(page, 'connect-not-listed')
    await dialog.getByRole('button', { name: 'Add Current IP Address' }).click()
    await dialog.getByText(address).waitFor({ state: 'detached' })
    await next(page)
    await page.getByRole('button', { name: /^Drivers/ }).click()
    await page.getByText('The gateway speaks TLS').waitFor()
    await expectAccessible(page, 'connect-standard-listener')
    const uri = await copied(page, 'Connection string')
    await works(uri, String(bootstrap.dbPassword), { tlsCAFile: String(bootstrap.caFile) })

    await page.goto(`${at.url}${clustersOf(at)}/West`)
    await part.getByRole('region', { name: 'Traffic' }).getByText('From members in the last hour').waitFor()
    await part.getByText('Nobody is connected through the standard connection.').waitFor()
    await part.getByRole('button', { name: 'Edit Policy' }).click()
    await dialog.getByRole('textbox', { name: /^Oldest snapshot/ }).fill('300')
    await expectAccessible(page, 'standard-listener-policy')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await part.getByText('300 s: a gateway that hears nothing for as long lets nobody in').waitFor()

    await client.call('updateGroupPrivateOnly', { params, body: { enabled: true } })
    await page.goto(`${at.url}${clustersOf(at)}/West`)
    await part.getByText('Closed: private only').waitFor()
    await part.getByText(/^The project is private only/).waitFor()
    await expectAccessible(page, 'standard-listener-private-only')
    await client.call('updateGroupPrivateOnly', { params, body: { enabled: false } })
    await part.getByText('Open', { exact: true }).waitFor()
    await part.getByRole('link', { name: '1 entry of the IP access list' }).waitFor()
    await toggle.click()
    await dialog.getByText(/^Whoever is connected through it is ended/).waitFor()
    await dialog.getByRole('button', { name: 'Close', exact: true }).click()
    await part.getByText('Off', { exact: true }).waitFor()
  })

  test('M0, M2, M5 and Flex never have one', async (at) => {
    const { client, bootstrap } = at.running
    const params = { groupId: bootstrap.groupId }
    for (const instanceSize of ['M0', 'M2', 'M5']) {
      const place = { providerName: 'TENANT', backingProviderName: 'AWS', regionName: 'US_EAST_1', priority: 7 }
      const regionConfigs = [{ ...place, electableSpecs: { instanceSize } }]
      await client.call('createGroupCluster', {
        params,
        body: { name: `Shared${instanceSize}`, replicationSpecs: [{ regionConfigs }] },
      })
    }
    const providerSettings = { backingProviderName: 'AWS', regionName: 'US_EAST_1' }
    await client.call('createGroupFlexCluster', { params, body: { name: 'Flexible', providerSettings } })
    const page = await openConnect(at, 'Flexible')
    for (const name of ['Flexible', 'SharedM0', 'SharedM2', 'SharedM5']) {
      await page.goto(`${at.url}${clustersOf(at)}?dialog=connect&cluster=${name}`)
      await page.getByText('This feature is not available for M0 Free clusters, M2, M5 and Flex clusters.').waitFor()
      expect(await page.getByRole('radio', { name: 'Private Endpoint' }).isEnabled()).toBe(false)
      expect(await page.getByRole('link', { name: 'Set up a private endpoint' }).count()).toBe(0)
    }
    await expectAccessible(page, 'connect-not-available')
  })
})

describe('with no database user', () => {
  test('one is created with a generated password, shown once, and connects', async (at) => {
    const { client, bootstrap } = at.running
    const { groupId } = bootstrap
    await client.call('deleteGroupDatabaseUser', { params: { groupId, databaseName: 'admin', username: 'app' } })
    const page = await openConnect(at, 'Cluster0')
    await page.getByText('This project has no database user yet.').waitFor()
    const choose = page.getByRole('button', { name: 'Choose Your Connection Method' })
    expect(await choose.isEnabled()).toBe(false)
    await pick(page, /^vpce-/)
    await page.getByLabel('Username').fill('ada')
    await page.getByLabel('Password').fill('short')
    await page.getByRole('button', { name: 'Create Database User' }).click()
    await page.getByRole('alert').waitFor()
    expect(await page.getByLabel('Username').inputValue()).toBe('ada')
    await expectAccessible(page, 'connect-user-refused')
    await page.getByRole('button', { name: 'Autogenerate Secure Password' }).click()
    await page.getByRole('button', { name: 'Create Database User' }).click()
    await page.getByText('Database user ada was created with the role Atlas Admin.').waitFor()
    await expectAccessible(page, 'connect-user-created')
    const password = await copied(page, 'Password')
    expect(page.url()).not.toContain(password)
    const { body } = await client.call('getGroupDatabaseUser', {
      params: { groupId, databaseName: 'admin', username: 'ada' },
    })
    expect(body.roles).toEqual([{ databaseName: 'admin', roleName: 'atlasAdmin' }])
    await next(page)
    await page.getByRole('button', { name: /^Drivers/ }).click()
    await page.getByRole('heading', { name: 'Install the driver' }).waitFor()
    await page.getByText('Database user ada is not on Cluster0 yet').waitFor({ state: 'detached' })
    expect(await page.content()).not.toContain(password)
    const uri = await copied(page, 'Connection string')
    expect(uri).toContain('mongodb://ada:<db_password>@')
    await works(uri, password)
    await page.goBack()
    await page.goBack()
    await page.getByText('This project has at least one database user configured').waitFor()
    expect(await page.content()).not.toContain(password)
  })
})

const tools = fileURLToPath(new URL('../../', import.meta.url))

/** The program as it was copied, with the password put in, beside this package so that it finds the driver. */
function runs(program: string, password: string): string {
  const folder = mkdtempSync(join(tools, '.program-'))
  try {
    const file = join(folder, 'connect.mjs')
    writeFileSync(file, program.replace('<db_password>@', `${encodeURIComponent(password)}@`))
    return execFileSync(process.execPath, [file], { encoding: 'utf8' })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
