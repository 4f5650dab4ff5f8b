// The program as it is shipped, which the journeys share: bundled from the sources as they are, by whichever comes first.
// It starts in half the time that a TypeScript loader takes, a first start waits for no initdb, and what is walked is what
// people run.

import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { madeOnce } from '@postern/control-plane/store/made-once.testing'
import { buildTemplate, templateName } from '@postern/control-plane/store/template'
import { nativeFile } from '@postern/edge/gateway/join/native'
import { bundle } from '../build.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
/** What a build is made from. */
const sources = ['contract', 'control-plane', 'edge', 'cli', 'postern'].map((name) =>
  join(root, 'packages', name, 'src'),
)
const singleFiles = [
  'package-lock.json',
  'packages/postern/build.ts',
  'packages/postern/journeys/built-bin.ts',
  'packages/postern/package.json',
  `packages/edge/native/${nativeFile}`,
].map((path) => join(root, path))

let built: Promise<string> | undefined

/** Its bin.js. It lies in this checkout, since PGlite is found from there; its folder is not to be changed. */
export const builtBin = (): Promise<string> => {
  built ??= madeOnce({ name: 'postern-bundle', key: keyOfSources(), make }).then((folder) => join(folder, 'bin.js'))
  return built
}

async function make(folder: string): Promise<void> {
  await bundle(folder)
  await buildTemplate(join(folder, templateName))
}

function keyOfSources(): string {
  const hash = createHash('sha256')
  for (const path of [...singleFiles.filter(existsSync), ...sources.flatMap(filesIn)])
    hash.update(path.slice(root.length)).update(readFileSync(path))
  return hash.digest('hex').slice(0, 32)
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
