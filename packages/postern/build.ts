// Bundles every program into one folder, so that they start without a TypeScript loader.

import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

/** `outdir` is made; `bin.js` in it is the program. It must lie where `@electric-sql/pglite` is found from. */
export async function bundle(outdir: string): Promise<void> {
  await build({
    entryPoints: [fileURLToPath(new URL('src/bin.ts', import.meta.url))],
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    logLevel: 'warning',
    // PGlite reads its wasm beside itself; the rest are optional parts that their packages try and do without.
    external: [
      '@electric-sql/pglite',
      'pg-native',
      'kerberos',
      '@mongodb-js/zstd',
      '@aws-sdk/credential-providers',
      'gcp-metadata',
      'snappy',
      'socks',
      'mongodb-client-encryption',
    ],
    // Bundled CommonJS asks for `require`, which an ES module does not have.
    banner: {
      js: "import { createRequire as bundledRequire } from 'node:module'; const require = bundledRequire(import.meta.url);",
    },
  })
}
