// Bundles every program into dist/ and makes the template of an embedded database beside it. Runs as the package's
// `prepare`, so that `npm start` and the bin never wait for a TypeScript loader or for initdb.

import { mkdirSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { buildTemplate, templateName } from '@postern/control-plane/store/template'
import { build } from 'esbuild'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

rmSync(here('dist'), { recursive: true, force: true })
mkdirSync(here('dist'))

await build({
  entryPoints: [here('src/bin.ts')],
  outdir: here('dist'),
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

await buildTemplate(here(`dist/${templateName}`))
