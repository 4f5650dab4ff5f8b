// The console as files: index.html, and beside it assets/ whose names change with what they hold.

import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/**
 * `outDir` is emptied first. Takes a few seconds. It is a production build whatever the environment says: one for
 * development writes its styles in a way that the server's policy forbids.
 */
export async function buildConsole(outDir: string): Promise<void> {
  const before = process.env.NODE_ENV
  process.env.NODE_ENV = 'production'
  try {
    await build({
      configFile: fileURLToPath(new URL('vite.config.ts', import.meta.url)),
      logLevel: 'warn',
      build: { outDir, emptyOutDir: true },
    })
  } finally {
    if (before === undefined) delete process.env.NODE_ENV
    else process.env.NODE_ENV = before
  }
}
