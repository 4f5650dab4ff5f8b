// Bundles every program into one folder, so that they start without a TypeScript loader. The command line is one file,
// because a cold command waits for each file that it opens; what it loads only on demand (the server's programs, the
// packages behind a format or a dialog) lies beside it, and those share what they have in common.

import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build, type Plugin } from 'esbuild'

const shared: BuildOptions = {
  bundle: true,
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
}

/** `outdir` is made; `bin.js` in it is the program. It must lie where `@electric-sql/pglite` is found from. */
export async function bundle(outdir: string): Promise<void> {
  const onDemand = new Map<string, string>()
  await build({
    ...shared,
    entryPoints: [fileURLToPath(new URL('src/bin.ts', import.meta.url))],
    outdir,
    plugins: [besideTheCommandLine(onDemand)],
  })
  await build({
    ...shared,
    entryPoints: Object.fromEntries(onDemand),
    outdir,
    splitting: true,
    plugins: [everyNameOf([...onDemand.values()])],
  })
}

/** Notes, by the name of its file in `outdir`, what is imported dynamically and is no part of the command line. */
const besideTheCommandLine = (onDemand: Map<string, string>): Plugin => ({
  name: 'beside-the-command-line',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (kind !== 'dynamic-import' || pluginData === 'looked' || path.startsWith('node:')) return undefined
      const found = await resolve(path, { kind, importer, resolveDir, pluginData: 'looked' })
      if (found.errors.length > 0 || /packages\/(cli|contract)\/src\//.test(found.path)) return undefined
      const name = path.replaceAll(/^[^a-z]+|\.ts$/g, '').replaceAll(/\W+/g, '-')
      onDemand.set(name, found.path)
      return { path: `./${name}.js`, external: true }
    })
  },
})

/** A CommonJS file as an entry has one export, the whole: its names, as Node.js finds them, are exported one by one. */
const everyNameOf = (entries: readonly string[]): Plugin => ({
  name: 'every-name',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /node_modules/ }, ({ path, kind }) =>
      kind === 'entry-point' && entries.includes(path) ? { path, namespace: 'names' } : undefined,
    )
    onLoad({ filter: /^/, namespace: 'names' }, async ({ path }) => {
      const names = Object.keys(await import(path)).filter((name) => name !== 'default' && /^[\w$]+$/.test(name))
      return { contents: `export { ${names.join(', ')} } from ${JSON.stringify(path)}`, resolveDir: dirname(path) }
    })
  },
})
