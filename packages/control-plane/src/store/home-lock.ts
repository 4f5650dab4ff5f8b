// One holder per folder. PGlite takes no lock of its own, and two processes on one data folder silently lose rows, so
// the folder is held before it is opened. A lock file outlives a killed process; a listening socket does not: on Linux
// it is an abstract socket (gone with its process, one per network namespace), on Windows a named pipe, elsewhere
// numbered socket files (generations.ts). Whoever connects is told who holds the folder.

import { createHash } from 'node:crypto'
import { realpath } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeFolder } from './folder.ts'
import { clearOlder, leaveTombstone, newestGeneration, pathOfGeneration } from './generations.ts'

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

// A socket's path ends at 104 bytes on macOS: a folder with a longer one is locked beside it.
const longestFolder = 80

const lockPath = {
  abstract: ({ key }) => `\0postern:${key}`,
  pipe: ({ key }) => `\\\\.\\pipe\\postern-${key}`,
  file: ({ folder, key }) =>
    folder.length <= longestFolder ? join(folder, 'lock') : join(tmpdir(), `postern-${key}.lock`),
} as const satisfies Record<LockStyle, (of: { readonly folder: string; readonly key: string }) => string>

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
  makeFolder(dir)
  const folder = await realpath(dir)
  const path = lockPath[style]({ folder, key: createHash('sha256').update(folder).digest('hex').slice(0, 32) })
  const take = style === 'file' ? takeNextNumber : takeName
  let holder: HomeHolder = { pid: process.pid, started: new Date().toISOString(), url: about.url ?? null }
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const taken = await take(path, () => holder)
    if (taken === null) continue
    if ('heldBy' in taken) return taken
    const { server, beforeEnd } = taken
    process.once('exit', beforeEnd)
    return {
      tell: ({ url }) => {
        holder = { ...holder, url }
      },
      release: () => {
        process.off('exit', beforeEnd)
        beforeEnd()
        return new Promise((resolve) => server.close(() => resolve()))
      },
    }
  }
  return { heldBy: { pid: null, started: null, url: null } }
}

/** null: somebody came or went meanwhile; try again. `beforeEnd` is called once, before the socket is closed. */
type Taken = { readonly server: Server; readonly beforeEnd: () => void } | { readonly heldBy: HomeHolder } | null

const takeName = async (path: string, holder: () => HomeHolder): Promise<Taken> => {
  const server = await listen(path, holder)
  if (server !== null) return { server, beforeEnd: () => {} }
  const heldBy = await ask(path)
  return heldBy === null ? null : { heldBy }
}

const takeNextNumber = async (folder: string, holder: () => HomeHolder): Promise<Taken> => {
  makeFolder(folder)
  const newest = await newestGeneration(folder)
  const heldBy = newest === 0 ? null : await ask(pathOfGeneration(folder, newest))
  if (heldBy !== null) return { heldBy }
  const own = newest + 1
  const server = await listen(pathOfGeneration(folder, own), holder)
  if (server === null) return null
  if ((await newestGeneration(folder)) === own) {
    await clearOlder(folder, own)
    return { server, beforeEnd: () => leaveTombstone(folder, own + 1) }
  }
  // Whoever took a later number has cleared this one, and so it was free once more.
  await new Promise((resolve) => server.close(resolve))
  return null
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
