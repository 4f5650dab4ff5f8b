// What a person does in the console, in a word each; things are found by role and label.

import type { ConsoleUnderTest } from './open-console.ts'
import type { Locator, Page } from './playwright.ts'

export const inGroup = ({ running }: ConsoleUnderTest, path: string): string =>
  `/groups/${running.bootstrap.groupId}/${path}`
export const inOrg = ({ running }: ConsoleUnderTest, path: string): string => `/orgs/${running.bootstrap.orgId}/${path}`

export const click = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name, exact: typeof name === 'string' }).click()

/** As a link of the console leads there, without loading it anew. */
export const follow = (page: Page, path: string): Promise<void> =>
  page.evaluate(`history.pushState({}, '', ${JSON.stringify(path)})`)

/** The dialog is closed. */
export const gone = (page: Page): Promise<void> => page.getByRole('dialog').waitFor({ state: 'detached' })

/** What the dialog shows once, under this name. */
export async function shownOnce(page: Page, name: string): Promise<string> {
  const term = page.locator('dt', { hasText: new RegExp(`^${name}$`) })
  return (await term.locator('xpath=following-sibling::dd//code').textContent()) ?? ''
}

/** The design system hides the box itself behind its label. */
export const tick = (page: Page, label: string | RegExp): Promise<void> =>
  page
    .locator('label')
    .filter({ hasText: typeof label === 'string' ? new RegExp(`^${label}$`) : label })
    .click()

const pageOf = (within: Page | Locator): Page => ('page' in within ? within.page() : within)

export async function choose(within: Page | Locator, field: RegExp, option: string): Promise<void> {
  await within.getByRole('button', { name: field }).click()
  await pageOf(within).getByRole('option', { name: option, exact: true }).click()
}
