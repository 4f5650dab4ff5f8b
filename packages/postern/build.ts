// Bundles every program into one folder, so that they start without a TypeScript loader. The command line is one file,
// because a cold command waits for each file that it opens; what it loads only on demand (the server's programs, the
// packages behind a format or a dialog) lies beside it, and those share what they have in common.

import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isStale, nativeFile } from '@postern/edge/gateway/join/native'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import ts from 'typescript'

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

/** `outdir` is made; `bin.js` in it is the program, `testing.js` the library. It must lie where `@electric-sql/pglite` is found from. */
export async function bundle(outdir: string): Promise<void> {
  const beside: Beside = { programs: new Map(), packages: new Map() }
  await build({
    ...shared,
    entryPoints: [fileURLToPath(new URL('src/bin.ts', import.meta.url))],
    outdir,
    plugins: [besideTheCommandLine(beside)],
  })
  const programs = { ...Object.fromEntries(beside.programs), 'gateway-worker': gatewayWorker }
  await build({ ...shared, entryPoints: programs, outdir, splitting: true })
  const { banner, ...withoutBanner } = shared
  await build({
    ...withoutBanner,
    format: 'cjs',
    entryPoints: Object.fromEntries(beside.packages),
    outdir,
    outExtension: { '.js': '.cjs' },
    plugins: [everyNameOf([...beside.packages.values()])],
  })
  await build({ ...shared, entryPoints: [library], outdir })
  writeFileSync(join(outdir, 'testing.d.ts'), declarationsOf(library))
  // The relay of the gateway goes along where somebody has built it (npm run native) of the sources as they are.
  if (existsSync(builtRelay) && !isStale(builtRelay)) copyFileSync(builtRelay, join(outdir, nativeFile))
}

const builtRelay = fileURLToPath(new URL(`../edge/native/${nativeFile}`, import.meta.url))

/** Started by the edge as processes of their own. */
const gatewayWorker = fileURLToPath(new URL('../edge/src/gateway/crew/worker-main.ts', import.meta.url))

const library = fileURLToPath(new URL('src/testing.ts', import.meta.url))

/** Of a file that says all its types itself. Throws where it does not. */
const declarationsOf = (file: string): string => {
  const { outputText, diagnostics } = ts.transpileDeclaration(readFileSync(file, 'utf8'), {
    fileName: file,
    reportDiagnostics: true,
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, strict: true },
  })
  if (diagnostics !== undefined && diagnostics.length > 0)
    throw new Error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost({})))
  return outputText
}

/** Where things are, by the name of their file in `outdir`. */
interface Beside {
  readonly programs: Map<string, string>
  readonly packages: Map<string, string>
}

/**
 * Leaves programs and packages out of the command line's file. A package is asked for when the
 * part that imports it is entered, and not when the file is read: hence CommonJS, which can be asked for in between.
 */
const besideTheCommandLine = ({ programs, packages }: Beside): Plugin => ({
  name: 'beside-the-command-line',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^/ }, async ({ path, kind, importer, namespace, resolveDir, pluginData }) => {
      if (namespace === 'beside') return { path, external: true }
      if (kind === 'entry-point' || pluginData === 'looked' || path.startsWith('node:')) return undefined
      const found = await resolve(path, { kind, importer, resolveDir, pluginData: 'looked' })
      if (found.errors.length > 0 || /packages\/(cli|contract)\/src\//.test(found.path)) return undefined
      const name = path.replaceAll(/^[^a-z]+|\.ts$/g, '').replaceAll(/\W+/g, '-')
      if (found.path.includes('node_modules')) {
        packages.set(name, found.path)
        return { path: name, namespace: 'beside', pluginData: found.path }
      }
      if (kind !== 'dynamic-import') return undefined
      programs.set(name, found.path)
      return { path: `./${name}.js`, external: true }
    })
    onLoad({ filter: /^/, namespace: 'beside' }, async ({ path, pluginData }) => ({
      contents: `export const { ${(await namesOf(pluginData)).join(', ')} } = require('./${path}.cjs')`,
    }))
  },
})

/** A CommonJS file as an entry has one export, the whole: its names, as Node.js finds them, are exported one by one. */
const everyNameOf = (entries: readonly string[]): Plugin => ({
  name: 'every-name',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /node_modules/ }, ({ path, kind }) =>
      kind === 'entry-point' && entries.includes(path) ? { path, namespace: 'names' } : undefined,
    )
    onLoad({ filter: /^/, namespace: 'names' }, async ({ path }) => ({
      contents: `export { ${(await namesOf(path)).join(', ')} } from ${JSON.stringify(path)}`,
      resolveDir: dirname(path),
    }))
  },
})

const namesOf = async (file: string): Promise<readonly string[]> =>
  Object.keys(await import(file)).filter((name) => name !== 'default' && /^[A-Za-z_$][\w$]*$/.test(name))
