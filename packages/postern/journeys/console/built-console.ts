// The console's build that the suites of the browser share: made from the sources as they are, by whichever comes first.

import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { madeOnce } from '@postern/control-plane/store/made-once.testing'
import { buildConsole } from '../../../console/build.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
/** What a build is made from. */
const sources = ['packages/console', 'packages/contract/src']

/** Its folder, which is not to be changed. */
export const builtConsole = (): Promise<string> =>
  madeOnce({ name: 'postern-console', key: keyOfSources(), make: buildConsole })

function keyOfSources(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')))
  for (const folder of sources)
    for (const path of filesIn(join(root, folder))) hash.update(path.slice(root.length)).update(readFileSync(path))
  return hash.digest('hex').slice(0, 32)
}

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
