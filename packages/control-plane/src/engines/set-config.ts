// A set's configuration, by which members are known that no hello names: hidden ones, and those that lag behind on purpose.
// It takes somebody who may ask (`clusterMonitor` or more).

import { MongoClient, MongoServerError } from 'mongodb'
import { z } from 'zod'
import type { HiddenUnknown, Reach } from './engine.ts'
import { clientOptions, directUri } from './member-client.ts'

export interface ConfigMember {
  /** `host:port` in lower case. */
  readonly hostPort: string
  readonly role: 'hidden' | 'delayed' | null
}

export interface SetConfig {
  readonly members: readonly ConfigMember[]
  /** Null: it was read. */
  readonly unknown: HiddenUnknown | null
}

const reply = z.object({
  config: z.object({
    members: z.array(
      z.object({
        host: z.string(),
        hidden: z.boolean().optional(),
        // A Long, as the driver reads it, is a number here; `slaveDelay` before MongoDB 5.
        secondaryDelaySecs: z.coerce.number().optional(),
        slaveDelay: z.coerce.number().optional(),
      }),
    ),
  }),
})

/** Unauthorized, AuthenticationFailed, CommandNotFound: whoever asks is not who may. */
const notForUs: ReadonlySet<unknown> = new Set([13, 18, 59])

/** Who is there to ask for it; null: nobody. */
export const whoAsks = ({ admin, monitor }: Pick<Reach, 'admin' | 'monitor'>): Reach['admin'] => admin ?? monitor

/** Never rejects. */
export const readSetConfig = async (
  hostPort: string,
  reach: Pick<Reach, 'tls' | 'admin' | 'monitor'>,
): Promise<SetConfig> => {
  const admin = whoAsks(reach)
  if (admin === null) return { members: [], unknown: 'NOT_TOLD' }
  const client = new MongoClient(directUri(hostPort), clientOptions({ tls: reach.tls, admin }, true))
  try {
    const { config } = reply.parse(await client.db('admin').command({ replSetGetConfig: 1 }))
    return {
      members: config.members.map(({ host, hidden, secondaryDelaySecs, slaveDelay }) => ({
        hostPort: host.toLowerCase(),
        role: hidden === true ? 'hidden' : (secondaryDelaySecs ?? slaveDelay ?? 0) > 0 ? 'delayed' : null,
      })),
      unknown: null,
    }
  } catch (error) {
    const refused = error instanceof MongoServerError && notForUs.has(error.code)
    return { members: [], unknown: refused ? 'NOT_TOLD' : 'UNREAD' }
  } finally {
    await client.close()
  }
}
