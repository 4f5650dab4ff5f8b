// What a caller asks of the server itself: its own address as seen from here, is it alive, is it ready.

import { AtlasError } from '@postern/contract/errors'
import { sql } from 'kysely'
import type { Handlers } from '../../http/handler.ts'
import type { Parts } from '../../parts.ts'

const defaultMajorVersion = '8.0'

export const serverHandlers = (
  parts: Parts,
): Handlers<'getIpInfo' | 'getDefaultMongoDBMajorVersion' | 'getHealth' | 'getReadiness'> => ({
  getIpInfo: async ({ sourceAddress }) => ({ body: { currentIpv4Address: ipv4Of(sourceAddress) } }),

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

/** IPv6 sockets show IPv4 callers as `::ffff:a.b.c.d`, and this machine as `::1`. */
const ipv4Of = (address: string): string =>
  address === '::1' ? '127.0.0.1' : (/^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address)
