// The log files of the programs under `up`, bounded on disk. Each program writes to a descriptor that it was given, so
// that its last words are there even when it is killed; hence a file that has grown too large is copied beside and cut,
// which the descriptor, opened to append, follows by itself. One older file is kept for each.

import {
  closeSync,
  copyFileSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'

/** Of one file; with the older one beside it a program has twice as much, and what it writes between two looks. */
const limitBytes = 20 * 1024 * 1024
const lookMs = 5_000

/** A descriptor to append to; mode 600. */
export function openLog(file: string): number {
  rotate(file, limitBytes)
  return openSync(file, 'a', 0o600)
}

/** Looks after the files every few seconds until the answer is called. */
export function watchLogs(files: readonly string[], { limit = limitBytes, everyMs = lookMs } = {}): () => void {
  const timer = setInterval(() => {
    for (const file of files) rotate(file, limit)
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}

/** Moves what is in a file beyond the limit to `file.1`, which it replaces. Whoever holds the file open writes on. */
export function rotate(file: string, limit: number): void {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) <= limit) return
  const older = `${file}.1`
  try {
    copyFileSync(file, older)
    cut(file, older)
  } catch {
    // Most likely the disk is full: the older file goes first, and the next look tries again.
    rmSync(older, { recursive: true, force: true })
  }
}

/** What was written while the file was copied follows it; only then is it cut. */
function cut(file: string, older: string): void {
  const [from, to] = [openSync(file, 'r+'), openSync(older, 'a', 0o600)]
  try {
    const chunk = Buffer.alloc(64 * 1024)
    let at = fstatSync(to).size
    for (let count = -1; count !== 0; at += count) {
      count = readSync(from, chunk, 0, chunk.length, at)
      writeSync(to, chunk, 0, count)
    }
    ftruncateSync(from)
  } finally {
    closeSync(from)
    closeSync(to)
  }
}
