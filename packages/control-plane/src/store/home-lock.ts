// One holder per folder. PGlite takes no lock of its own, and two processes on one data folder silently lose rows, so
// the folder is held before it is opened. A lock file outlives a killed process; a listening socket does not: on Linux
// it is an abstract socket (gone with its process, one per network namespace), on Windows a named pipe, elsewhere a
// socket file whose holder is asked whether it lives. Whoever connects is told who holds the folder.

import { createHash } from 'node:crypto'
import { link, mkdir, realpath, rename, rm, stat } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Who holds a folder; null where the holder did not say so in time. */
export interface HomeHolder {
  readonly pid: number | null
  /** ISO time. */
  readonly started: string | null
  readonly url: string | null
}

export interface HomeLock {
  /** Tells those who ask from now on which URL the holder serves. */
  readonly tell: (about: { readonly url: string }) => void
  readonly release: () => Promise<void>
}

export type HomeLockResult = HomeLock | { readonly heldBy: HomeHolder }

/** Another process holds the folder; the sentence names it. */
export class HomeHeld extends Error {
  override readonly name = 'HomeHeld'
  readonly heldBy: HomeHolder

  constructor(dir: string, heldBy: HomeHolder) {
    const who = heldBy.pid === null ? 'another process' : `process ${heldBy.pid}`
    const since = heldBy.started === null ? '' : `, started ${heldBy.started}`
    const where = heldBy.url === null ? '' : `, serving ${heldBy.url}`
    super(`${dir} is in use by ${who}${since}${where}. Stop it first, or choose another home.`)
    this.heldBy = heldBy
  }
}

export type LockStyle = 'abstract' | 'pipe' | 'file'

const styleHere = (): LockStyle =>
  process.platform === 'linux' ? 'abstract' : process.platform === 'win32' ? 'pipe' : 'file'

const lockPath = (style: LockStyle, key: string): string => {
  if (style === 'abstract') return `\0postern:${key}`
  if (style === 'pipe') return `\\\\.\\pipe\\postern-${key}`
  // Socket paths end at 104 bytes on macOS: the folder's own path may be longer.
  return join(tmpdir(), `postern-${key}.lock`)
}

const attempts = 8
const askMs = 2000
const answerLimit = 4096

/**
 * Takes `dir` (made when missing) for this process, or answers who has it. The lock ends with the process, however
 * that ends. Rejects only when the folder cannot be made or a socket cannot be opened at all.
 */
export const lockHome = async (
  dir: string,
  about: { readonly url?: string } = {},
  style: LockStyle = styleHere(),
): Promise<HomeLockResult> => {
  await mkdir(dir, { recursive: true, mode: 0o700 })
  const key = createHash('sha256')
    .update(await realpath(dir))
    .digest('hex')
    .slice(0, 32)
  const path = lockPath(style, key)
  let holder: HomeHolder = { pid: process.pid, started: new Date().toISOString(), url: about.url ?? null }

  for (let attempt = 1; attempt <= attempts; attempt++) {
    const server = await listen(path, () => holder)
    if (server !== null) {
      return {
        tell: ({ url }) => {
          holder = { ...holder, url }
        },
        release: () => new Promise((resolve) => server.close(() => resolve())),
      }
    }
    const before = style === 'file' ? await inode(path) : null
    const heldBy = await ask(path)
    if (heldBy !== null) return { heldBy }
    if (before !== null) await clearStale(path, before)
  }
  return { heldBy: { pid: null, started: null, url: null } }
}

const listen = (path: string, holder: () => HomeHolder): Promise<Server | null> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => {})
      socket.end(JSON.stringify(holder()))
    })
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(null) : reject(error),
    )
    server.listen(path, () => {
      server.unref()
      resolve(server)
    })
  })

/** null: nobody listens there any more. A holder that does not answer in time is still a holder. */
const ask = (path: string): Promise<HomeHolder | null> =>
  new Promise((resolve) => {
    let text = ''
    let connected = false
    const socket = connect(path)
    const done = (): void => {
      socket.destroy()
      resolve(connected ? parseHolder(text) : null)
    }
    socket.setEncoding('utf8')
    socket.setTimeout(askMs, done)
    socket.on('connect', () => {
      connected = true
    })
    socket.on('data', (part: string) => {
      text += part
      if (text.length > answerLimit) done()
    })
    socket.on('end', done)
    socket.on('error', done)
  })

const parseHolder = (text: string): HomeHolder => {
  const fields = parseObject(text)
  return {
    pid: Number.isSafeInteger(fields.pid) ? (fields.pid as number) : null,
    started: typeof fields.started === 'string' ? fields.started : null,
    url: typeof fields.url === 'string' ? fields.url : null,
  }
}

const parseObject = (text: string): Readonly<Record<string, unknown>> => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

const inode = async (path: string): Promise<number | null> => (await stat(path).catch(() => null))?.ino ?? null

// Two starters may find the same dead socket: the slower one must not take away the file that the faster one has made
// meanwhile. So the file is moved aside first and put back when it is not the dead one.
const clearStale = async (path: string, dead: number): Promise<void> => {
  const aside = `${path}.${process.pid}`
  try {
    await rename(path, aside)
  } catch {
    return
  }
  if ((await inode(aside)) !== dead) await link(aside, path).catch(() => {})
  await rm(aside, { force: true })
}
