// What a caller asks of the server itself: its own address as seen from here, is it alive, is it ready.

import { createHash } from 'node:crypto'
import { AtlasError } from '@postern/contract/errors'
import { routes } from '@postern/contract/routes'
import { sql } from 'kysely'
import { actorOf } from '../../http/actor-of.ts'
import type { Actor, Handlers } from '../../http/handler.ts'
import { parseRange, plainAddress } from '../../identity/address-range.ts'
import type { Parts } from '../../parts.ts'
import { migrationsHash } from '../../store/migrations.ts'
import { rolesOfKeys } from '../api-key/view.ts'

/** Atlas names a commit here. Ours changes with what the server answers and with what it stores. */
const build = createHash('sha1')
  .update(`${JSON.stringify(routes)} ${migrationsHash}`)
  .digest('hex')

const defaultMajorVersion = '8.0'

export const serverHandlers = (
  parts: Parts,
): Handlers<'getSystemStatus' | 'getIpInfo' | 'getDefaultMongoDBMajorVersion' | 'getHealth' | 'getReadiness'> => ({
  getSystemStatus: async (call) => ({
    body: {
      apiKey: await callersKey(parts, actorOf(call)),
      appName: 'MongoDB Atlas',
      build,
      links: [{ href: call.link('/api/atlas/v2'), rel: 'self' }],
      throttling: false,
    },
  }),

  getIpInfo: async ({ sourceAddress }) => ({ body: { currentIpv4Address: plainAddress(sourceAddress) } }),

  /** What the official CLI's set-up offers for a new cluster; recorded as plain text, asked without credentials. */
  getDefaultMongoDBMajorVersion: async () => ({
    body: defaultMajorVersion,
    headers: { 'content-type': 'text/plain;charset=iso-8859-1' },
  }),

  /** The process answers: nothing else is asked of it. */
  getHealth: async () => ({ body: { status: 'ok' } }),

  /** The store answers too. */
  getReadiness: async () => {
    await sql`select 1`.execute(parts.store.read).catch((cause: unknown) => {
      throw new AtlasError('SERVICE_UNAVAILABLE', {}, { cause })
    })
    return { body: { status: 'ready' } }
  },
})

/** What the caller's own key may do and from where; null where the caller is none. */
const callersKey = async (parts: Parts, { kind, id, name }: Actor) => {
  if (kind !== 'API_KEY') return null
  const entries = await parts.store.read
    .selectFrom('caller_access_entry')
    .select('cidr')
    .where('holder_kind', '=', 'API_KEY')
    .where('holder_id', '=', id)
    .orderBy('created')
    .orderBy('cidr')
    .execute()
  return {
    accessList: entries.map(({ cidr }) => ({ cidrBlock: cidr, ipAddress: parseRange(cidr)?.single ?? null })),
    id,
    publicKey: name,
    roles: (await rolesOfKeys(parts.store.read, { ids: [id] })).get(id) ?? [],
  }
}
