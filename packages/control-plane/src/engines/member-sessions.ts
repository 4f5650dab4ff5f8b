// Who is connected to a member, by its own word: MongoDB's `$currentOp`, which shows each connection with what its client
// said of itself. Asked as the deployment's administrator, of one member, whichever role it has.

import { MongoClient, MongoServerError, ReadPreference } from 'mongodb'
import { z } from 'zod'
import { refusedHost, splitHostPort } from './dial-guard.ts'
import type { Reach } from './engine.ts'
import { clientOptions, directUri } from './member-client.ts'

/** A client's connection to a member. */
export interface MemberSession {
  /** The member's own number. */
  readonly id: number
  /** As the member sees it. */
  readonly host: string
  readonly port: number
  readonly appName: string | null
  /** `nodejs 7.9.0`. */
  readonly driver: string | null
  /** `admin.app`; null where nobody has signed in. */
  readonly user: string | null
}

/** The administrator may not see others' connections. */
export class SessionsNotShown extends Error {
  override readonly name = 'SessionsNotShown'
}

const unauthorized = 13

const sessionSchema = z.object({
  connectionId: z.number(),
  client: z.string(),
  appName: z.string().optional(),
  clientMetadata: z.object({
    driver: z.object({ name: z.string(), version: z.string().optional() }).optional(),
  }),
  effectiveUsers: z.array(z.object({ user: z.string(), db: z.string() })).optional(),
})

/**
 * Those that have said hello, but for the deployment's own members and agents and for Postern's. Rejects with
 * SessionsNotShown, or with what the driver says of a member that does not answer.
 */
export const memberSessions = async (hostPort: string, reach: Reach): Promise<readonly MemberSession[]> => {
  const problem = refusedHost(splitHostPort(hostPort).host)
  if (problem !== null) throw new Error(problem)
  const client = new MongoClient(directUri(hostPort), clientOptions(reach, true))
  try {
    const shown = client
      .db('admin', { readPreference: ReadPreference.nearest })
      .aggregate([
        { $currentOp: { allUsers: true, idleConnections: true, localOps: true } },
        { $match: { client: { $exists: true }, clientMetadata: { $exists: true } } },
        { $project: { connectionId: 1, client: 1, appName: 1, 'clientMetadata.driver': 1, effectiveUsers: 1 } },
      ])
    const found = new Map<number, MemberSession>()
    for await (const document of shown) {
      const session = sessionOf(document)
      if (session !== null) found.set(session.id, session)
    }
    return [...found.values()]
  } catch (error) {
    if (error instanceof MongoServerError && error.code === unauthorized) throw new SessionsNotShown(error.message)
    throw error
  } finally {
    await client.close()
  }
}

const sessionOf = (document: unknown): MemberSession | null => {
  const parsed = sessionSchema.safeParse(document)
  if (!parsed.success) return null
  const { connectionId, client, appName = null, clientMetadata, effectiveUsers = [] } = parsed.data
  const { driver } = clientMetadata
  const [user] = effectiveUsers
  if (user?.user === '__system' || isOwn(appName, driver?.name ?? '')) return null
  return {
    id: connectionId,
    ...splitHostPort(client),
    appName,
    driver: driver === undefined ? null : [driver.name, driver.version].filter(Boolean).join(' '),
    user: user === undefined ? null : `${user.db}.${user.user}`,
  }
}

/** Postern's own, and those by which MongoDB's servers and agents look after a deployment. */
const isOwn = (appName: string | null, driver: string): boolean =>
  /^postern (control plane|doctor)$/.test(appName ?? '') ||
  /^MongoDB (Automation Agent|Monitoring Module|Backup Module)/.test(appName ?? '') ||
  driver.startsWith('NetworkInterfaceTL') ||
  // The old shell is one as well, and says its name.
  (driver === 'MongoDB Internal Client' && appName !== 'MongoDB Shell')
