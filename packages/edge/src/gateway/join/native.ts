// The relay's native part (packages/edge/native/), as JavaScript has it: a thread that carries connections which only work.
// It is there where somebody has built it (`npm run native`); nothing needs it.

import { existsSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One direction as the thread has left it. */
interface GivenWay {
  /** Bytes of the message that is passing. */
  readonly left: number
  /** The first bytes of the next message, not counted and not sent. */
  readonly head: Buffer
  /** Counted and not sent. */
  readonly unsent: Buffer
  /** Errno of the sender's side and of the receiver's; 0: none. */
  readonly readError: number
  readonly writeError: number
}

/** A connection that is given back: its two descriptors, and where its talk stands. */
export interface Given {
  readonly client: number
  readonly member: number
  readonly bytesFromClient: number
  readonly bytesFromMember: number
  readonly count: number
  readonly awaited: number
  readonly unanswered: Buffer | null
  readonly requests: GivenWay
  readonly replies: GivenWay
}

/** Every call is done when it returns. */
export interface Native {
  /** `somebodyReturned` is called soon after the thread has let go of a connection; see `returned`. Once. */
  start(somebodyReturned: () => void): void
  /** Duplicates two descriptors and carries on between them; 0 where it cannot. Those of one endpoint share its turns. */
  take(client: number, member: number, endpoint: number): number
  /** Bytes from the client and the member, requests, milliseconds since the last byte, and 1 where nothing is on its way. */
  look(id: number, into: Float64Array): void
  /** Which ones it has let go of since the last call. */
  returned(): readonly number[]
  /** Ends its work for one; null where there is none. The descriptors are the caller's then. */
  back(id: number): Given | null
  /** Closes both descriptors, and says its last counts as `look` does; false where there is no such connection. */
  close(id: number, into: Float64Array): boolean
}

/** Of this platform. Node-API's functions are the same in every version of Node.js. */
export const nativeFile = `relay-${process.platform}-${process.arch}.node`

/** Beside the bundle, or where the sources build it. */
const place = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? `../../../native/${nativeFile}` : nativeFile, import.meta.url),
)

/** The native part, or why there is none, and whether it was built. One for each thread of JavaScript, however often it is asked for. */
export function loadNative(): { readonly native: Native } | { readonly why: string; readonly built: boolean } {
  if (process.platform !== 'linux')
    return { built: false, why: `the relay is for Linux, and this is ${process.platform}` }
  if (!existsSync(place)) return { built: false, why: `${place} is not built (npm run native)` }
  if (isStale(place)) return { built: true, why: `${place} is older than its sources (npm run native)` }
  try {
    return { native: createRequire(import.meta.url)(place) as Native }
  } catch (error) {
    return { built: true, why: error instanceof Error ? error.message : String(error) }
  }
}

/** Whether sources that lie beside it are newer, as after a pull. Beside the bundle lie none. */
export function isStale(built: string): boolean {
  const at = statSync(built).mtimeMs
  return readdirSync(dirname(built)).some(
    (name) => /\.(cc|h)$/.test(name) && statSync(join(dirname(built), name)).mtimeMs > at,
  )
}
