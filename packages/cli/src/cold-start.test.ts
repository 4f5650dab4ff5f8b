import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

// What a client command pays for before it does anything: the bundle's own graph says it without measuring time.

const main = fileURLToPath(new URL('main.ts', import.meta.url))

const bundle = async () => {
  const { metafile } = await build({
    entryPoints: [main],
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    outdir: 'nowhere',
    write: false,
    metafile: true,
  })
  const outputs = Object.entries(metafile.outputs)
  const entry = outputs.find(([, output]) => output.entryPoint?.endsWith('/main.ts'))?.[0] ?? ''
  return { metafile, entry }
}

test('no schema library and no server code is in any command', async () => {
  const { metafile } = await bundle()
  const inputs = Object.keys(metafile.inputs)
  expect(inputs.filter((input) => input.endsWith('cli/src/commands/clusters.ts'))).toHaveLength(1)
  expect(
    inputs.filter((input) => /node_modules\/zod|contract\/src\/schemas|control-plane|edge\/src/.test(input)),
  ).toEqual([])
})

test('the start loads no TOML parser, no dialogs, no path or template language and no noun but the one that is run', async () => {
  const { metafile, entry } = await bundle()
  const seen = new Set<string>()
  const visit = (file: string): void => {
    if (seen.has(file)) return
    seen.add(file)
    for (const { path, kind } of metafile.outputs[file]?.imports ?? []) if (kind === 'import-statement') visit(path)
  }
  visit(entry)
  const inputs = [...seen].flatMap((file) => Object.keys(metafile.outputs[file]?.inputs ?? {}))
  expect(inputs.some((input) => input.endsWith('cli/src/run-cli.ts'))).toBe(true)
  expect(
    inputs.filter((input) =>
      /smol-toml|clack|json-p3|node_modules\/yaml|go-template|tab-columns|cli\/src\/commands\//.test(input),
    ),
  ).toEqual([])
})
