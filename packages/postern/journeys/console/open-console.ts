// The console in a real browser, on a running Postern. Whatever the browser complains of (an error on its console, a
// page's exception, a request that failed, something that the policy forbids) fails the test that saw it, unless the
// test says that it expects it.

import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { UpOptions } from '../../src/up/flags.ts'
import type { Running } from '../../src/up/start.ts'
import { startForTest } from '../running.ts'
import { builtConsole } from './built-console.ts'
import { findBrowser, missingBrowser } from './find-browser.ts'
import type { Page } from './playwright.ts'

const tools = createRequire(new URL('../../../../test-tools/package.json', import.meta.url))
const shots = fileURLToPath(new URL('../../../../screenshots/', import.meta.url))

export interface ConsoleUnderTest {
  readonly running: Running
  /** Where it is served, without a final slash. */
  readonly url: string
  /** A fresh browser profile, signed in as the first owner unless told otherwise, at a path. */
  readonly visit: (path?: string, how?: { readonly signedIn?: boolean }) => Promise<Page>
  /** What this test's browsers may complain of. */
  readonly expectComplaints: (expected: RegExp) => void
}

interface OpenConsole extends ConsoleUnderTest {
  /** Closes every page and throws what their browsers complained of and nobody expected. */
  readonly leave: () => Promise<void>
  readonly stop: () => Promise<void>
}

interface Setting {
  readonly up?: Partial<UpOptions>
  /** What every test's browsers may complain of. */
  readonly complaints?: RegExp
  /** Before Postern is started. */
  readonly before?: () => Promise<void>
  /** What all tests find there. */
  readonly prepare?: (at: ConsoleUnderTest) => Promise<void>
  /** After the last test, before it is stopped. */
  readonly clear?: () => Promise<void> | undefined
  /** When it is stopped. */
  readonly afterwards?: () => void
  /** For as long as may be waited until tests can begin. */
  readonly startMs?: number
}

/** The tests of a file, on one Postern and in one browser; they are skipped where none is found. */
export function withConsole({ up, complaints, before, prepare, clear, afterwards, startMs }: Setting = {}) {
  let opened: OpenConsole | null = null
  beforeAll(async () => {
    await before?.()
    opened = await openConsole(up, complaints)
    if (opened !== null) await prepare?.(opened)
  }, startMs)
  afterAll(async () => {
    await clear?.()
    await opened?.stop()
    afterwards?.()
  })
  afterEach(() => opened?.leave())
  return (name: string, body: (at: ConsoleUnderTest) => Promise<void>): void =>
    test(name, async (context) => {
      if (opened === null) return context.skip(missingBrowser)
      await body(opened)
    })
}

async function openConsole(options: Partial<UpOptions> = {}, always?: RegExp): Promise<OpenConsole | null> {
  const found = await findBrowser()
  if (found === null) return null
  const running = await startForTest({ ...options, console: await builtConsole() })
  const url = String(running.bootstrap.apiUrl)
  const complaints: string[] = []
  let expected = always
  return {
    running,
    url,
    visit: async (path = '/', { signedIn = true } = {}) => {
      const context = await found.browser.newContext({ viewport: wide, locale: 'en-US' })
      await context.addInitScript(quickTransitions)
      const page = await context.newPage()
      page.setDefaultTimeout(30_000)
      page.on('console', (message) => {
        // That nobody is signed in is an answer.
        if (message.type() === 'error' && !/status of 401/.test(message.text())) complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('requestfailed', (request) => {
        const why = request.failure()?.errorText ?? ''
        // A page that is left ends what it had asked for.
        if (why !== 'net::ERR_ABORTED') complaints.push(`${request.method()} ${request.url()}: ${why}`)
      })
      await page.goto(`${url}${path}`)
      if (signedIn) await signIn(page, running)
      return page
    },
    expectComplaints: (pattern) => {
      expected = pattern
    },
    leave: async () => {
      await Promise.all(found.browser.contexts().map((context) => context.close()))
      const seen = complaints.splice(0).filter((text) => expected === undefined || !expected.test(text))
      expected = always
      expect(seen).toEqual([])
    },
    stop: async () => {
      await found.close()
      await running.stop()
    },
  }
}

/** On the log-in page, or in the dialog over a page whose session ended. */
export async function signIn(page: Page, running: Running, password = running.bootstrap.ownerPassword): Promise<void> {
  await page.locator('#username').fill(running.bootstrap.ownerEmail)
  await page.locator('#password').fill(password)
  await page.getByRole('button', { name: 'Log In' }).click()
  if (password === running.bootstrap.ownerPassword) await page.locator('#password').waitFor({ state: 'detached' })
}

const themes = ['light', 'dark'] as const

/** Nobody looks while they go on. They are not turned off, since components wait for their end; no style element, either. */
const quickTransitions = `(() => {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync('*, ::before, ::after { transition-duration: 1ms !important; transition-delay: 0s !important }')
  document.adoptedStyleSheets = [sheet]
})()`

/** Of those that have an end: what only shows that something goes on has none. One that ends may begin another, further in. */
const transitionsEnd = `(async () => {
  for (;;) {
    await new Promise(requestAnimationFrame)
    const going = document.getAnimations().filter((one) => one.effect.getComputedTiming().endTime !== Infinity)
    if (going.length === 0) return
    await Promise.all(going.map((one) => one.finished.catch(() => {})))
  }
})()`

/** In this theme, as the system has it, with every transition at its end. */
async function paint(page: Page, colorScheme: (typeof themes)[number]): Promise<void> {
  await page.emulateMedia({ colorScheme })
  await page.locator(`html[data-theme="${colorScheme}"]`).waitFor()
  await page.evaluate(transitionsEnd)
}

/**
 * No violation of the accessibility rules, in light and in dark. With a name, it is also shown for a person to look at:
 * `screenshots/<name>-<width>-<theme>.png`. Nothing compares those.
 */
export async function expectAccessible(page: Page, name?: string): Promise<void> {
  const { AxeBuilder } = (await import(pathToFileURL(tools.resolve('@axe-core/playwright')).href)).default
  for (const colorScheme of themes) {
    await paint(page, colorScheme)
    const analyze = async (): Promise<{ violations: unknown }> => {
      // The design system's toast shows its remaining time as a progress bar, and lets nobody name it.
      const builder = new AxeBuilder({ page }).setLegacyMode(true).exclude('#lg-toast-region [role="progressbar"]')
      // What is behind a dialog can be reached by nobody while it is open.
      const dialogs = await page.locator('dialog[open]').count()
      return (dialogs > 0 ? builder.include('dialog[open]') : builder).analyze()
    }
    const { violations } = await analyze().catch((error: unknown) => {
      if (String(error).includes('No elements found for include')) return analyze() // it was closed meanwhile
      throw error
    })
    const told = (violations as Violation[]).map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
    expect(told, `${page.url()} in ${colorScheme}`).toEqual([])
    if (name !== undefined) await show(page, `${name}-%-${colorScheme}`)
  }
}
interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string }[]
}

const wide = { width: 1440, height: 900 }
const narrow = { width: 390, height: 844 }

/** Once for each width, which takes the place of % in the name; the page is left wide. */
async function show(page: Page, name: string): Promise<void> {
  mkdirSync(shots, { recursive: true })
  for (const viewport of [narrow, wide]) {
    await page.setViewportSize(viewport)
    await page.evaluate(transitionsEnd)
    // A hidden caret would be an inline style, which the policy forbids.
    await page.screenshot({ caret: 'initial', path: join(shots, `${name.replace('%', String(viewport.width))}.png`) })
  }
}
