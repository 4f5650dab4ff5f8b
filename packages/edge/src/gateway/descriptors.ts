// How many connections this process has descriptors for: each takes one for its client and one for its member. A gateway
// that finds out by running out of them can refuse nobody with a reason, and dials nobody for those who are in already; so
// it stops before.

import { readFileSync } from 'node:fs'

export interface Descriptors {
  /** As many as the process may have open; null: not known. */
  readonly limit: number | null
  /** For one connection. */
  readonly each: number
}

/** For files, the control plane, the queue of a listener, and connections that are being closed. */
const forAllElse = 128

/** `taken`: descriptors that others need. At least one, or nobody would learn what is wrong. */
export const connectionsFor = ({ limit, each }: Descriptors, taken: number): number =>
  limit === null ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor((limit - forAllElse - taken) / each))

/** Of this process; null where the system does not say. Node.js has raised it as far as it may (`ulimit -Hn`) when it began. */
export function descriptorLimit(): number | null {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return soft === undefined ? null : Number(soft)
  } catch {
    return null
  }
}

const missing: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE'])

/** What is said of a dial that failed for want of one, which is no fault of the member; null: it failed for another reason. */
export const outOfDescriptors = (code: string): { readonly code: string; readonly reason: string } | null =>
  missing.has(code)
    ? { code: 'NO_DESCRIPTORS', reason: `${code}: no descriptor is left for the member; raise the limit (ulimit -n)` }
    : null
