// One process at a time on one folder. A listening Unix socket is the lock: it ends with its process, however that
// ends, and leaves at most a file that nobody answers behind.
import { createHash } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as after } from 'node:timers/promises'

export type FolderLock = { release(): Promise<void> }

/** Longer socket paths are cut off by the system without a word. */
const maxSocketPath = 100

/** @throws Error when another process holds the folder */
export async function lockFolder(dir: string): Promise<FolderLock> {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const inside = resolve(dir, 'lock')
  const digest = createHash('sha256').update(inside).digest('hex').slice(0, 24)
  const path = inside.length <= maxSocketPath ? inside : join(tmpdir(), `postern-${digest}.lock`)
  for (let attempt = 0; attempt < 3; attempt += 1) {
    const server = createServer((socket) => socket.destroy())
    const bound = await new Promise<boolean>((done, fail) => {
      server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? done(false) : fail(error)))
      server.listen(path, () => done(true))
    })
    if (bound) {
      server.unref()
      return { release: () => new Promise((done) => server.close(() => done())) }
    }
    if (await answers(path)) break
    await rm(path, { force: true })
    await after(10)
  }
  throw new Error(`another sandbox holds ${dir}`)
}

function answers(path: string): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect(path)
    socket.once('connect', () => {
      socket.destroy()
      done(true)
    })
    socket.once('error', () => done(false))
  })
}
