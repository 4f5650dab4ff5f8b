// Ports for members: chosen once, outside the range that systems hand out to outgoing connections, so that nobody
// takes one by chance while the sandbox is down.
import { createServer } from 'node:net'
import { listen } from './member.ts'

const first = 20_000
const count = 12_000

export type Choosing = {
  readonly address: string
  readonly howMany: number
  /** Ports that belong to other members, listening or not. */
  readonly taken: ReadonlySet<number>
  /** A number in [0, 1). */
  readonly random: () => number
}

/**
 * As many free ports as wanted.
 * @throws Error when the range is exhausted
 */
export async function choosePorts({ address, howMany, taken, random }: Choosing): Promise<readonly number[]> {
  const start = Math.floor(random() * count)
  const ports: number[] = []
  for (let step = 0; step < count && ports.length < howMany; step += 1) {
    const port = first + ((start + step) % count)
    if (!taken.has(port) && (await isFree(address, port))) ports.push(port)
  }
  if (ports.length < howMany) throw new Error(`no free port between ${first} and ${first + count}`)
  return ports
}

async function isFree(address: string, port: number): Promise<boolean> {
  const server = createServer()
  try {
    await listen(server, { host: address, port })
    return true
  } catch {
    return false
  } finally {
    server.close()
  }
}
