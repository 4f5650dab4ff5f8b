// What many suites need and one has to make: a folder in the cache of this checkout. Suites run in several processes;
// whoever comes first makes it, and the others wait.

import { mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { lockHome } from './home-lock.ts'

interface Wanted {
  /** What kind of thing it is: a folder of its own in the cache. */
  readonly name: string
  /** Changes with whatever it is made from. */
  readonly key: string
  /** Fills an empty folder. */
  readonly make: (folder: string) => Promise<unknown>
}

const keptMs = 24 * 60 * 60 * 1000

/** Answers the folder, which is not to be changed. Those of other keys go when one is made and they are a day old. */
export const madeOnce = async ({ name, key, make }: Wanted): Promise<string> => {
  const cache = fileURLToPath(new URL(`../../../../node_modules/.cache/${name}/`, import.meta.url))
  const ready = join(cache, key)
  while (!(await exists(ready))) {
    const lock = await lockHome(cache)
    if ('heldBy' in lock) {
      await wait(50)
      continue
    }
    try {
      if (await exists(ready)) break
      await forgetOld(cache)
      const folder = await mkdtemp(join(cache, '.making-'))
      await make(folder)
      await rename(folder, ready)
    } finally {
      await lock.release()
    }
  }
  return ready
}

const forgetOld = async (cache: string): Promise<void> => {
  const folders = (await readdir(cache, { withFileTypes: true })).filter((entry) => entry.isDirectory())
  for (const { name } of folders) {
    const path = join(cache, name)
    const { mtimeMs } = await stat(path)
    if (mtimeMs < Date.now() - keptMs) await rm(path, { recursive: true, force: true })
  }
}

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null
