// Folders made with what lies above them, closed to others. Not by `mkdir` with `recursive`: that one never comes back
// where the system says ENOENT of a folder whose parent is there, as /proc does.

import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Does nothing where the folder is. Throws the system's own error, ENOENT where nothing can be made at all. */
export function makeFolder(folder: string): void {
  if (made(folder)) return
  const above = dirname(folder)
  if (above !== folder) makeFolder(above)
  if (!made(folder)) mkdirSync(folder, { mode: 0o700 })
}

/** False where the folder above is missing. */
function made(folder: string): boolean {
  try {
    mkdirSync(folder, { mode: 0o700 })
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return false
    // Some systems say EISDIR or EROFS of a folder that is there already.
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return true
    throw error
  }
}

/** Why a folder could not be made, or a file in it written, for people; null where the system's words must do. */
export const whyNot = (error: unknown): string | null =>
  reasons[(error as Partial<NodeJS.ErrnoException> | null)?.code ?? ''] ?? null

/** The disk is full, or what this user may have of it. */
export const isDiskFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes((error as Partial<NodeJS.ErrnoException> | null)?.code ?? '')

const reasons: Readonly<Record<string, string>> = {
  EEXIST: 'there is a file of that name',
  ENOTDIR: 'a part of its path is a file',
  ENOENT: 'no folder can be made there',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'the disk is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'this user’s share of the disk is used up',
}
