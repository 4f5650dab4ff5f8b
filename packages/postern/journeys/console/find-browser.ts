// The one place that finds a browser: POSTERN_BROWSER; the Chromium that comes inside an npm package of test-tools/
// (Linux; it needs no root and no system library); Playwright's own; then what is installed on this machine.

import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Browser } from './playwright.ts'

const tools = createRequire(new URL('../../../../test-tools/package.json', import.meta.url))

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Chromium's own sandbox refuses root.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
]

export const missingBrowser =
  'no browser was found: run npm test, which installs test-tools, or apt-get install chromium, or name one in POSTERN_BROWSER'

export interface FoundBrowser {
  readonly browser: Browser
  readonly close: () => Promise<void>
}

/** Null where none is found; a CI fails there, since a suite that is skipped proves nothing. */
export async function findBrowser(): Promise<FoundBrowser | null> {
  if (!existsSync(new URL('../../../../test-tools/node_modules/playwright-core', import.meta.url))) return none()
  const { chromium } = (await import(pathToFileURL(tools.resolve('playwright-core')).href)).default
  const unpacked = mkdtempSync(join(tmpdir(), 'postern-browser-'))
  const removed = (): void => rmSync(unpacked, { recursive: true, force: true })
  for (const candidate of [
    () => process.env.POSTERN_BROWSER,
    () => fromPackage(unpacked),
    () => chromium.executablePath() as string,
    ...installed.map((path) => () => path),
  ]) {
    const executablePath = await Promise.resolve()
      .then(candidate)
      .catch(() => undefined)
    if (executablePath === undefined || !starts(executablePath)) continue
    const browser: Browser = await chromium.launch({ executablePath, args: flags })
    return {
      browser,
      close: async () => {
        await browser.close()
        removed()
      },
    }
  }
  removed()
  return none()
}

const none = (): null => {
  if (process.env.CI !== undefined) throw new Error(missingBrowser)
  return null
}

/** Its package unpacks into the temporary folder, with the libraries that a bare machine lacks if it is told so first. */
async function fromPackage(folder: string): Promise<string | undefined> {
  if (process.platform !== 'linux') return undefined
  const before = process.env.TMPDIR
  process.env.TMPDIR = folder
  process.env.AWS_LAMBDA_JS_RUNTIME = 'nodejs20.x'
  try {
    const { default: packaged } = await import(pathToFileURL(tools.resolve('@sparticuz/chromium')).href)
    return await packaged.executablePath()
  } finally {
    if (before === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = before
  }
}

const installed = [
  'chromium',
  'google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
]

/** A name may be there and be no browser: Ubuntu's is a stub that only says where to get one. */
function starts(program: string): boolean {
  try {
    return /Chrom|Edge/.test(
      execFileSync(program, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
    )
  } catch {
    return false
  }
}
