// Ten thousand services on one page: found and scrolled to without drawing what is out of sight. The rows are the one
// that the API answers, as often as the page takes it; a project of regions cannot hold that many.

import { afterAll, afterEach, beforeAll, expect, test as vitestTest } from 'vitest'
import { missingBrowser } from './find-browser.ts'
import { type ConsoleUnderTest, openConsole } from './open-console.ts'
import type { Page } from './playwright.ts'

const many = 10_000
let opened: ConsoleUnderTest | null = null

beforeAll(async () => {
  opened = await openConsole({ sample: true })
})
afterAll(() => opened?.stop())
afterEach(() => opened?.leave())

async function multiplyServices(page: Page): Promise<void> {
  await page.route('**/privateEndpoint/endpointService?*', async (route) => {
    const asked = new URL(route.request().url()).searchParams
    const each = Number(asked.get('itemsPerPage'))
    const from = (Number(asked.get('pageNum')) - 1) * each
    asked.set('pageNum', '1')
    const answer = await route.fetch({ url: `${route.request().url().split('?')[0]}?${asked}` })
    const page = (await answer.json()) as { readonly results: readonly object[] }
    const [service] = page.results
    const results = Array.from({ length: Math.min(each, many - from) }, (_, index) => ({
      ...service,
      id: (from + index).toString(16).padStart(24, '0'),
      description: `service number ${from + index}`,
    }))
    await route.fulfill({ response: answer, json: { ...page, results, totalCount: many } })
  })
}

vitestTest('10,000 services: few are drawn, the last is reached, one is found', async (context) => {
  if (opened === null) return context.skip(missingBrowser)
  const page = await opened.visit()
  await multiplyServices(page)
  await page.getByRole('link', { name: 'Network Access' }).click()
  await page.getByText('10000 endpoint services').waitFor()
  const drawn = page.getByRole('list', { name: 'Endpoint services' }).getByRole('listitem')
  expect(await drawn.count()).toBeLessThan(40)
  await page.getByText('service number 9999', { exact: true }).waitFor({ state: 'detached' })
  // What is measured on the way makes the list longer or shorter, so the end is looked for until it is there.
  await expect
    .poll(async () => {
      await page.evaluate('window.scrollTo(0, document.documentElement.scrollHeight)')
      return page.getByText('service number 9999', { exact: true }).count()
    })
    .toBe(1)
  expect(await drawn.count()).toBeLessThan(40)
  await page.getByPlaceholder('Id, name, label').fill('service number 4321')
  await page.getByText('1 of 10000 endpoint services').waitFor()
})
