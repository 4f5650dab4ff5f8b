// The program as it is shipped: one bundle for a test file, to be removed at its end.

import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from '../build.ts'

export interface Bundled {
  readonly bin: string
  readonly remove: () => void
}

/** Takes about a second. It lies in the package, since PGlite is found from there. */
export async function bundled(): Promise<Bundled> {
  const folder = mkdtempSync(fileURLToPath(new URL('../.bundle-', import.meta.url)))
  await bundle(folder)
  return { bin: join(folder, 'bin.js'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}
