// Files that an edge lives from while the control plane is away. Written beside, synced and renamed: after a crash there
// is the old file or the new one, never half of one. For their owner only (mode 600, the folder 700).

import { mkdir, open, readFile, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** The file's text, or null when there is none. Throws for one that is too large (bytes) or cannot be read. */
export async function readDurable(path: string, largest: number): Promise<string | null> {
  try {
    if ((await stat(path)).size > largest) throw new Error(`${path} is larger than ${largest} bytes`)
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Replaces the file and returns when it would survive a crash. */
export async function writeDurable(directory: string, name: string, text: string): Promise<void> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const path = join(directory, name)
  const file = await open(`${path}.next`, 'w', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.next`, path)
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
