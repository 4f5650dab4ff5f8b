// A set's configuration, by which members are known that no hello names: hidden ones, and those that lag behind on purpose.
// It takes somebody who may ask (`clusterMonitor` or more). Without, only a member that is known already is told apart: by
// its own hello.

import { MongoClient, MongoServerError } from 'mongodb'
import { z } from 'zod'
import { type Apart, apart, apartFields } from './apart.ts'
import type { HiddenUnknown, Reach } from './engine.ts'
import { clientOptions, directUri } from './member-client.ts'

export interface ConfigMember {
  /** `host:port` in lower case. */
  readonly hostPort: string
  readonly role: Apart
}

export interface SetConfig {
  readonly members: readonly ConfigMember[]
  /** Null: it was read. */
  readonly unknown: HiddenUnknown | null
}

const reply = z.object({ config: z.object({ members: z.array(apartFields.extend({ host: z.string() })) }) })

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
      members: config.members.map(({ host, ...told }) => ({ hostPort: host.toLowerCase(), role: apart(told) })),
      unknown: null,
    }
  } catch (error) {
    const refused = error instanceof MongoServerError && notForUs.has(error.code)
    return { members: [], unknown: refused ? 'NOT_TOLD' : 'UNREAD' }
  } finally {
    await client.close()
  }
}
