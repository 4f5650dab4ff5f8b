// The last good snapshot on disk, so that an edge starts and serves while the control plane is away. Written beside,
// synced and renamed: after a crash there is the old file or the new one, never half of one. The text is kept as it
// came, so that a newer edge finds the fields that an older one did not know.

import { mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Feed } from '@postern/contract/snapshot'
import { largestBytes } from './parse-snapshot.ts'

const pathOf = (directory: string, feed: Feed): string => join(directory, `${feed}.json`)

/** The kept text, or null when there is none yet. Throws for a file that is too large or cannot be read. */
export async function readKept(directory: string, feed: Feed): Promise<string | null> {
  try {
    const path = pathOf(directory, feed)
    if ((await stat(path)).size > largestBytes) throw new Error(`${path} is larger than ${largestBytes} bytes`)
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Replaces the kept text (mode 600, the folder 700) and returns when it would survive a crash. */
export async function writeKept(directory: string, feed: Feed, json: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const beside = `${pathOf(directory, feed)}.next`
  const file = await open(beside, 'w', 0o600)
  try {
    await file.writeFile(json)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(beside, pathOf(directory, feed))
  await syncFolder(directory)
}

/** A rename is durable once its folder is; Windows cannot open a folder and needs no such thing. */
async function syncFolder(directory: string): Promise<void> {
  if (process.platform === 'win32') return
  const folder = await open(directory, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
