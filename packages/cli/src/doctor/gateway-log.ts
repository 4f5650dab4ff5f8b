// What the gateway logged of connections that this program made, where the home whose edge wrote the log is on this
// machine: found by the client's own host and port, which the PROXY header carries.

import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

export interface GatewayLine {
  /** Its id, as everywhere; null where the line has none. */
  readonly connection: string | null
  readonly source: string
  readonly side: string
  readonly code: string
  readonly reason: string
  /** Milliseconds since 1970. */
  readonly time: number
}

const lastBytes = 256 * 1024
const looks = 10
const betweenMs = 100

/** Null where no log is at hand. Waits up to a second for lines that are still on their way. Never rejects. */
export async function refusalsOf(
  home: string | undefined,
  sources: ReadonlySet<string>,
  since: number,
): Promise<readonly GatewayLine[] | null> {
  if (home === undefined) return null
  for (let look = 1; ; look += 1) {
    const text = await tail(join(home, 'logs', 'edge.log'))
    if (text === null) return null
    const found = text
      .split('\n')
      .filter((line) => line.includes('"connection '))
      .flatMap(parseLine)
      .filter(({ source, time }) => sources.has(source) && time >= since)
    if (look === looks || new Set(found.map(({ source }) => source)).size === sources.size) return found
    await wait(betweenMs)
  }
}

async function tail(file: string): Promise<string | null> {
  try {
    const handle = await open(file)
    try {
      const { size } = await handle.stat()
      const from = Math.max(0, size - lastBytes)
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from)
      return buffer.toString('utf8', 0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch {
    return null
  }
}

function parseLine(line: string): readonly GatewayLine[] {
  try {
    const said = JSON.parse(line) as Readonly<Record<string, unknown>>
    const { connection, source, side, code, reason, time } = said
    if (typeof source !== 'string' || typeof code !== 'string') return []
    const id = typeof connection === 'string' ? connection : null
    return [{ connection: id, source, code, side: String(side), reason: String(reason), time: timeOf(time) }]
  } catch {
    return []
  }
}

const timeOf = (time: unknown): number => (typeof time === 'number' ? time : Date.parse(String(time)))
