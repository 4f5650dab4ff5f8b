// Ten thousand services in one project of a real control plane: listed, found and scrolled to without drawing what is out
// of sight. The API has one service for a region, so that their rows are put into the store before it is started.

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createStore } from '@postern/control-plane/store/create-store'
import { expect } from 'vitest'
import { nthService, putServices } from '../../../../bench/api/rows.ts'
import { startForTest } from '../running.ts'
import { withConsole } from './open-console.ts'

const many = 10_000
/** As long as may be waited for one start, twice. */
const twoStartsMs = 240_000
const home = mkdtempSync(join(tmpdir(), 'postern-many-'))

const test = withConsole({
  up: { home },
  before: async () => {
    const first = await startForTest({ home })
    await first.stop()
    const open = await createStore({ dataDir: join(home, 'store') })
    await putServices(open.store, { groupId: first.bootstrap.groupId, count: many })
    await open.close()
  },
  afterwards: () => rmSync(home, { recursive: true, force: true }),
  startMs: twoStartsMs,
})

test('10,000 services: few are drawn, the last is reached, one is found', async (at) => {
  const page = await at.visit()
  await page.getByRole('link', { name: 'Network Access' }).click()
  await page.getByText('10000 endpoint services').waitFor()
  const drawn = page.getByRole('list', { name: 'Endpoint services' }).getByRole('listitem')
  const last = drawn.and(page.locator(`[aria-posinset="${many}"]`))
  expect(await drawn.count()).toBeLessThan(40)
  await last.waitFor({ state: 'detached' })
  // What is measured on the way makes the list longer or shorter, so the end is looked for until it is there.
  await expect
    .poll(async () => {
      await page.evaluate('window.scrollTo(0, document.documentElement.scrollHeight)')
      return last.count()
    })
    .toBe(1)
  expect(await drawn.count()).toBeLessThan(40)
  await page.getByPlaceholder('Id, name, label').fill(nthService(4321))
  await page.getByText('1 of 10000 endpoint services').waitFor()
  await drawn.filter({ hasText: nthService(4321) }).waitFor()
})
