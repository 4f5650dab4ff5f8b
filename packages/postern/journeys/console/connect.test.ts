// Connect from a private endpoint, as the Atlas documentation tells it: from the Clusters page to a string that the
// official driver takes as it was copied, with nothing but the password put in.

import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MongoClient, type MongoClientOptions } from 'mongodb'
import { afterAll, afterEach, beforeAll, describe, expect, test as vitestTest } from 'vitest'
import { missingBrowser } from './find-browser.ts'
import { type ConsoleUnderTest, expectAccessible, openConsole, screenshot } from './open-console.ts'
import type { Page } from './playwright.ts'

let opened: ConsoleUnderTest | null = null

beforeAll(async () => {
  opened = await openConsole({ sample: true })
})
afterAll(() => opened?.stop())
afterEach(() => opened?.leave())

const test = (name: string, body: (console: ConsoleUnderTest) => Promise<void>) =>
  vitestTest(name, async (context) => {
    if (opened === null) return context.skip(missingBrowser)
    await body(opened)
  })

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
    expect(await page.getByLabel('Username').count()).toBe(0)
    await expectAccessible(page)
    await screenshot(page, 'connect-security')
    await next(page)
    await expectAccessible(page)
    await screenshot(page, 'connect-method')
    await page.getByRole('button', { name: /^Drivers/ }).click()
    await page.getByRole('heading', { name: 'Install the driver' }).waitFor()
    expect(await page.getByRole('radio', { name: /^Standard connection string/ }).isChecked()).toBe(true)
    expect(await page.getByRole('radio', { name: 'SRV connection string needs DNS' }).isChecked()).toBe(false)
    await expectAccessible(page)
    await screenshot(page, 'connect-drivers')
    const { dbPassword, connectionStrings } = at.running.bootstrap
    const uri = await copied(page, 'Connection string')
    expect(uri.replace('app:<db_password>@', '')).toBe(connectionStrings[0])
    await works(uri, String(dbPassword))
    expect(runs(await copied(page, 'Program'), String(dbPassword))).toBe('You are connected.\n')
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
