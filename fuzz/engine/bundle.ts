// The worker with the targets and all of our code that they reach, counted (see instrument.ts), as one module. Packages of
// others stay outside: what is looked for is a fault of ours.

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { counterGlobal, instrument } from './instrument.ts'

export interface Bundle {
  readonly path: string
  readonly counters: number
  /** What the code compares with. */
  readonly words: readonly Buffer[]
}

// esbuild's own expressions know no look-ahead.
const counted = /\/packages\/(edge|control-plane|contract)\/src\/.*\.ts$/
const notCounted = /\/testing\//

const entry = fileURLToPath(new URL('./worker.ts', import.meta.url))
/** Where packages are found from. */
const cache = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url))
/** There before any module counts. */
const banner = `import { createRequire as __own } from 'node:module'; const require = __own(import.meta.url);
globalThis.${counterGlobal} = new Uint8Array(65536);`

export async function bundle(): Promise<Bundle> {
  let counters = 0
  const literals = new Set<string | number>()
  const built = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    external: ['mongodb', 'bson', 'dns-packet', 'snappyjs', 'pino', 'zod', '@peculiar/x509', 'reflect-metadata'],
    banner: { js: banner },
    logLevel: 'error',
    plugins: [
      {
        name: 'count',
        setup(it) {
          it.onLoad({ filter: counted }, async ({ path }) => {
            const text = await readFile(path, 'utf8')
            if (notCounted.test(path)) return { contents: text, loader: 'ts' }
            const done = instrument(path, text, counters)
            counters += done.counters
            for (const literal of done.literals) literals.add(literal)
            return { contents: done.source, loader: 'ts' }
          })
        },
      },
    ],
  })
  const [output] = built.outputFiles
  if (output === undefined) throw new Error('esbuild wrote nothing')
  const path = `${cache}fuzz-${process.pid}.mjs`
  await mkdir(cache, { recursive: true })
  await writeFile(path, output.text)
  return { path, counters, words: [...literals].flatMap(wordOf) }
}

/** As it may stand in the input; sentences are nothing that an input is compared with. */
function wordOf(literal: string | number): readonly Buffer[] {
  if (typeof literal === 'string') return literal === '' || /\s/.test(literal) ? [] : [Buffer.from(literal)]
  if (!Number.isInteger(literal) || literal < 0 || literal > 0xffff_ffff) return []
  if (literal < 256) return [Buffer.of(literal)]
  const [little, big] = [Buffer.alloc(4), Buffer.alloc(2)]
  little.writeUInt32LE(literal)
  big.writeUInt16BE(literal % 65_536)
  return [little, big]
}
