// PyMongo as an application in a process of its own (pymongo-application.py): a second driver, independent of the official Node one:
// its first hello is OP_MSG, its SCRAM and its server discovery are its own. It is not ours to install: whoever runs the
// suite may have it, under the python3 on the path or the one that POSTERN_PYTHON names.

import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('pymongo-application.py', import.meta.url))

type Compressor = 'zlib' | 'snappy' | 'zstd'

/** What PyMongo imports to speak each compressor; zstd came into Python itself with 3.14, and is `backports.zstd` before. */
const imports: Readonly<Record<Compressor, string>> = {
  zlib: 'import zlib',
  snappy: 'import snappy',
  zstd: 'import sys; sys.version_info >= (3, 14) or __import__("backports.zstd")',
}

const python = process.env.POSTERN_PYTHON ?? 'python3'

/** Why PyMongo cannot be run with this compressor here; null when it can. */
export function pymongoMissing(compressor: Compressor | null = null): string | null {
  const wanted = compressor === null ? 'import pymongo' : `import pymongo; ${imports[compressor]}`
  try {
    execFileSync(python, ['-c', wanted], { stdio: 'pipe' })
    return null
  } catch (error) {
    const said = error instanceof Error ? error.message.trim().split('\n').at(-1) : String(error)
    return `${python} (or what POSTERN_PYTHON names) cannot run "${wanted}": ${said}`
  }
}

interface Discovered {
  readonly event: 'discovered'
  readonly version: string
  /** `host:port` of everything that any answer to hello named. */
  readonly names: readonly string[]
  readonly nodes: readonly string[]
  readonly hello: { readonly hosts: readonly string[]; readonly me: string; readonly primary: string }
  /** What the member agreed to, of what was asked for. */
  readonly compression: readonly string[]
  readonly found: string
}

interface Writing {
  readonly event: 'writing'
  readonly acknowledged: number
}

interface Done {
  readonly event: 'done'
  readonly acknowledged: number
  readonly errors: readonly string[]
  readonly lost: readonly number[]
  readonly names: readonly string[]
}

interface PymongoOptions {
  /** Its seed list is what is discovered from. */
  readonly uri: string
  readonly user: { readonly username: string; readonly password: string }
  readonly compressor?: Compressor | null
}

interface Pymongo {
  readonly discovered: () => Promise<Discovered>
  /** Resolves after 100 more acknowledged writes. */
  readonly wrote: () => Promise<Writing>
  /** Ends the writing; resolves when all was read back. */
  readonly done: () => Promise<Done>
  readonly kill: () => void
}

/** Starts the script. Each answer rejects, with what it said, when the script ends instead. */
export function startPymongo({ uri, user, compressor = null }: PymongoOptions): Pymongo {
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(python, [script], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      PYTHONDONTWRITEBYTECODE: '1',
      URI: uri,
      MONGO_USER: user.username,
      MONGO_PASSWORD: user.password,
      COMPRESSORS: compressor ?? '',
    },
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  // It may be gone already; that is told by the answer that does not come.
  child.stdin.on('error', () => {})
  child.on('error', (error) => {
    said += error.message
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async <Event extends { readonly event: string }>(event: Event['event']): Promise<Event> => {
    const { value, done } = await lines.next()
    if (done === true) throw new Error(`PyMongo ended before it was ${event}: ${said}`)
    const told = JSON.parse(value) as Event
    if (told.event !== event) throw new Error(`PyMongo was ${told.event}, not ${event}`)
    return told
  }
  return {
    discovered: () => next<Discovered>('discovered'),
    wrote: () => {
      child.stdin.write('on\n')
      return next<Writing>('writing')
    },
    done: () => {
      child.stdin.end()
      return next<Done>('done')
    },
    kill: () => child.kill('SIGKILL'),
  }
}
