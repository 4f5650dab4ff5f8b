// A lock by socket files, for systems without abstract sockets. A dead socket's file stays behind, and taking it away
// races with whoever has just put a live one in its place. So no file is ever reused: each holder listens on the number
// after the newest, which only one can make, and only that one clears what is older. The newest file therefore always
// stays: a holder that ends in good order leaves an empty one (a tombstone) after its own, which Node takes away.

import { closeSync, openSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** 0: none yet. */
export const newestGeneration = async (folder: string): Promise<number> => Math.max(0, ...(await generations(folder)))

export const pathOfGeneration = (folder: string, generation: number): string => join(folder, String(generation))

export const clearOlder = async (folder: string, than: number): Promise<void> => {
  const older = (await generations(folder)).filter((generation) => generation < than)
  await Promise.all(older.map((generation) => rm(pathOfGeneration(folder, generation), { force: true })))
}

/** Made before the socket's own file goes, so that no one can take a number twice; at once, since processes end so. */
export const leaveTombstone = (folder: string, generation: number): void => {
  try {
    closeSync(openSync(pathOfGeneration(folder, generation), 'wx', 0o600))
  } catch {
    // The folder was taken away, and with it what there was to hold.
  }
}

const generations = async (folder: string): Promise<readonly number[]> =>
  (await readdir(folder)).filter((name) => /^[1-9]\d{0,14}$/.test(name)).map(Number)
