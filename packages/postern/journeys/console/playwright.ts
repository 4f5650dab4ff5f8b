// Playwright's types; the package itself lies in test-tools/ and is loaded by find-browser.ts.

export type { Browser, Locator, Page } from '../../../../test-tools/node_modules/playwright-core/types/types.js'
